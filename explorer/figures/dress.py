"""How every figure with axes looks. Knows layout; not what is drawn."""

import html

import plotly.graph_objects as go


def dress(figure: go.Figure, *, dark: bool, height: int, legend: bool) -> go.Figure:
    """Small margins, a readable font, the page's own background. height: pixels. Returns the same figure."""
    lines = "rgba(250, 250, 250, 0.16)" if dark else "rgba(49, 51, 63, 0.14)"
    figure.update_layout(
        template="plotly_dark" if dark else "plotly_white",
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 13, "color": "#fafafa" if dark else "#31333f"},
        showlegend=legend,
        hovermode="x unified",
        dragmode=False,
    )
    figure.update_xaxes(gridcolor=lines, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=lines, zeroline=False, automargin=True)
    return figure


def as_written(words: str) -> str:
    """A user's own words where Plotly would act on tags: "<b>" stays three signs."""
    return html.escape(words, quote=False)
