"""The stepper on a page. Knows boards and the messages to and from the browser; computes nothing."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.boards import Board, Grid
from explorer.figures.colours import scales
from explorer.live import wire
from explorer.typed import cell
from explorer.ui import components
from explorer.words import written

LARGEST_VALUE = 1e9  # what may be typed into a cell
MOST_EDITS = 100  # that may wait for an answer at once


@dataclass(frozen=True)
class Edit:
    """Cells that the user changed in one grid: (plane, row, col, value) each, checked. serial: grows with every edit."""

    serial: int
    grid: str
    cells: tuple[tuple[int, int, int, float], ...]


def show(
    board: Board,
    *,
    key: str,
    token: str,
    step: int = 0,
    covered: bool = False,
    asked: str | None = None,
    guess: tuple[int, int] | None = None,
    on_guess: Callable[[tuple[int, int]], None] | None = None,
    on_edit: Callable[[Edit], None] | None = None,
    on_step: Callable[[int], None] | None = None,
) -> None:
    """Draw the stepper.

    token: changed by the page to start afresh at `step`; otherwise the browser keeps its place. covered: results are
    hidden until they are stepped over or asked for. asked: a grid in which a cell is to be clicked as a prediction; guess:
    the one (row, column) that was. on_guess, on_edit, on_step: called before the run that a click of such a cell, a change
    of cells, or a rest at another step has caused.
    """
    arrays, grids = [], {}
    for name, grid in board.grids.items():
        grids[name] = _grid_header(grid, len(arrays))
        arrays.append(np.asarray(grid.values, np.float64))
    results = {}
    for name, values in board.results.items():
        results[name] = len(arrays)
        arrays.append(np.asarray(values, np.float64))
    kernel_planes = None
    if "kernel" in board.roles and board.kind in ("convolution", "transposed"):
        kernel_planes = board.grids[board.roles["window"]].values.shape[0] // board.groups
        grids["kernel"]["planes"] = kernel_planes
    header = {
        "kind": board.kind,
        "grids": grids,
        "order": board.order,
        "extraOrder": board.extra,
        "links": [dataclasses.asdict(link) for link in board.links],
        "roles": dict(board.roles),
        "alike": dict(board.alike),
        "window": {name: getattr(board.window, name) for name in ("kernel", "stride", "dilation")},
        "perChannel": board.per_channel,
        "groups": board.groups,
        "bias": board.bias,
        "activation": board.activation,
        "terms": board.terms,
        "finish": board.finish,
        "colours": scales(),
        "covered": covered,
        "asked": asked,
        "guess": guess,
        "token": token,
        "step": step,
        "acknowledged": st.session_state.get(f"{key} acknowledged", 0),
        "results": results,
    }
    count = board.grids[board.roles["place"]].values.size

    def hear_step() -> None:
        message = st.session_state[key].get("step")
        if on_step and isinstance(message, int) and not isinstance(message, bool) and 0 <= message < count:
            on_step(message)

    def hear_guess() -> None:
        if not (on_guess and asked):
            return
        if told := cell(st.session_state[key].get("guess"), board.grids[asked].values.shape[1:]):
            on_guess(told)

    def hear_edit() -> None:
        try:
            for edit in read_edits(st.session_state[key].get("edited"), board):
                if on_edit and edit.serial > st.session_state.get(f"{key} acknowledged", 0):
                    on_edit(edit)
                    st.session_state[f"{key} acknowledged"] = edit.serial
        except ExplorerError as error:
            st.session_state[f"{key} error"] = str(error)

    if message := st.session_state.pop(f"{key} error", None):
        st.error(message)
    components.stepper(
        key=key,
        data=wire.pack(header, arrays),
        on_step_change=hear_step,
        on_guess_change=hear_guess,
        on_edited_change=hear_edit,
        height="stretch",
    )


def _grid_header(grid: Grid, array: int) -> dict[str, object]:
    planes, rows, cols = grid.values.shape
    return {
        "title": grid.title,
        "planes": planes,
        "rows": rows,
        "cols": cols,
        "signed": grid.signed,
        "editable": grid.editable,
        "names": list(grid.names) if grid.names else None,
        "border": grid.border.ravel().astype(int).tolist() if grid.border is not None else None,
        "pad": grid.pad,
        "range": grid.range,
        "late": grid.late,
        "borderText": grid.border_text,
        "array": array,
    }


def read_edits(message: object, board: Board) -> list[Edit]:
    """The browser's edits, checked: known editable grids, whole places within them, finite values.

    Raises ExplorerError with one sentence for anything else.
    """
    if message is None:
        return []
    try:
        return [_read_edit(part, board) for part in message["edits"][:MOST_EDITS]]
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
        raise ExplorerError("The change could not be read: type a number into a cell again.") from error


def _read_edit(part: dict, board: Board) -> Edit:
    grid = board.grids[part["grid"]]
    cells = tuple(
        (int(plane), int(row), int(col), float(value)) for plane, row, col, value in part["cells"][: grid.values.size]
    )
    planes, rows, cols = grid.values.shape
    top, left = grid.pad
    for plane, row, col, value in cells:
        if not (grid.editable and 0 <= plane < planes and 0 <= row < rows - top and 0 <= col < cols - left):
            raise ExplorerError("That cell cannot be changed: choose one inside the input or the kernel.")
        if not abs(value) <= LARGEST_VALUE:
            raise ExplorerError(
                f"{written(value, 6)} is too large for a cell: type a number up to {written(LARGEST_VALUE)}."
            )
    return Edit(int(part["serial"]), part["grid"], cells)


def changed(values: np.ndarray, edit: Edit) -> np.ndarray:
    """A copy of `values` (planes, rows, cols) with the edit's cells set."""
    new = np.array(values, np.float64)
    for plane, row, col, value in edit.cells:
        if plane < new.shape[0] and row < new.shape[1] and col < new.shape[2]:
            new[plane, row, col] = value
    return new
