"""Who is answered: loopback names, what the user opened, pages of the server's own; nobody else, at any path."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.live.gate import Doors, Gate, doors


def through(opened: Doors, *headers: tuple[str, str], kind: str = "http") -> list[dict]:
    """What comes back through the gate; [] where the application behind it was asked."""
    sent, asked = [], []

    async def behind(scope, receive, send):
        asked.append(scope)

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": "/", "headers": [(name.encode(), value.encode()) for name, value in headers]}
    with ThreadPoolExecutor(1) as pool:  # the browser tests leave an event loop running in this thread
        pool.submit(asyncio.run, Gate(behind, opened)(scope, None, send)).result()
    assert bool(sent) != bool(asked)
    return sent


def passes(opened: Doors, host: str | None, origin: str | None = None) -> bool:
    headers = [(name, value) for name, value in (("host", host), ("origin", origin)) if value is not None]
    answers = {not through(opened, *headers, kind=kind) for kind in ("http", "websocket")}
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:80", "[::1]:8501", "LocalHost.:8501"])
def test_loopback_is_always_answered(host):
    for opened in (
        doors("127.0.0.1"),
        doors("0.0.0.0"),
        doors("192.168.1.5"),
        doors(None),
        doors("127.0.0.1", ["a.b"]),
    ):
        assert passes(opened, host)
        assert passes(opened, host, f"http://{host}")
        assert passes(opened, host, f"https://{host}")  # behind a proxy


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8501", "localhost.evil.example", "127.0.0.1.evil.example", "evil-localhost"),
        *("192.168.1.5", "8.8.8.8:8501", "", "localhost:", "localhost:99999999", "user@localhost", "localhost/x"),
        *("local host", "localhost\x00", "[::1", "::1", "[evil.example]", "*", "*.example", "lоcalhost"),
        None,
    ],
)
def test_no_other_host_is_answered(host):
    assert not passes(doors("127.0.0.1"), host)
    assert not passes(doors("127.0.0.1"), host, f"http://{host}")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501"])
@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "http://localhost.evil.example", "null", "", "http://", "file://"),
        *("http://localhost:3000", "http://127.0.0.1:8502", "http://evil.example/localhost", "localhost"),
    ],
)
def test_no_page_of_another_site_is_answered(host, origin):
    assert not passes(doors("127.0.0.1"), host, origin)
    assert not passes(doors("0.0.0.0"), host, origin)


def test_what_was_opened_knowingly_is_answered():
    one = doors("192.168.1.5")
    assert passes(one, "192.168.1.5:8501", "http://192.168.1.5:8501")
    assert not passes(one, "192.168.1.6:8501")
    for everything in (doors("0.0.0.0"), doors("::"), doors(""), doors(None)):
        for host in ("192.168.1.5", "[fe80::1]:8501", socket.gethostname()):
            assert passes(everything, host, f"http://{host}")
        assert not passes(everything, "evil.example", "http://evil.example")
    named = doors("127.0.0.1", ["Lab.Example.org", "*.lecture.example"], ["https://site.example"])
    assert passes(named, "lab.example.org:8501")
    assert passes(named, "room1.lecture.example")
    assert passes(named, "localhost", "https://site.example")
    for host in ("example.org", "lecture.example", "xlecture.example", "lab.example.org.evil.example"):
        assert not passes(named, host)
    assert passes(doors("127.0.0.1", ["*"]), "any.example")


def test_two_hosts_or_two_origins_are_none():
    mine = ("host", "localhost")
    assert through(Doors(), mine, ("host", "evil.example"))
    assert through(Doors(), mine, mine)
    assert through(Doors(), mine, ("origin", "http://localhost"), ("origin", "https://evil.example"))


def test_a_refusal_is_a_sentence_and_no_handshake():
    start, body = through(Doors(), ("host", "evil<b>.example"))
    assert (start["status"], dict(start["headers"])[b"content-type"]) == (403, b"text/plain; charset=utf-8")
    assert b"--server.allowedHosts" in body["body"]
    assert b"evil" not in body["body"]
    _, body = through(Doors(), ("host", "localhost"), ("origin", "https://evil.example"))
    assert b"--server.corsAllowedOrigins" in body["body"]
    assert through(Doors(), ("host", "evil.example"), kind="websocket") == [{"type": "websocket.close", "code": 1008}]


def test_the_servers_own_life_passes():
    assert through(Doors(), kind="lifespan") == []
