"""All maps of a layer as one PNG file. Knows arrays and colours; not networks, not Plotly."""

import io
import math

import numpy as np
from PIL import Image

from explorer.figures.colours import DIVERGING, SEQUENTIAL
from explorer.probe.maps import LayerMaps

SMALLEST = 64  # pixels that a map's longer side has at least: enlarged in whole steps, so that cells stay cells


def tile_png(maps: LayerMaps, *, dark: bool) -> bytes:
    """The layer's maps in reading order, on one colour scale for the layer, with a line of two pixels between them."""
    theme = "dark" if dark else "light"
    high = float(max(abs(maps.lows.min()), abs(maps.highs.max()))) or 1.0
    low = -high if maps.signed else 0.0
    table = colour_table((DIVERGING if maps.signed else SEQUENTIAL)[theme])
    values = np.nan_to_num(maps.values, nan=low, posinf=high, neginf=low)
    colours = table[np.clip(np.rint((values - low) * (255 / (high - low))), 0, 255).astype(np.uint8)]

    count, height, width = maps.values.shape
    scale = max(1, SMALLEST // max(height, width)) if height * width > 1 else 16
    colours = colours.repeat(scale, axis=1).repeat(scale, axis=2)
    sheet = laid_out(colours, columns=math.ceil(math.sqrt(count)), gap=2)
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return file.getvalue()


def laid_out(tiles: np.ndarray, columns: int, gap: int, fill: int = 128) -> np.ndarray:
    """Tiles uint8 (n, h, w, planes) in reading order, `gap` pixels of `fill` between them: uint8 (H, W, planes)."""
    count, height, width, planes = tiles.shape
    rows = math.ceil(count / columns)
    tall, wide = height + gap, width + gap
    sheet = np.full((rows * tall - gap, columns * wide - gap, planes), fill, np.uint8)
    for index, tile in enumerate(tiles):
        top, left = index // columns * tall, index % columns * wide
        sheet[top : top + height, left : left + width] = tile
    return sheet


def colour_table(anchors: tuple[str, ...]) -> np.ndarray:
    """Anchor colours → uint8 (256, 3)."""
    colours = np.array([[int(anchor[i : i + 2], 16) for i in (1, 3, 5)] for anchor in anchors])
    at = np.linspace(0, len(anchors) - 1, 256)
    mixed = [np.interp(at, range(len(anchors)), colours[:, plane]) for plane in range(3)]
    return np.rint(np.stack(mixed, axis=1)).astype(np.uint8)
