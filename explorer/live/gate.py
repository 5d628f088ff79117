"""Who is answered by the server: asked under which host, by which pages. Knows names and addresses; not what is asked.

A page of another site can make a browser ask this server in two ways. It asks under the server's own name, and the browser says
where the page comes from (Origin). Or the site's own name is made to lead here (DNS rebinding): then page and server look alike
to the browser, and only the name (Host) betrays it. An address in numbers cannot be made to lead elsewhere.
"""

import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("", "0.0.0.0", "::")  # a server that listens on all of the machine's addresses
HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?")
Message = MutableMapping[str, object]


@dataclass(frozen=True)
class Doors:
    """What the user has opened.

    names: host names and addresses, lower case; "*.name" for all beneath one, "*" for all there are. any_address: whether any
    address in numbers will do. origins: pages elsewhere that may ask too, "https://name:port".
    """

    names: frozenset[str] = frozenset(LOOPBACK)
    any_address: bool = False
    origins: frozenset[str] = frozenset()

    def answers_to(self, host: str | None) -> bool:
        """Whether this Host is one of the server's; a port is left aside."""
        found = HOST.fullmatch((host or "").lower())
        if not found:
            return False
        name = (found["six"] or found["name"]).rstrip(".")
        above = {f"*.{name[at + 1 :]}" for at, letter in enumerate(name) if letter == "."}
        return bool({"*", name, *above} & self.names) or (self.any_address and _is_address(name))

    def lets_in(self, origin: str | None, host: str) -> bool:
        """Whether a page of that origin may ask: the server's own, or one that was opened. None: it was no page that asked."""
        return origin is None or origin in self.origins or origin.lower().partition("://")[2] == host.lower()


def doors(address: str | None, names: Iterable[str] = (), origins: Iterable[str] = ()) -> Doors:
    """What is open where the server listens on `address` and the user has named more hosts and origins.

    Where it listens on all addresses, any of them is meant, and the machine's own name.
    """
    address = (address or "").strip().lower()
    known = {*LOOPBACK, address, *(name.strip().lower().rstrip(".") for name in names)}
    everywhere = address in EVERYWHERE
    if everywhere:
        mine = socket.gethostname().lower()
        known |= {mine, mine.partition(".")[0], f"{mine.partition('.')[0]}.local"}
    return Doors(frozenset(known - {*EVERYWHERE}), everywhere, frozenset(origin.strip() for origin in origins))


class Gate:
    """An ASGI application in front of another: what is not let in gets a 403 with a sentence, before the other hears of it."""

    def __init__(self, app: Callable[..., Awaitable[None]], opened: Doors) -> None:
        self._app, self._doors = app, opened

    async def __call__(self, scope: Message, receive: Callable, send: Callable) -> None:
        """One request or one websocket's handshake; whatever else passes."""
        refused = self._refusal(scope["headers"]) if scope["type"] in ("http", "websocket") else ""
        if not refused:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": refused.encode()})

    def _refusal(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Why it is not let in; "" where it is. What was sent is not repeated."""
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        if len(hosts) != 1 or not self._doors.answers_to(hosts[0]):
            return (
                "This server does not answer under that name: open it as 127.0.0.1 or localhost, or start it with "
                "--server.allowedHosts and the name."
            )
        if len(origins) > 1 or not self._doors.lets_in(*origins or (None,), hosts[0]):
            return (
                "A page of another site may not ask this server: open the address itself, or start it with "
                "--server.corsAllowedOrigins and the site's."
            )
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
