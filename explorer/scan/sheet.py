"""Patches cut out of their pictures, one by one or on one sheet. Knows pictures and boxes; not networks, not screens."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from explorer.errors import ExplorerError
from explorer.images.picture import to_rgb
from explorer.probe.fields import FieldOf
from explorer.probe.patches import Extremes
from explorer.scan.scan import Scan

Box = tuple[int, int, int, int]  # top, left, bottom, right; the last two are the first outside
MOST_SIDE = 64  # pixels of a tile; a larger one is shrunk
GAP, SMALLEST = 2, 32  # on a sheet
AT_ONCE = 16  # channels whose pictures are in memory


@dataclass(frozen=True, eq=False)
class Crop:
    """Some channels' patches of one layer.

    channels: which. tiles: uint8 (channels, k, h, w, 4), transparent outside the picture and outside the field. boxes: what
    the unit sees of the network's input, one for each tile; None where there is no picture, or none that can be read.
    """

    channels: tuple[int, ...]
    tiles: np.ndarray
    boxes: tuple[tuple[Box | None, ...], ...]


def cut(scan: Scan, layer: str, channels: Sequence[int], *, least: bool = False) -> Crop:
    """Crop the patches of these channels: reads the pictures anew. Raises ExplorerError for what the layer does not have."""
    found = scan.found.layer(layer)
    extremes = found.least if least else found.best
    if wrong := [channel for channel in channels if not 0 <= channel < found.channels]:
        raise ExplorerError(f"{layer} has no channel {wrong[0]}: choose 0 to {found.channels - 1}.")
    parts = [_cut_some(scan, layer, extremes, channels[at : at + AT_ONCE]) for at in range(0, len(channels), AT_ONCE)]
    tiles = np.concatenate([tiles for tiles, _ in parts])
    return Crop(tuple(channels), tiles, tuple(row for _, rows in parts for row in rows))


def _cut_some(scan: Scan, layer: str, extremes: Extremes, channels: Sequence[int]) -> tuple[np.ndarray, list[tuple]]:
    """Tiles and boxes of a few channels: only their pictures are in memory."""
    wanted = sorted({int(index) for index in extremes.pictures[list(channels)].ravel() if index >= 0})
    pictures = scan.pictures.look(wanted)
    tiles = np.zeros((len(channels), scan.wish.k, *tile_size(scan, layer), 4), np.uint8)
    boxes = []
    for at, channel in enumerate(channels):
        row = []
        for rank, index in enumerate(extremes.pictures[channel].tolist()):
            box = None
            if index in pictures:
                box, frame = boxes_of(scan, layer, extremes, channel, rank)
                tiles[at, rank] = _tile(pictures[index], box, frame)
            row.append(box)
        boxes.append(tuple(row))
    return _shrunk(tiles), boxes


def tile_size(scan: Scan, layer: str) -> tuple[int, int]:
    """Rows and columns of the layer's receptive field, at most the whole picture."""
    _, rows, columns = scan.spec.input_shape
    field: FieldOf | None = scan.fields.get(layer)
    if field is None or field.window is None:
        return rows, columns
    return min(rows, field.window.size[0]), min(columns, field.window.size[1])


def boxes_of(scan: Scan, layer: str, extremes: Extremes, channel: int, rank: int) -> tuple[Box, Box]:
    """What the unit at the position sees of the picture, and the frame it is shown in: as large as `tile_size`.

    At the border the frame reaches beyond the picture; along an axis where the field is as large as the picture the frame is
    the picture. Where a field is no box, both are the whole picture.
    """
    _, rows, columns = scan.spec.input_shape
    whole = (0, 0, rows, columns)
    field = scan.fields.get(layer)
    if field is None or field.window is None:
        return whole, whole
    row, column = int(extremes.rows[channel, rank]), int(extremes.columns[channel, rank])
    seen, free = field.box(row, column), field.box(row, column, clipped=False)
    if seen is None or free is None:
        return whole, whole
    height, width = tile_size(scan, layer)
    top, left = (
        0 if size == most else begin for size, most, begin in ((height, rows, free[0]), (width, columns, free[1]))
    )
    return seen, (top, left, top + height, left + width)


def framed(
    image: np.ndarray, box: Box, least_side: int = 320, colour: tuple[int, int, int] = (255, 75, 75)
) -> np.ndarray:
    """The whole picture with the box drawn on it, enlarged in whole steps to `least_side` or more: uint8 (H, W, 3)."""
    scale = max(1, -(-least_side // max(image.shape[:2])))
    large = np.ascontiguousarray(to_rgb(image)).repeat(scale, axis=0).repeat(scale, axis=1)
    top, left, bottom, right = (edge * scale for edge in box)
    for inset, shade in ((-1, (0, 0, 0)), (0, colour), (1, colour), (2, (0, 0, 0))):
        rows = np.clip([top + inset, bottom - 1 - inset], 0, large.shape[0] - 1)
        columns = np.clip([left + inset, right - 1 - inset], 0, large.shape[1] - 1)
        large[rows[0] : rows[1] + 1, columns] = shade
        large[rows, columns[0] : columns[1] + 1] = shade
    return large


def sheet_png(cut: Crop) -> bytes:
    """One line for each channel, its patches from the most extreme on: a PNG with transparent gaps."""
    lines, k, height, width, planes = cut.tiles.shape
    scale = max(1, SMALLEST // max(height, width))
    tiles = cut.tiles.repeat(scale, axis=2).repeat(scale, axis=3)
    tall, wide = height * scale + GAP, width * scale + GAP
    sheet = np.zeros((lines * tall - GAP, k * wide - GAP, planes), np.uint8)
    for line in range(lines):
        for rank in range(k):
            sheet[line * tall :, rank * wide :][: tall - GAP, : wide - GAP] = tiles[line, rank]
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return file.getvalue()


def _tile(image: np.ndarray, box: Box, frame: Box) -> np.ndarray:
    """The part of the picture that lies in the box, in its place within the frame: uint8 (h, w, 4)."""
    tile = np.zeros((frame[2] - frame[0], frame[3] - frame[1], 4), np.uint8)
    top, left = max(box[0], frame[0]), max(box[1], frame[1])
    bottom, right = min(box[2], frame[2]), min(box[3], frame[3])
    if top < bottom and left < right:
        place = tile[top - frame[0] : bottom - frame[0], left - frame[1] : right - frame[1]]
        place[..., :3], place[..., 3] = to_rgb(image)[top:bottom, left:right], 255
    return tile


def _shrunk(tiles: np.ndarray) -> np.ndarray:
    *front, height, width, _ = tiles.shape
    if max(height, width) <= MOST_SIDE:
        return tiles
    size = [max(1, MOST_SIDE * side // max(height, width)) for side in (width, height)]
    small = [
        np.asarray(Image.fromarray(tile).resize(size, Image.Resampling.BOX))
        for tile in tiles.reshape(-1, height, width, 4)
    ]
    return np.stack(small).reshape(*front, size[1], size[0], 4)
