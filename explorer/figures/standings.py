"""What networks cost against how well they do. Knows names and numbers; not what was measured, not networks."""

from collections.abc import Mapping

import plotly.graph_objects as go

from explorer.figures.dress import INK, dress

HEIGHT, INSIDE = 300, 235  # pixels of the figure, and of what the axes enclose
LINE = 18  # pixels of a name: two may not come closer
AWAY = 0.06  # from a point to its name, of the largest cost
NEAR = 0.1  # of the shares: points that are closer may lie under a name


def standings_figure(
    points: Mapping[str, tuple[float, float]], *, x: str, y: str, unit: str, most: float, dark: bool
) -> go.Figure:
    """One labelled point a network: (cost, share in [0, 1]). unit: of the cost. most: the dearest network's cost."""
    theme = "dark" if dark else "light"
    figure = go.Figure()
    lowest = max(0.0, min((share for _, share in points.values()), default=0.0) - 0.1)
    shifts = _shifts({name: INSIDE * (share - lowest) / (1 - lowest) for name, (_, share) in points.items()})
    for name, (cost, share) in points.items():
        figure.add_scatter(
            x=[cost],
            y=[share],
            name=name,
            mode="markers",
            marker={"size": 13, "color": INK[theme]},  # one for all: a run has its colour by its place on the screen
            hovertemplate=f"<b>{name}</b><br>{y}: %{{y:.1%}}<br>{x}: %{{x:,.4~g}} {unit}<extra></extra>",
        )
        right = cost > 0.75 * most  # its name would be cut off
        beside = max(
            its for its, other in points.values() if 0 <= its - cost < 0.25 * most and abs(other - share) < NEAR
        )
        figure.add_annotation(
            x=cost, y=share, text=name, axref="x", ax=cost - AWAY * most if right else beside + AWAY * most,
            ay=shifts[name], arrowhead=0, arrowwidth=1, arrowcolor=INK[theme], standoff=5,
            xanchor="right" if right else "left",
        )  # fmt: skip
    figure.update_xaxes(title=f"{x}, {unit}", range=[0, 1.06 * most])
    figure.update_yaxes(title=y, tickformat=".0%", range=[lowest, 1.0])
    return dress(figure, dark=dark, height=HEIGHT, legend=False).update_layout(hovermode="closest")


def _shifts(heights: Mapping[str, float]) -> dict[str, float]:
    """How many pixels each name stands below its point, so that no two names lie on each other. heights: pixels upwards."""
    order = sorted(heights, key=lambda name: -heights[name])
    places: list[float] = []
    for name in order:
        places.append(min(heights[name], places[-1] - LINE) if places else heights[name])
    # As far as names were pushed down together, half of it upwards again
    shifts = {name: heights[name] - place for name, place in zip(order, places, strict=True)}
    back = min(max(shifts.values(), default=0.0) / 2, INSIDE - max(places, default=0.0) - LINE)
    return {name: shift - max(0.0, back) for name, shift in shifts.items()}
