"""A scan's result as JSON, and in a folder. Knows records and files; not how anything was found, not screens."""

import json
from pathlib import Path

import numpy as np

from explorer.errors import ExplorerError
from explorer.scan.scan import Scan
from explorer.scan.sheet import cut, sheet_png
from explorer.words import counted


def report(scan: Scan) -> dict[str, object]:
    """Plain values: what was scanned, the state's size, and each layer's best and least per channel, with their boxes' size."""
    window = {name: field.window.as_json() if field.window else None for name, field in scan.fields.items()}
    found = scan.found.as_json()
    for layer in found["layers"]:
        layer["receptive_field"] = window.get(layer["name"])
    return {
        "network": scan.wish.network,
        "data": scan.pictures.title,
        "pictures": scan.pictures.count,
        "state_bytes": scan.state.ranking.nbytes,
        **found,
    }


def write_all(scan: Scan, folder: Path) -> None:
    """FOLDER/top_patches.json, and for each layer FOLDER/LAYER_best.png and FOLDER/LAYER_least.png.

    Raises ExplorerError where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "top_patches.json").write_text(json.dumps(report(scan), indent=1) + "\n", encoding="utf-8")
        for layer in scan.found.layers:
            for end in ("best", "least"):
                sheet = cut(scan, layer.name, range(layer.channels), least=end == "least")
                (folder / f"{layer.name}_{end}.png").write_bytes(sheet_png(sheet))
    except OSError as error:
        raise ExplorerError(f"{folder} cannot be written ({error.strerror}): choose another folder.") from error


def summary(scan: Scan) -> str:
    """A few lines of text: what was looked at, and each layer's channel that was excited most."""
    found, name = scan.found, scan.pictures.name
    skipped = f", {found.skipped:,} of them unreadable" if found.skipped else ""
    title = f"{scan.spec.title} on {scan.pictures.title}: {counted(found.seen, 'picture')}{skipped}."
    lines = [f"{title} The state is {scan.state.ranking.nbytes / 1e3:,.1f} kB."]
    width = max((len(layer.name) for layer in found.layers), default=0)
    for layer in found.layers:
        scores = np.nan_to_num(layer.best.scores[:, 0], nan=-np.inf)
        best = int(scores.argmax())
        picture, row, column = (
            int(part[best, 0]) for part in (layer.best.pictures, layer.best.rows, layer.best.columns)
        )
        if picture >= 0:
            lines.append(
                f"{layer.name:<{width}}  {counted(layer.channels, 'channel')} of {layer.map[0]}×{layer.map[1]}; "
                f"highest: channel {best}, "
                f"{scores[best]:.4f} in {name(picture)} at row {row}, column {column}"
            )
    return "\n".join(lines)
