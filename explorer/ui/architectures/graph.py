"""A network's steps as a drawing whose folded boxes can be clicked. Knows drawings; not which network."""

from collections.abc import Callable, Sequence

from explorer.figures.architectures import graph_figure
from explorer.probe.folding import Drawing
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand

FEW_ROWS = 6  # that a stage has room for; more are scrolled
MODEBAR = {"displaylogo": False, "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]], "displayModeBar": True}


def show_graph(stand: Stand, drawing: Drawing, state: str, unfold: Callable[[str], None]) -> None:
    """Draw it; `unfold` is called with the key of a folded box that is clicked. state: names what is folded."""
    known = [box.key for box in drawing.boxes if box.folded]

    def take(told: object) -> None:
        if (box := folded_box(told, known)) is not None:
            unfold(box)

    figure = graph_figure(drawing, dark=is_dark())
    height = "stretch" if drawing.rows <= FEW_ROWS else "content"
    chart(stand, figure, f"graph {state}", clicked=take, config=MODEBAR, height=height)


def folded_box(told: object, known: Sequence[str]) -> str | None:
    """The folded box that a clicked point's customdata names; None unless it is one of `known`. Anyone can send anything."""
    key = told[0] if isinstance(told, list | tuple) and told else None
    return key if isinstance(key, str) and key in known else None
