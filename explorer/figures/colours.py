"""The colour scales of every figure and of the browser's canvases. Knows colours; not numbers, not Plotly.

Zero is neutral: on a signed scale the middle has the page's own colour, on an unsigned one the beginning has. The anchors
are spread evenly; between them colours are mixed linearly.
"""

SEQUENTIAL = {
    "light": ("#ffffff", "#cfe1f2", "#7fb0d8", "#2f75b5", "#0b3c73"),
    "dark": ("#14171f", "#3b2a63", "#93416f", "#e2784f", "#fdf0b5"),
}
DIVERGING = {
    "light": ("#1d4f9c", "#7ba7d6", "#f5f5f5", "#e39a7c", "#a8281f"),
    "dark": ("#7cc0ff", "#2f6ba8", "#1b1f29", "#b0513a", "#ffb08a"),
}

# Classes of a mask, in their order; the first is the background. Apart for colour-blind readers (Okabe and Ito, 2008).
CLASS_COLOURS = {
    "light": ("#e3e6ed", "#0072b2", "#d55e00", "#009e73", "#b0569a", "#e6b000"),
    "dark": ("#2b303c", "#56b4e9", "#f2762e", "#1fc48e", "#d98fc1", "#f0e442"),
}


def scales() -> dict[str, dict[str, tuple[str, ...]]]:
    """Both scales for both themes, as the browser components take them: theme → kind → anchors."""
    return {theme: {"sequential": SEQUENTIAL[theme], "diverging": DIVERGING[theme]} for theme in ("light", "dark")}


def plotly_scale(anchors: tuple[str, ...]) -> list[list[float | str]]:
    """Anchors as a Plotly colorscale: [[0.0, "#…"], …, [1.0, "#…"]]."""
    return [[position / (len(anchors) - 1), colour] for position, colour in enumerate(anchors)]
