"""What the server does besides the pages: whom it answers, its start and its end. What is watched stands in live/.

Nothing heavy is imported here: the first page is on the screen before torch is.
"""

import asyncio
import contextlib
import functools
import sys
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config, net_util
from streamlit.runtime import RuntimeState, exists, get_instance
from streamlit.runtime.pages_manager import PagesManager

from explorer.live import registry
from explorer.live.gate import EVERYWHERE, Doors, Gate, doors
from explorer.live.routes import routes as live_routes
from explorer.ui.lost import lost
from explorer.ui.shell import load_in_background

WITHOUT_VISITORS = 3.0  # seconds
SWEEP = 15.0  # seconds between two looks at what is large and no longer wanted


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Begin the heavy imports when nobody has opened a page yet: the first page begins them itself, once it is painted.

    At the end no long work goes on.
    """
    # st.navigation says the same, but only once a page has run: until then a visitor who opens a page by its own address
    # would get Streamlit's old menu, made from the folder's file names.
    PagesManager.uses_pages_directory = False
    load_in_background(after=WITHOUT_VISITORS)
    print("\n".join(["", "  The CNN Explorer is open:", *(f"  {address}" for address in _addresses()), ""]), flush=True)
    tidying = asyncio.create_task(_keep_tidy())
    try:
        yield
    finally:
        tidying.cancel()
        registry.close_all()


async def _keep_tidy() -> None:
    """Give memory back while nobody wants it, also where no page runs any more that could."""
    while True:
        await asyncio.sleep(SWEEP)
        if cache := sys.modules.get("explorer.ui.cache"):
            alone = not exists() or get_instance().state != RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED
            await asyncio.to_thread(cache.sweep, alone=alone)


def _addresses() -> list[str]:
    """What one may type into a browser. Streamlit would ask another machine for this one's public address first."""
    listens = st.get_option("server.address") or ""
    names = [listens] if listens not in EVERYWHERE else ["localhost", net_util.get_internal_ip()]
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    named = (f"[{name}]" if ":" in name else name for name in names)
    return [f"{scheme}://{name}:{st.get_option('server.port')}{base_path()}" for name in named]


def middleware() -> list[Middleware]:
    """What stands before all of Streamlit: nobody is answered but those whom the options of the start let in."""
    opened = _opened()
    # Streamlit asks again, at websockets only, and cannot be told of any address
    config.set_option("server.allowedHosts", ["*"] if opened.any_address else sorted(opened.names))
    # It would ask another machine for this one's public address, to compare it with the origin of a page from elsewhere
    net_util.get_external_ip = lambda: None
    return [Middleware(Gate, opened=opened)]


@functools.cache  # `middleware` changes the options
def _opened() -> Doors:
    """Whom the options of the start let in."""
    names, origins = config.get_option("server.allowedHosts"), config.get_option("server.corsAllowedOrigins")
    return doors(config.get_option("server.address"), names, origins)


def base_path() -> str:
    """What stands before all of the server's paths: "" or "/something"."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def run_path(identity: str) -> str:
    """Where a run is watched and commanded: this and "/events", "/frames/STEPS" or "/commands"."""
    return f"{base_path()}/explorer/runs/{identity}"


def routes() -> list[BaseRoute]:
    """The routes to be added to Streamlit's own."""
    return [*live_routes(f"{base_path()}/explorer/runs", _opened()), lost(base_path())]
