"""What is answered where an address leads to no page: what was asked for, what it may have meant, and the way home.

Streamlit would say so in a dialog of its own over the home page. Knows the pages' addresses; nothing heavy.
"""

import difflib
import html
import re
from pathlib import Path

from starlette.convertors import CONVERTOR_TYPES, StringConvertor
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
LONGEST = 60  # characters of what was asked for that are repeated


class _NoPage(StringConvertor):
    """A path that is neither a page's nor a file's nor one of Streamlit's own."""

    regex = rf"(?!(?:{'|'.join(map(re.escape, PAGES))})/?$)(?!.*_stcore)[^._][^.]*"


CONVERTOR_TYPES["no_page"] = _NoPage()


def lost(base: str) -> Route:
    """The route of all those addresses; base: what stands before all of the server's paths. To be the last of the app's own."""
    page = (ROOT / "assets" / "lost.html").read_text("utf-8")

    async def answer(request: Request) -> HTMLResponse:
        asked = request.path_params["name"].strip("/")
        near = difflib.get_close_matches(asked.lower().replace("-", "_"), PAGES, cutoff=0.7)
        links = [f'<a href="{base}/{name}">/{name}</a>' for name in near]
        meant = f"<p>Perhaps you meant {' or '.join(links)}.</p>" if links else ""
        shown = html.escape(asked if len(asked) <= LONGEST else asked[:LONGEST] + "…")
        return HTMLResponse(page.replace("{home}", f"{base}/").replace("{meant}", meant).replace("{asked}", shown), 404)

    return Route(f"{base}/{{name:no_page}}", answer)
