"""One server and one browser for all browser tests. They skip, with the remedy, where no Chromium is found."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# Streamlit's own probing for its base path on a page opened by its address; answered with 404 by design.
HARMLESS = "/_stcore/"
PATIENCE = 20_000  # milliseconds: other tests run beside these


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The app, started as a user starts it; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", "run", "--headless", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the app ended before it answered"
                time.sleep(0.25)
        else:
            pytest.fail("the app did not answer within a minute")
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium of the system's."""
    if CHROMIUM is None:
        if os.environ.get("EXPLORER_REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, and here the browser tests must run")
        pytest.skip("no Chromium found: install Debian's package chromium, or Google Chrome")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, server: str) -> Iterator[Callable]:
    """open_page(path, scheme="light", width=1280) → a Playwright page in a session of its own, loaded, its settings open.

    At the end of the test no page may have written an error to its console or asked another machine for anything.
    """
    contexts, faults = [], []

    def open_one(
        path: str = "", *, scheme: str = "light", width: int = 1280, height: int = 900, settings: str = "open"
    ):
        size = {"width": width, "height": height}  # no motion: nothing is demonstrated while a test looks
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        context.add_init_script(f"localStorage.setItem('explorer.settings', '{settings}')")  # where they were last
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)

        def hear(message) -> None:
            address = message.location.get("url", "")
            if message.type == "error" and not (HARMLESS in address and "404" in message.text):
                faults.append(f"console: {message.text} {address}")

        def watch(request) -> None:
            if not request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
                faults.append(f"request to elsewhere: {request.url}")

        page.on("console", hear)
        page.on("pageerror", lambda error: faults.append(f"page: {error}"))
        page.on("request", watch)
        page.goto(f"{server}/{path}")
        page.locator("h2").first.wait_for(state="attached")  # in stage mode it is not seen
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def settle() -> Callable:
    """settle(locator): wait until it is there and has kept its place for a third of a second; returns the locator.

    A page that is still being built moves under the mouse, and a click that was meant for a button meets a grid.
    """

    def wait(locator):
        locator.wait_for()
        last, since = None, time.monotonic()
        while time.monotonic() - since < 0.35:
            box = locator.bounding_box()
            if box != last:
                last, since = box, time.monotonic()
            time.sleep(0.05)
        return locator

    return wait
