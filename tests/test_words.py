"""How numbers, counts and names are written, and that nobody writes them by hand."""

import ast
import doctest
import re
from pathlib import Path

import pytest

from explorer import words
from explorer.words import about, counted, duration, fixed, memory, minus, noun, share, shortened, times, written


def test_the_examples_are_true():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cell", "cells"), ("pass", "passes"), ("class", "classes"), ("switch", "switches"), ("study", "studies"),
        ("array", "arrays"), ("box", "boxes"), ("batch", "batches"), ("test picture", "test pictures"),
    ],
)  # fmt: skip
def test_plurals(one, many):
    assert [noun(n, one) for n in (0, 1, 2, 0.5)] == [many, one, many, many]
    assert counted(1, one) == f"1 {one}"
    assert counted(1000, one) == f"1,000 {many}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 4, "0"),
        (-0.0, 4, "0"),
        (-1e-13, 4, "−10⁻¹³"),
        (1e6, 4, "10⁶"),
        (1e-5, 1, "10⁻⁵"),
        (-12.5, 4, "−12.5"),
        (9999.5, 4, "10⁴"),
        (float("inf"), 4, "∞"),
        (float("-inf"), 4, "−∞"),
        (float("nan"), 4, "nan"),
    ],
)
def test_significant_digits(value, digits, text):
    assert written(value, digits) == text


def test_a_zero_has_no_sign_and_a_negative_number_no_hyphen():
    assert [minus(text) for text in ("-0", "-0.00", "-0.01", "-1e-05")] == ["0", "0.00", "−0.01", "−1e-05"]
    assert [fixed(value, 1) for value in (-0.04, -0.06, 12345.67)] == ["0.0", "−0.1", "12,345.7"]
    assert share(-0.5) == "−50\u00a0%"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (4, "4 bytes"),
        (1999, "2.0 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (999_999, "1.0 MB"),
        (616_763_392, "617 MB"),
        (4 * 10**24, "4,000,000,000 PB"),
    ],
)
def test_memory(size, text):
    assert memory(size) == text


@pytest.mark.parametrize("power", range(3, 19))
def test_memory_never_needs_four_digits_before_the_largest_unit(power):
    for size in (10**power - 1, 10**power, 10**power + 1):
        digits = memory(size).split()[0]
        assert "e" not in digits
        assert len(digits.replace(".", "")) <= 3 or memory(size).endswith("PB")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (7.25, "7.2"),
        (99, "99"),
        (995, "1,000"),
        (311_541_923, "3.1×10⁸"),
        (999_999, "1.0×10⁶"),
        (1e12, "1.0×10¹²"),
    ],
)
def test_about(value, text):
    assert about(value) == text
    assert times(value) == f"{text} time{'s' * (value != 1)}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"), (0.0994, "99 ms"), (0.0995, "0.1 s"), (1, "1 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"),
        (119.7, "2 min"), (3599.6, "1 h"), (7260, "2 h 1 min"), (90_000, "25 h"),
    ],
)  # fmt: skip
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize("most", [3, 4, 20, 39])
def test_a_long_name_keeps_both_ends(most):
    name = "features.denseblock3.denselayer12.conv2"
    short = shortened(name, most)
    assert len(short) == min(most, len(name))
    assert short[0] == "f"
    assert short[-1] == "2"
    assert shortened("c1", most) == "c1"


# ── nobody writes them by hand ──────────────────────────────────────────────────────────────────────────────

ROOT = Path(__file__).parents[1]
HOME = "explorer/words.py"
# What looks like a plural noun after a value and is none
NO_NOUNS = frozenset({
    "adds", "always", "crops", "describes", "does", "fails", "gives", "goes", "has", "holds", "is", "lacks", "learns", "less",
    "longer", "loss", "means", "needs", "no", "passes", "puts", "ranks", "returns", "sees", "spans", "stays", "takes",
    "teaches", "tells", "this", "wants", "was",
})  # fmt: skip
# Texts, which are nobody's count
TEXTS = frozenset({
    "ENDS[end]", "END_TITLES[end]", "exhibit.id", "field_formula(on.stages[:level])", "identity", "name", "path.name", "right",
    "self.label", "spec.name", "stride",
})  # fmt: skip
SMALL = (
    "of",
    "to",
    "the",
    "a",
    "an",
    "and",
    "or",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "than",
    "beside",
    "as",
    "are",
)
BETWEEN = rf"(?!(?:{'|'.join([*SMALL, *NO_NOUNS])})\b)[a-z-]+ "
PLURAL = re.compile(rf"\**[\s\u00a0]+(?:{BETWEEN}){{0,2}}?([a-z]{{3,}}s)\b")
FLOAT = re.compile(r"[-+ z#,0-9]*(\.\S+)?[efg]")
SHOWN = ("explorer/ui/", "explorer/figures/", "explorer/layers/")  # where numbers become text for people
# What a machine reads: addresses, and what the browser is sent
MACHINES = frozenset({
    ("explorer/ui/address.py", "value"), ("explorer/ui/kernels_on_a_picture/kernel.py", "sigma"),
})  # fmt: skip


def by_hand(path: str, source: str) -> list[str]:
    """Every count, minus sign and number in one file that words.py should write, as path:line: text."""
    found = []

    def add(node: ast.AST, text: str) -> None:
        found.append(f"{path}:{node.lineno}: {text}")

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            nothing = ast.Constant("")
            parts = [nothing, *node.values, nothing]
            for before, value, after in zip(parts, parts[1:], parts[2:], strict=False):
                if not isinstance(value, ast.FormattedValue):
                    continue
                said = ast.unparse(value.value)
                if _counts(before, value, after):
                    add(value, f"counted() writes {{{said}}}{after.value[:30]}")
                shown = path.startswith(SHOWN) and (path, said) not in MACHINES
                if shown and value.format_spec and _is_float(value.format_spec):
                    add(value, f"written() or fixed() writes {said}")
        elif isinstance(node, ast.IfExp) and _are_plural(node.body, node.orelse):
            add(node, f"noun() chooses between {ast.unparse(node.body)} and {ast.unparse(node.orelse)}")
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mult)
            and "s" in (_text(node.left), _text(node.right))
        ):
            add(node, "noun() writes an s")
        elif isinstance(node, ast.Call) and [_text(argument) for argument in node.args[:2]] == ["-", "−"]:
            add(node, "minus() writes −")
    return found


def _text(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _counts(before: ast.AST, value: ast.FormattedValue, after: ast.AST) -> bool:
    """Whether a value that may be 1 stands before a plural noun. A constant in capitals is no 1; 3×{n} cells is a size."""
    if ast.unparse(value.value) in TEXTS or value.conversion == ord("r") or _is_text(value.value):
        return False
    names = [node for node in ast.walk(value.value) if isinstance(node, ast.Name | ast.Attribute)]
    constant = names and all((getattr(n, "id", None) or n.attr).isupper() for n in names)
    match = PLURAL.match(after.value) if isinstance(_text(after), str) else None
    sized = str(_text(before) or "").rstrip("*").endswith(("×", "–"))
    return bool(match and match[1] not in NO_NOUNS and not constant and not sized)


def _is_text(node: ast.AST) -> bool:
    """Whether an expression is words already: a call of words.py or of str's join, a choice between texts."""
    if isinstance(node, ast.IfExp):
        return all(isinstance(_text(part), str) for part in (node.body, node.orelse))
    if not isinstance(node, ast.Call):
        return False
    made = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    return made in {"join", "size_text", "shape_text"} or hasattr(words, made)


def _is_float(spec: ast.JoinedStr) -> bool:
    return bool(FLOAT.fullmatch("".join(str(_text(part)) if _text(part) is not None else "0" for part in spec.values)))


def _are_plural(one: ast.AST, other: ast.AST) -> bool:
    pair = {_text(one), _text(other)}
    return (
        None not in pair
        and all(isinstance(t, str) for t in pair)
        and len(pair) == 2
        and pair != {"http", "https"}
        and any(f"{t}s" in pair for t in pair)
    )


def test_nobody_writes_counts_and_signs_by_hand():
    found = []
    for path in sorted([*(ROOT / "pages").rglob("*.py"), *(ROOT / "explorer").rglob("*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if name != HOME:
            found += by_hand(name, path.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'f"{n} cells"',
        'f"{n:,} cells"',
        'f"after {len(steps):,} steps."',
        'f"Kept: {unpooling.values.size} switches"',
        'f"**{n}** layers of 3"',
        'f"{n:,} training pictures wait"',
        'f"{channels} input channels but {more}"',
        'f"{n}\\u00a0units"',
        """f"thread{'s' if n > 1 else ''}\"""",
        """f"{'picture' if n == 1 else 'pictures'}\"""",
        """f"group{'s' * (n > 1)}\"""",
        'str(value).replace("-", "−")',
        'f"{value:.4g}"',
        'f"{value:+.2f}"',
        'f"{value:.{digits}f}"',
        'f"{value:,.0f} kB"',
    ],
)
def test_a_planted_offence_is_caught(line):
    assert len(by_hand("explorer/ui/made_up.py", f"text = {line}")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "f\"{counted(n, 'cell')} of {MOST} cells\"",
        'f"{height}×{width} pixels, {name} has {n} of them"',
        'f"“{name}” is {shown(value)}: choose from {LOW:,} to {HIGH:,}."',
        'f"{share:.1%} of the values"',
        'f"{axes!r} axes"',
        """f"{', '.join(names)} stay as before\"""",
        'text.replace("-", "_")',
    ],
)
def test_what_is_allowed_passes(line):
    assert by_hand("explorer/ui/made_up.py", f"text = {line}") == []


def test_a_float_for_a_machine_is_not_for_people():
    assert by_hand("explorer/training/made_up.py", 'f"{value:.6g}"') == []
