"""A unit's provenance in words and numbers that add up on the page. Knows records; draws nothing."""

from explorer.probe.facts import shape_text
from explorer.probe.feeding_units import Feed
from explorer.probe.graph import Graph, Node
from explorer.probe.kinds import TAKEN_AS_IT_IS, is_known, kind_of
from explorer.probe.layouts import order
from explorer.probe.provenance import Provenance
from explorer.probe.terms import Terms, Unit
from explorer.ui.plain import plain
from explorer.words import added, bracketed, counted, fixed, noun, shortened, written


def exact(value: float) -> str:
    """Six digits after the point, a true minus sign; small ones as powers of ten, of large ones the nine first digits.

    >>> exact(-0.25), exact(1.2e-9), exact(64233632.528)
    ('−0.250000', '1.2·10⁻⁹', '64233632.5')
    """
    usual = value == 0 or 1e-4 <= abs(value) < 1e3
    if usual:
        return fixed(value, 6)
    return written(value, 9).replace(",", "") if abs(value) >= 1e3 else written(value, 2)


def node_text(graph: Graph, node: Node) -> str:
    """For a list of steps: name, kind, shape. No two are alike, but for long names that differ in their middle only."""
    title = shortened(graph.titles[node.name])
    return f"{title} · {kind_text(node.kind)} · {shape_text(graph.shown_shape(node.name))}"


def kind_text(kind: str) -> str:
    """Conv2d → convolution; a kind that is not known is "taken as it is"."""
    return kind_of(kind).word if is_known(kind) else f"{kind} ({TAKEN_AS_IT_IS})"


def unit_text(graph: Graph, unit: Unit) -> str:
    """c1, (3, 4, 5) → "c1 · channel 3 (4, 5)": row 4, column 5; of a list of numbers "output · unit 3".

    Where the channels are last in memory (3, 4, 5) is row 3, column 4, and it reads "channel 5 (3, 4)".
    """
    name = graph.titles[unit.node]
    layout = graph.layouts.get(unit.node, "")
    if len(unit.at) == len(layout) == 3:
        channel, row, column = (unit.at[axis] for axis in order(layout))
        return f"{name} · channel {channel} ({row}, {column})"
    if len(unit.at) == 1:
        return f"{name} · unit {unit.at[0]}"
    return f"{name} {unit.at}"


def channel_axis(graph: Graph, node: str) -> int:
    """Along which axis of a node's output the channels lie: 0, or 2 where they are last in memory."""
    layout = graph.layouts.get(node, "")
    return order(layout)[0] if len(layout) == 3 else 0


def term_text(graph: Graph, terms: Terms, place: tuple[int, int, int], rule: str) -> str:
    """One term with the unit that it comes from."""
    text = f"{unit_text(graph, terms.unit(*place))}: {exact(float(terms.values[place]))}"
    if rule == "sum" and terms.weights[place] != 1:
        return f"{text} × {bracketed(exact(float(terms.weights[place])))} = {exact(float(terms.products[place]))}"
    return text


def step_lines(graph: Graph, made: tuple[Provenance, ...]) -> list[str]:
    """A line of numbers for each step, from the window up to the unit; each begins with what the one before gave."""
    return [_line(graph, part) for part in made]


def _line(graph: Graph, part: Provenance) -> str:
    head = f"**{plain(graph.titles[part.unit.node])}**, {plain(kind_text(part.kind))}: "
    if part.rule == "input":
        return f"{head}**{exact(part.recorded)}**, as the network was given it"
    if part.details:
        value, scale = float(part.terms[0].values.item()), float(part.terms[0].weights.item())
        details = ", ".join(f"{name} {written(value)}" for name, value in part.details.items())
        told = f"scale γ/√(σ²+ε), shift β − μ·scale; {details}"
        shifted = added([f"{exact(value)} × {bracketed(exact(scale))}", exact(part.bias)])
        return f"{head}{shifted} = **{exact(part.total)}**  \n({told})"
    if part.rule == "sum":
        count = sum(terms.products.size for terms in part.terms)
        if not count:
            text = "no term"
        elif count == 1:
            only = part.terms[0]
            text = f"{exact(float(only.values.item()))} × {bracketed(exact(float(only.weights.item())))}"
        elif count <= 3:
            text = added(exact(float(p)) for terms in part.terms for p in terms.products.ravel())
        else:
            text = f"Σ of {counted(count, 'product')} **{exact(part.products)}**"
        bias = f" + bias **{exact(part.bias)}**" if part.bias else ""
        return f"{head}{text}{bias} = **{exact(part.total)}**"
    if part.rule == "largest":
        count = int((part.terms[0].at[..., 0] >= 0).sum())
        return f"{head}the largest of {counted(count, 'value')} = **{exact(part.total)}**"
    if part.rule == "product":
        factors = (bracketed(exact(float(terms.values.sum()))) for terms in part.terms)
        return f"{head}{' × '.join(factors)} = **{exact(part.total)}**"
    if sum(terms.values.size for terms in part.terms) == 1:
        value = exact(float(part.terms[0].values.item()))
        formula = kind_of(part.kind).formula or f"{part.kind}({{}})"
        return f"{head}{formula.format(value)} = **{exact(part.total)}**"
    values = counted(sum(terms.values.size for terms in part.terms), "value")
    return f"{head}no sum of terms: a function of {values} = **{exact(part.total)}**"


def check_line(part: Provenance) -> str:
    """Whether it adds up; of a large number how small a part the difference is, for float32 has seven digits."""
    large = abs(part.recorded) >= 1e3 and part.difference
    share = f", {exact(abs(part.difference / part.recorded))} of it" if large else ""
    return (
        f"Calculated **{exact(part.total)}**, recorded **{exact(part.recorded)}**, difference {exact(part.difference)}"
        f"{share}"
    )


def feed_text(graph: Graph, feed: Feed) -> str:
    """How many units of which window a number goes into."""
    spans = [f"{low}" if low == high else f"{low}–{high}" for low, high in zip(feed.low, feed.high, strict=True)]
    words, layout = {"c": "channel", "h": "row", "w": "column"}, graph.layouts.get(feed.node, "")
    if len(layout) == len(spans):
        names = [words[letter] for letter in layout]
        spans, names = [spans[axis] for axis in order(layout)], [names[axis] for axis in order(layout)]
    else:
        names = ["unit"] if len(spans) == 1 else ["axis" for _ in spans]
    window = ", ".join(f"{noun(1 + ('–' in span), name)} {span}" for name, span in zip(names, spans, strict=True))
    units = counted(feed.count, "unit")
    return f"**{plain(graph.titles[feed.node])}**, {plain(kind_text(feed.kind))}: {units} ({window})"
