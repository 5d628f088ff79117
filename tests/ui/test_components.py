"""Every browser component has its files, asks nobody for anything and puts no text in as HTML."""

import re
from pathlib import Path

import pytest
import streamlit as st

from explorer.ui import components
from explorer.ui.components import FILES

SHARED = "shared"
NAMES = sorted(path.name for path in FILES.iterdir() if path.is_dir() and path.name != SHARED)
SOURCES = sorted(path for path in FILES.rglob("*.*") if path.suffix in (".js", ".html", ".css"))
MOST_LINES = 300
# What one file may ask for: the runs of its own server, by paths that it checks (ownPath).
ASKS_ITS_OWN_SERVER = {"studio/link.js": {"fetch(", "EventSource"}}
# Names of XML's own, never asked for.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml")


def _name_of(path: Path) -> str:
    return path.relative_to(FILES).as_posix()


@pytest.fixture(scope="module")
def registered() -> dict[str, dict[str, str]]:
    """What explorer.ui.components hands to Streamlit: name → html, css, js."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st.components.v2, "component", lambda name, **parts: found.setdefault(name, parts))
        source = components.__loader__.get_source(components.__name__)
        exec(compile(source, components.__file__, "exec"), {"__file__": components.__file__, "__name__": "again"})
    return found


def test_every_component_in_the_folder_is_registered(registered):
    assert {"pad", "network", "pixels"} <= set(NAMES)
    assert set(registered) == {f"explorer.{name}" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_it_has_its_three_files_and_one_entry(registered, name):
    parts = registered[f"explorer.{name}"]
    before, after = ((FILES / SHARED / f"{name}.css").read_text(encoding="utf-8") for name in ("stretch", "fingers"))
    around = {"html": ("", ""), "css": (before, after)}
    for kind in ("html", "css", "js"):
        own = (FILES / name / f"{name}.{kind}").read_text(encoding="utf-8")
        assert own.strip()
        assert kind == "js" or own.join(around[kind]) == parts[kind]
        assert "\n" in parts[kind]  # text of one line could be taken for a path
    assert parts["js"].count("export default function") == 1
    assert not re.search(r"^\s*(import\b|export (?!default))", parts["js"], re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_module_of_its_folder_is_linked_in(registered, name):
    """A module that nothing imports is one that nothing needs."""
    linked = re.findall(r"^// (\w+)/(\w+)\.js$", registered[f"explorer.{name}"]["js"], re.MULTILINE)
    assert {file for folder, file in linked if folder == name} == {path.stem for path in (FILES / name).glob("*.js")}
    assert {folder for folder, _ in linked} <= {name, SHARED}


def test_every_shared_module_is_used(registered):
    linked = "\n".join(parts["js"] for parts in registered.values())
    for path in (FILES / SHARED).glob("*.js"):
        assert f"\n// {SHARED}/{path.name}\n" in f"\n{linked}"


def test_no_module_is_long():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES.rglob("*.js")}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("name", NAMES)
def test_its_files_do_not_name_the_same_thing_twice(registered, name):
    """They are joined into one module, where a second `const` of a name is a syntax error."""
    names = re.findall(r"^(?:const|let|function|class) +(\w+)", registered[f"explorer.{name}"]["js"], re.MULTILINE)
    assert len(names) > 1
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", SOURCES, ids=_name_of)
def test_nothing_comes_from_outside(path):
    text = path.read_text(encoding="utf-8")
    for name in NAMESPACES:
        text = text.replace(name, "")
    assert not re.search(r"https?://|wss?://|['\"(]//", text)
    if path.suffix == ".js":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)  # JSDoc's @import names types only
    asking = set(
        re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|@import|import\(", text)
    )
    assert asking <= ASKS_ITS_OWN_SERVER.get(_name_of(path), set())


@pytest.mark.parametrize("path", SOURCES, ids=_name_of)
def test_no_text_becomes_html_or_code(path):
    text = path.read_text(encoding="utf-8")
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment|srcdoc"
    )
    assert not re.search(forbidden, text)
    if path.suffix == ".html":
        assert not re.search(r"<script|\son\w+=|javascript:", text)


@pytest.mark.parametrize("name", NAMES)
def test_what_can_be_used_has_a_name(name):
    """Canvases are named for those who do not see them; buttons and inputs have words or a label."""
    html = (FILES / name / f"{name}.html").read_text(encoding="utf-8")
    for canvas in re.findall(r"<canvas[^>]*>", html):
        assert 'role="img"' in canvas or 'aria-hidden="true"' in canvas, canvas
    for attributes, words in re.findall(r"<button([^>]*)>(.*?)</button>", html, re.DOTALL):
        assert words.strip() or "aria-label" in attributes or "hidden" in attributes, attributes
