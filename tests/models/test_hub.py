"""Fetching weights: from a server on this machine, with every way in which it can go wrong."""

import hashlib
import http.server
import threading

import pytest

from explorer.errors import ExplorerError
from explorer.models import hub
from explorer.models.hub import HubFile

CONTENT = bytes(range(256)) * 4096  # 1 MB
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.BaseHTTPRequestHandler):
    """Any address gives CONTENT, and some say otherwise."""

    def do_GET(self):
        if "missing" in self.path:
            self.send_error(404)
            return
        body = CONTENT * 4 if "long" in self.path else CONTENT
        self.send_response(200)
        if "unsaid" not in self.path:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if "cut" in self.path else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def file(tmp_path, monkeypatch):
    """file("name") → a HubFile that is served here."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(hub, "ADDRESS", f"http://127.0.0.1:{server.server_port}/")
    yield lambda name="net", digest=DIGEST[:8]: HubFile(f"{name}-{digest}.pth", 1.0)
    server.shutdown()
    server.server_close()


def left(file):
    return sorted(path.name for path in file.path.parent.iterdir())


@pytest.mark.parametrize("name", ["net", "unsaid"])
def test_it_arrives_and_progress_is_told(file, name):
    wanted, told = file(name), []
    assert not wanted.is_there()
    assert wanted.download(lambda done, total: told.append((done, total)))
    assert wanted.path.read_bytes() == CONTENT
    assert wanted.is_torchvisions()
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert left(wanted) == [wanted.file]


def test_it_can_be_stopped(file):
    wanted, told = file(), []
    assert not wanted.download(lambda done, total: told.append(done), lambda: bool(told))
    assert len(told) == 1
    assert left(wanted) == []


def test_an_interruption_leaves_nothing(file):
    wanted = file()

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wanted.download(interrupt)
    assert left(wanted) == []


@pytest.mark.parametrize(
    ("name", "digest", "words"),
    [
        ("net", "00000000", "damaged"),
        ("cut", DIGEST[:8], "damaged"),
        ("long", DIGEST[:8], "has more"),
        ("unsaid-long", DIGEST[:8], "has more"),
        ("missing", DIGEST[:8], "connect to the internet"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_nothing(file, name, digest, words):
    wanted = file(name, digest)
    with pytest.raises(ExplorerError, match=words):
        wanted.download()
    assert left(wanted) == []


def test_offline(file, monkeypatch):
    monkeypatch.setattr(hub, "ADDRESS", "http://127.0.0.1:9/")
    with pytest.raises(ExplorerError, match="copy the file into torch's hub folder"):
        file().download()


def test_a_folder_that_cannot_be_written(file, tmp_path):
    (tmp_path / "hub").write_text("a file, not a folder")
    with pytest.raises(ExplorerError, match="could not be downloaded"):
        file().download()


def test_an_older_copy_is_replaced_at_once_or_not_at_all(file):
    wanted = file("cut")
    wanted.path.parent.mkdir(parents=True)
    wanted.path.write_bytes(b"older")
    with pytest.raises(ExplorerError):
        wanted.download()
    assert wanted.path.read_bytes() == b"older"
