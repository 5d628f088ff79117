"""The house's rules that a machine can hold: which room imports which, and what may stand only in one place."""

import ast
import re
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
PLAIN = ("errors", "disk", "typed", "words")  # one file each, which know no other room
CORE = (*PLAIN, "settings", "process", "images", "layers", "models", "data", "probe", "training", "scan", "study")
MAY_IMPORT = {
    "errors": set(),
    "disk": set(),
    "typed": set(),
    "words": set(),
    "predictions": {"words"},
    "settings": {*PLAIN},
    "images": {*PLAIN},
    "layers": {*PLAIN},
    "models": {*PLAIN, "settings", "images", "layers"},
    "process": {"typed"},
    "data": {*PLAIN, "settings", "images", "layers", "models"},
    "probe": {*PLAIN, "images", "layers", "models"},
    "training": {*PLAIN, "settings", "process", "images", "layers", "models", "data", "probe"},
    "scan": {*PLAIN, "process", "images", "layers", "models", "data", "probe"},
    "study": {*PLAIN, "process", "images", "layers", "models", "data", "probe", "training"},
    "figures": set(CORE),
    "live": set(CORE),
    "ui": {"live", "figures", "predictions", *CORE},
    "pages": {"ui", "figures", *CORE},
    "app": {"ui"},
    "commands": set(CORE),
    "cli": {"errors", "commands"},
    "__main__": {"cli"},
    "__init__": set(),
}
# What only some rooms may import from outside
ONLY_IN = {"streamlit": {"ui", "pages", "app"}, "plotly": {"figures"}}
# What some rooms may not import: pages do no arithmetic, figures never see a model
NEVER_IN = {"pages": {"numpy", "torch", "torchvision", "cv2"}, "figures": {"torch", "torchvision"}}
# Names that may stand in one file only
ONE_PLACE = {
    "register_forward_hook": "explorer/probe/recording.py",
    "register_forward_pre_hook": "explorer/probe/recording.py",
    "register_full_backward_hook": "explorer/probe/recording.py",
    "register_full_backward_pre_hook": "explorer/probe/recording.py",
    "cache_data": "explorer/ui/cache.py",
    "cache_resource": "explorer/ui/cache.py",
}
IN_A_STRING = re.compile(rf"explorer\.({'|'.join(MAY_IMPORT)})(\.\w+)*")
MOST_LINES = 400
FEWEST_FILES = {
    "images": 7,
    "layers": 8,
    "models": 6,
    "data": 8,
    "probe": 4,
    "training": 5,
    "scan": 5,
    "figures": 2,
    "live": 8,
    "ui": 6,
    "pages": 3,
}


def room_of(path: str) -> str:
    """explorer/ui/cache.py → ui, explorer/cli.py → cli, pages/home.py → pages, app.py → app."""
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[1] if parts[0] == "explorer" else parts[0]


def imported(path: str, tree: ast.AST) -> set[str]:
    """Dotted names of all that a file imports, inside functions too, and of the explorer's modules named in strings."""
    package = PurePosixPath(path).parent.parts
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and IN_A_STRING.fullmatch(str(node.value)):
            names.add(node.value)  # for importlib.import_module and python -m
    return names


def offences(path: str, source: str) -> list[str]:
    """Every breach of the rules in one Python file, in words; path is relative to the project, with slashes."""
    tree, room, found = ast.parse(source), room_of(path), []
    for name in sorted(imported(path, tree)):
        first, _, rest = name.partition(".")
        target = rest.partition(".")[0] if first == "explorer" else first
        inside = first == "explorer" or first in ("pages", "app")
        if inside and target != room and target not in MAY_IMPORT[room]:
            found.append(f"{path}: {room} may not import {target} ({name})")
        if first in ONLY_IN and room not in ONLY_IN[first]:
            found.append(f"{path}: {first} is imported in {' and '.join(sorted(ONLY_IN[first]))} only")
        if first in NEVER_IN.get(room, ()):
            found.append(f"{path}: {room} may not import {first}")
    for node in ast.walk(tree):
        word = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "name", None)
        if ONE_PLACE.get(word, path) != path:
            found.append(f"{path}: {word} belongs into {ONE_PLACE[word]}")
    if "unsafe_allow_html" in source:
        found.append(f"{path}: unsafe_allow_html")
    if room not in ("app", "pages") and not ast.get_docstring(tree):
        found.append(f"{path}: no docstring that says what the module knows and what it does not")
    if room == "cli":
        # before any command runs, so that --help answers at once
        early = {name for node in tree.body if not _waits(node) for name in imported(path, node)}
        slow = [name for name in early if name.startswith("explorer.") and not name.startswith("explorer.errors.")]
        found += [f"{path}: import {name} inside a function" for name in slow]
    return found


def _waits(node: ast.AST) -> bool:
    """Whether a statement's imports are not done when the file is imported."""
    for_types = isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    return for_types or isinstance(node, ast.FunctionDef)


def python_files() -> list[Path]:
    """The app's own Python files."""
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "explorer").rglob("*.py"))]


def test_the_rooms_are_found():
    rooms = [room_of(path.relative_to(ROOT).as_posix()) for path in python_files()]
    assert set(MAY_IMPORT) == set(rooms)  # a new room needs a line of its own in MAY_IMPORT
    assert {room: count for room, count in FEWEST_FILES.items() if rooms.count(room) < count} == {}


def test_no_file_breaks_the_rules():
    found = []
    for path in python_files():
        found += offences(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    assert found == []


def test_the_one_places_are_in_use():
    # A rule about a name that stands nowhere would hold nothing
    for word in ("register_forward_hook", "cache_resource"):
        assert word in (ROOT / ONE_PLACE[word]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("explorer/images/made_up.py", "import explorer.models.registry"),
        ("explorer/images/made_up.py", "from explorer.layers.convolution import convolve"),
        ("explorer/layers/made_up.py", "from ..images import picture"),
        ("explorer/models/made_up.py", "from explorer import probe"),
        ("explorer/models/made_up.py", "from .. import training"),
        ("explorer/probe/made_up.py", "def late():\n    from explorer.training.loop import train"),
        ("explorer/probe/made_up.py", "import importlib\nimportlib.import_module('explorer.training.loop')"),
        ("explorer/training/made_up.py", "from explorer.ui import cache"),
        ("explorer/training/made_up.py", "import explorer.figures.colours as c"),
        ("explorer/training/made_up.py", "from explorer.live import gate"),
        ("explorer/live/made_up.py", "from explorer.ui import server"),
        ("explorer/live/made_up.py", "import streamlit as st"),
        ("explorer/figures/made_up.py", "from explorer.ui.cache import network"),
        ("explorer/figures/made_up.py", "from torch import nn"),
        ("explorer/ui/made_up.py", "from pages import home"),
        ("explorer/errors.py", "from explorer.images import picture"),
        ("explorer/probe/made_up.py", "def late():\n    import streamlit as st"),
        ("explorer/cli.py", "def late():\n    import streamlit.config"),
        ("explorer/cli.py", "from explorer.commands import train"),
        ("explorer/ui/made_up.py", "import plotly.graph_objects as go"),
        ("explorer/training/made_up.py", "def f(layer, hook):\n    layer.register_forward_hook(hook)"),
        ("explorer/probe/made_up.py", "def f(layer, hook):\n    return layer.register_full_backward_hook(hook)"),
        ("explorer/probe/made_up.py", "add = nn.Module.register_forward_pre_hook"),
        ("explorer/ui/made_up.py", "import streamlit as st\n@st.cache_data(max_entries=1)\ndef f(): ..."),
        ("explorer/ui/made_up.py", "from streamlit import cache_resource as kept"),
        ("pages/made_up.py", "import numpy as np"),
        ("pages/made_up.py", "def f():\n    from torch.nn import functional as F"),
        ("pages/made_up.py", "import streamlit as st\nst.markdown('<b>', unsafe_allow_html=True)"),
        ("app.py", "from explorer.models.registry import find"),
    ],
    ids=lambda value: value.splitlines()[-1].strip(),
)
def test_a_made_up_offence_is_caught(path, line):
    assert len(offences(path, f'"""Made up."""\n{line}\n')) == 1


def test_a_module_without_docstring_is_caught():
    assert len(offences("explorer/ui/made_up.py", "import streamlit as st\n")) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("pages/made_up.py", "import streamlit as st\nfrom explorer.ui.shell import begin"),
        (
            "explorer/ui/made_up.py",
            "from explorer.figures.colours import scales\nfrom explorer.probe.maps import reach",
        ),
        ("explorer/figures/made_up.py", "import plotly.graph_objects as go\nfrom explorer.probe.maps import LayerMaps"),
        ("explorer/training/made_up.py", "from ..errors import ExplorerError\nfrom . import loop"),
        (
            "explorer/cli.py",
            "from explorer.errors import ExplorerError\ndef f():\n    from explorer.commands import train",
        ),
    ],
)
def test_what_is_allowed_passes(path, line):
    assert offences(path, f'"""Made up."""\n{line}\n') == []


def test_no_file_is_two_rooms():
    folders = ("explorer", "pages", "assets", "tests", "benchmarks")
    files = [path for folder in folders for kind in ("py", "js") for path in (ROOT / folder).rglob(f"*.{kind}")]
    files = [path for path in files if "node_modules" not in path.parts]  # what the checks of the JavaScript install
    assert {"py", "js"} == {path.suffix[1:] for path in files}
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


# ── what a rule about imports alone would not see ───────────────────────────────────────────────────────────────────


def module_of(path: Path) -> str:
    """explorer/ui/cache.py → explorer.ui.cache"""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_early(tree: ast.Module, modules: set[str]) -> set[str]:
    """The explorer's modules that a file imports while it is imported itself."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in modules else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & modules


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import each other, one after the other; [] where there are none."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return way[way.index(module) :]
        if module in done:
            return []
        for other in sorted(graph[module]):
            if found := walk(other, [*way, module]):
                return found
        done.add(module)
        return []

    return next((found for module in graph if (found := walk(module, []))), [])


def test_no_files_import_each_other_in_a_circle():
    paths = {module_of(path): path for path in python_files() if path.is_relative_to(ROOT / "explorer")}
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    assert circle({name: imported_early(tree, set(paths)) for name, tree in trees.items()}) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c"]


LONGEST_IN_UI = 300  # lines


def test_a_file_of_the_screen_stays_short():
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "explorer/ui").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_IN_UI} == {}


# What of numpy only brings numbers into shape; the rest computes, and what is computed belongs into the core
SHAPES = {
    "arange", "array", "ascontiguousarray", "asarray", "atleast_3d", "concatenate", "empty", "float32", "float64", "full",
    "full_like", "int8", "int64", "linspace", "nan_to_num", "ndarray", "ndim", "newaxis", "ones", "pad", "prod",
    "ravel_multi_index", "shape", "stack", "uint8", "unravel_index", "zeros", "zeros_like",
}  # fmt: skip


def computed(source: str) -> set[str]:
    """The functions of numpy in a file that compute something."""
    names = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    }
    return names - SHAPES


# Where it still is so; a file may leave this list, none may join it
STILL_COMPUTED = {
    "activations/first_weights.py", "architectures/residual.py", "attribution/check.py", "backpropagation/nudges.py",
    "compare_activations/averages.py", "compare_activations/maps.py", "compare_activations/planes.py",
    "convolution/padding.py", "convolution/same_padding.py", "convolution/signal.py", "images_are_tensors/normalised.py",
    "kernels_on_a_picture/kernel.py", "provenance/parts.py", "receptive_field/dilation.py", "transfer_learning/try_it.py",
    "unit_map.py", "unpooling/pictures.py", "volumes/biases.py", "volumes/channels.py",
}  # fmt: skip


def test_the_screen_computes_nothing_new():
    folder = ROOT / "explorer" / "ui"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if computed(path.read_text("utf-8"))}
    assert found <= STILL_COMPUTED


def test_a_planted_computation_is_caught():
    assert computed("import numpy as np\nx = np.square(np.array([1]))") == {"square"}


def test_adding_an_exhibit_touches_one_file():
    """Nothing outside a page's folder names what is in it, but the tests: the frame finds exhibits by themselves."""
    folders = {
        path.parent.name for path in (ROOT / "explorer/ui").rglob("*.py") if "EXHIBITS = (" in path.read_text("utf-8")
    }
    assert len(folders) >= 18
    shared = [*(ROOT / "explorer/ui").glob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
    named = {
        f"{path.name}: {name}"
        for path in shared
        for name in imported(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for folder in folders
        if name.startswith(f"explorer.ui.{folder}.")
    }
    assert named == {"shell.py: explorer.ui.home.whole_network"}  # imported in the background, for the first page
