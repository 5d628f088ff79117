"""Every browser component has its files, asks nobody for anything and puts no text in as HTML."""

import re

import pytest
import streamlit as st

from explorer.ui import components
from explorer.ui.components import FILES

NAMES = sorted(path.stem for path in FILES.glob("*.html"))
SOURCES = sorted(path for path in FILES.iterdir() if path.suffix in (".js", ".html", ".css"))
# What one file may ask for: the runs of its own server, by paths that it checks (ownPath).
ASKS_ITS_OWN_SERVER = {"studio_link.js": {"fetch(", "EventSource"}}
# Names of XML's own, never asked for.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml")


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
    for kind in ("html", "css", "js"):
        own = (FILES / f"{name}.{kind}").read_text(encoding="utf-8")
        assert own.strip()
        assert own in parts[kind]
        assert "\n" in parts[kind]  # text of one line could be taken for a path
    assert parts["js"].count("export default function") == 1
    assert (FILES / "shared.js").read_text(encoding="utf-8") in parts["js"]
    assert not re.search(r"^\s*import\b", parts["js"], re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_its_files_do_not_name_the_same_thing_twice(registered, name):
    """They are joined into one module, where a second `const` of a name is a syntax error."""
    names = re.findall(r"^(?:const|let|function|class) +(\w+)", registered[f"explorer.{name}"]["js"], re.MULTILINE)
    assert len(names) > 3
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_outside(path):
    text = path.read_text(encoding="utf-8")
    for name in NAMESPACES:
        text = text.replace(name, "")
    assert not re.search(r"https?://|wss?://|['\"(]//", text)
    asking = set(
        re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|@import|import\(", text)
    )
    assert asking <= ASKS_ITS_OWN_SERVER.get(path.name, set())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
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
    html = (FILES / f"{name}.html").read_text(encoding="utf-8")
    for canvas in re.findall(r"<canvas[^>]*>", html):
        assert 'role="img"' in canvas or 'aria-hidden="true"' in canvas, canvas
    for attributes, words in re.findall(r"<button([^>]*)>(.*?)</button>", html, re.DOTALL):
        assert words.strip() or "aria-label" in attributes or "hidden" in attributes, attributes
