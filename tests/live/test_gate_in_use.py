"""The app as it is served: no other host and no foreign page is answered, and nobody outside is asked for anything."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATHS = (
    "/",
    "/train_live",
    "/explorer/runs/one/events",
    "/explorer/runs/one/frames/0",
    "/_stcore/health",
    "/static/x.js",
)
# Python reads this file at its start: every name that is looked up, and every address but this machine's, is written down
WATCH = """
import os, socket
def watched(name, ask):
    def asked(*words, **more):
        host = words[0] if name == "getaddrinfo" else words[1]
        with open(os.environ["ASKED"], "a") as file:
            file.write(f"{name} {host}\\n")
        return ask(*words, **more)
    return asked
socket.getaddrinfo = watched("getaddrinfo", socket.getaddrinfo)
class Watched(socket.socket):
    connect = watched("connect", socket.socket.connect)
socket.socket = Watched
"""


class Server:
    """The app on a port of its own. asked: what it has looked up or connected to."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "sitecustomize.py").write_text(WATCH)
        self._asked = folder / "asked.txt"
        self._asked.touch()
        self._said = folder / "said.txt"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        environment |= {"PYTHONPATH": str(folder), "ASKED": str(self._asked), "HOME": str(folder)}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.port", str(self.port), *options]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        for _ in range(240):
            try:
                if self.ask("/_stcore/health") == 200:
                    return
            except OSError:
                assert self._process.poll() is None, self.said
            time.sleep(0.25)
        raise AssertionError(self.said)

    @property
    def said(self) -> str:
        return self._said.read_text()

    @property
    def asked(self) -> list[str]:
        return self._asked.read_text().splitlines()

    def ask(self, path: str, *, host: str | None = None, origin: str | None = None, upgrade: bool = False) -> int:
        """The status of one answer."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}"]
        lines += [f"Origin: {origin}"] * (origin is not None)
        if upgrade:
            lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
            lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: streamlit"]
        with socket.create_connection(("127.0.0.1", self.port), 20) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            return int(line.recv(64).split()[1])

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As a user starts it."""
    one = Server(tmp_path_factory.mktemp("server"))
    yield one
    one.end()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Opened to a network, and to the pages of one other site."""
    one = Server(
        tmp_path_factory.mktemp("opened"),
        *("--server.address", "0.0.0.0", "--server.corsAllowedOrigins", "https://site.example"),
    )
    yield one
    one.end()


@pytest.mark.parametrize("path", PATHS)
def test_another_host_is_refused_at_every_path(server, opened, path):
    for one in (server, opened):
        assert one.ask(path, host="evil.example") == 403
        assert one.ask(path, host=f"evil.example:{one.port}", origin=f"http://evil.example:{one.port}") == 403
        assert one.ask(path, origin="https://evil.example") == 403


def test_a_page_is_served(server, opened):
    for one in (server, opened):
        assert one.ask("/") == 200
        assert one.ask("/", host=f"localhost:{one.port}", origin=f"http://localhost:{one.port}") == 200
    assert server.ask("/", host="192.168.1.5") == 403
    assert opened.ask("/", host=f"192.168.1.5:{opened.port}") == 200


def test_a_websocket_is_the_servers_own_pages(server, opened):
    for one in (server, opened):
        path, mine = "/_stcore/stream", f"127.0.0.1:{one.port}"
        assert one.ask(path, host=mine, origin=f"http://{mine}", upgrade=True) == 101
        assert one.ask(path, host="evil.example", origin="http://evil.example", upgrade=True) == 403
        assert one.ask(path, host=mine, origin="https://evil.example", upgrade=True) == 403
        assert one.ask(path, host=mine, origin="http://localhost:3000", upgrade=True) == 403
    address = f"192.168.1.5:{opened.port}"
    assert opened.ask("/_stcore/stream", host=address, origin=f"http://{address}", upgrade=True) == 101
    assert opened.ask("/_stcore/stream", origin="https://site.example", upgrade=True) == 101


def test_nobody_outside_is_asked(server, opened):
    # After all that was asked above, the start included
    for one in (server, opened):
        one.ask("/_stcore/stream", origin="https://evil.example", upgrade=True)
        one.ask("/_stcore/stream", origin="https://site.example", upgrade=True)
        time.sleep(0.5)
        names = [line.split()[1] for line in one.asked if line.startswith("getaddrinfo")]
        assert set(names) <= {"127.0.0.1", "localhost", "0.0.0.0"}


def test_it_says_where_it_is_open(server, opened):
    assert f"http://127.0.0.1:{server.port}" in server.said
    assert f"http://localhost:{opened.port}" in opened.said
