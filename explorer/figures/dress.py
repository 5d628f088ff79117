"""How every figure with axes looks. Knows layout; not what is drawn."""

import html

import plotly.graph_objects as go

TEXT = 14  # pixels: nothing on the screen is smaller
EXPONENT = "e"  # of an axis's large and small numbers, 1e−5: a raised exponent would be smaller than TEXT
INK = {"light": "#31333f", "dark": "#fafafa"}  # what is written


def on_page(figure: go.Figure, *, dark: bool) -> go.Figure:
    """The page's own background and a readable font; nothing is dragged. Returns the same figure."""
    return figure.update_layout(
        template="plotly_dark" if dark else "plotly_white",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": TEXT, "color": INK["dark" if dark else "light"]},
        hoverlabel={"font": {"size": TEXT}},
        dragmode=False,
    )


def as_pictures(figure: go.Figure) -> go.Figure:
    """Every part of the figure a picture: square pixels, row 0 on top, no axes. Returns the same figure."""
    figure.update_xaxes(visible=False, constrain="domain")
    for axis in figure.select_yaxes():
        axis.update(visible=False, autorange="reversed", constrain="domain", scaleanchor=axis.anchor)
    return figure


def dress(figure: go.Figure, *, dark: bool, legend: bool, height: int | None = None) -> go.Figure:
    """Small margins, a readable font, the page's own background. Returns the same figure.

    height: pixels; None for a figure that is stretched to the place it stands in.
    """
    lines = "rgba(250, 250, 250, 0.16)" if dark else "rgba(49, 51, 63, 0.14)"
    on_page(figure, dark=dark).update_layout(
        margin={"l": 8, "r": 12, "t": 8, "b": 8}, height=height, showlegend=legend, hovermode="x unified"
    )
    figure.update_xaxes(gridcolor=lines, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=lines, zeroline=False, automargin=True)
    return figure


def as_written(words: str) -> str:
    """A user's own words where Plotly would act on tags: "<b>" stays three signs."""
    return html.escape(words, quote=False)
