"""Grids that are not pictures: a wave, a stack of waves, a row of frames. Knows Signal records; not how they were made."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.errors import ExplorerError
from explorer.figures.dress import TEXT, as_pictures, dress
from explorer.images.signals import Signal
from explorer.words import fixed, written

LINE = {"light": "#2f75b5", "dark": "#7fb0d8"}
ACCENT = {"light": "#0a7650", "dark": "#2fd196"}
CLOSE_UP = 64  # samples: few enough to see each as a dot
FRAMES = 8


def signal_figure(signal: Signal, *, dark: bool) -> go.Figure:
    """The figure that suits the signal's axes: one wave, stacked waves or frames. ExplorerError for any other axes."""
    if signal.axes not in FIGURES:
        known = ", ".join(" × ".join(axes) for axes in FIGURES)
        raise ExplorerError(f"A signal over {' × '.join(signal.axes)} has no figure: choose one over {known}.")
    return FIGURES[signal.axes](signal, dark=dark)


def wave_figure(signal: Signal, *, dark: bool) -> go.Figure:
    """Values over time, (T,): all of them above, the first CLOSE_UP as dots below, where each is one number."""
    theme = "dark" if dark else "light"
    milliseconds = np.arange(signal.values.size) * (1000 / signal.sample_rate)
    figure = make_subplots(rows=2, vertical_spacing=0.2)
    figure.add_trace(
        go.Scatter(
            x=milliseconds,
            y=signal.values,
            mode="lines",
            line={"color": LINE[theme], "width": 1},
            hovertemplate="%{y:.3f} at %{x:.1f} ms<extra></extra>",
        ),
        1,
        1,
    )
    figure.add_vrect(
        0, milliseconds[:CLOSE_UP][-1], row=1, col=1, line_width=0, fillcolor=ACCENT[theme], opacity=0.45, layer="below"
    )
    figure.add_trace(
        go.Scatter(
            x=milliseconds[:CLOSE_UP],
            y=signal.values[:CLOSE_UP],
            mode="lines+markers",
            line={"color": LINE[theme], "width": 1},
            marker={"color": ACCENT[theme], "size": 7},
            customdata=np.arange(signal.values.size)[:CLOSE_UP],
            hovertemplate="number %{customdata}: %{y:.4f}<extra></extra>",
        ),
        2,
        1,
    )
    figure.update_yaxes(title={"text": signal.unit, "standoff": 4}, nticks=5)
    figure.update_xaxes(title={"text": "time in ms: all numbers", "standoff": 4}, row=1, col=1)
    figure.update_xaxes(title={"text": f"time in ms: the first {CLOSE_UP} numbers", "standoff": 4}, row=2, col=1)
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(hovermode="closest")


def stacked_figure(signal: Signal, *, dark: bool) -> go.Figure:
    """Channels over time, (C, T): each wave on a line of its own, the first on top. Hovering tells the true value."""
    theme = "dark" if dark else "light"
    count, length = signal.values.shape
    names = signal.channels or tuple(str(i) for i in range(count))
    apart = _round_up(float(np.ptp(signal.values, axis=1).max()) / 2)
    seconds = np.arange(length) / signal.sample_rate
    figure = go.Figure()
    for i, (name, wave) in enumerate(zip(names, signal.values, strict=True)):
        figure.add_trace(
            go.Scatter(
                x=seconds,
                y=wave - i * apart,
                customdata=wave,
                name=name,
                mode="lines",
                line={"color": LINE[theme], "width": 1.2},
                hovertemplate=f"channel {name}: %{{customdata:.1f}} {signal.unit} at %{{x:.3f}} s<extra></extra>",
            )
        )
    figure.update_xaxes(title={"text": "time in s", "standoff": 4})
    figure.update_yaxes(
        title={"text": f"channel, {written(apart, 6)} {signal.unit} from line to line", "standoff": 6},
        tickvals=[-i * apart for i in range(count)],
        ticktext=names,
    )
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(hovermode="closest")


def frames_figure(signal: Signal, *, dark: bool) -> go.Figure:
    """Frames in time, (T, H, W): FRAMES of them, evenly spaced from the first, two rows, one grey scale from 0 to 1."""
    every = max(1, signal.values.shape[0] // FRAMES)
    shown = range(0, signal.values.shape[0], every)[:FRAMES]
    columns = -(-len(shown) // 2)
    titles = [f"frame {i}, {fixed(i / signal.sample_rate, 2)} s" for i in shown]
    figure = make_subplots(rows=2, cols=columns, subplot_titles=titles, horizontal_spacing=0.02, vertical_spacing=0.1)
    for place, i in enumerate(shown):
        figure.add_trace(
            go.Heatmap(
                z=signal.values[i],
                zmin=0,
                zmax=1,
                colorscale="gray",
                showscale=place == 0,
                colorbar={"thickness": 10, "title": {"text": signal.unit, "side": "right"}},
                hovertemplate=f"frame {i}, row %{{y}}, column %{{x}}: %{{z:.3f}}<extra></extra>",
            ),
            place // columns + 1,
            place % columns + 1,
        )
    dress(figure, dark=dark, legend=False)
    figure.update_layout(hovermode="closest", margin={"t": 28})
    return as_pictures(figure).update_annotations(font_size=TEXT)


def _round_up(size: float) -> float:
    """The next of 1, 2, 5, 10, 20, … at or above a size above 0; 1 for a size of 0."""
    if size <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(size))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= size))


FIGURES = {("time",): wave_figure, ("channel", "time"): stacked_figure, ("frame", "row", "column"): frames_figure}
