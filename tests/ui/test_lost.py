"""An address that leads nowhere is answered in the application's own words; all others are left to Streamlit."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from explorer.ui.lost import PAGES, lost


def ask(path, base=""):
    """One request through Starlette; returns status and text."""
    app = Starlette(routes=[lost(base), Route("/{path:path}", lambda request: PlainTextResponse("Streamlit's"))])
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "root_path": ""}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.mark.parametrize(
    ("asked", "shown"), [("nowhere", "nowhere"), ("a/b", "a/b"), ("x/" + "y" * 99, "x/" + "y" * 58 + "…")]
)
def test_it_says_what_was_asked_for_and_leads_home(asked, shown):
    status, text = ask(f"/{asked}")
    assert status == 404
    assert f"There is no page “{shown}” here." in text
    assert '<a href="/">' in text


def test_what_was_asked_for_is_text():
    _, text = ask("/<img onerror=x>{meant}")
    assert "“&lt;img onerror=x&gt;{meant}”" in text
    assert "<img" not in text


@pytest.mark.parametrize(("asked", "page"), [("Convolutions", "convolution"), ("top-patches", "top_patches")])
def test_a_near_name_is_told(asked, page):
    assert f'<a href="/{page}">' in ask(f"/{asked}")[1]


@pytest.mark.parametrize(
    "path",
    ["", *PAGES, "convolution/", "favicon.png", "static/js/index.js", "_stcore/health", "pooling/_stcore/health"],
)
def test_what_is_there_is_left_to_streamlit(path):
    assert ask(f"/{path}") == (200, "Streamlit's")


def test_it_stands_beneath_what_stands_before_all_paths():
    status, text = ask("/lectures/pollings", "/lectures")
    assert status == 404
    assert '<a href="/lectures/pooling">' in text
    assert '<a href="/lectures/">' in text
