"""The server's own routes through Starlette: a run is watched, and commanded once for each command, by its own pages only."""

import asyncio
import json

import pytest
from starlette.applications import Starlette

from explorer.live import registry
from explorer.live import routes as live_routes
from explorer.live.channel import channel
from explorer.live.gate import doors
from explorer.live.routes import routes
from explorer.training.control import check_command
from explorer.training.story import Story
from tests.live.test_channel import PATIENCE, to_the_end, told
from tests.live.test_messages import unpacked

MINE = "http://127.0.0.1:8501"


def ask(path, *, seconds=PATIENCE, method="GET", headers=(), body=b""):
    """One request through Starlette, hanging up after some seconds; returns status, headers and the body until then."""
    app = Starlette(routes=routes("/explorer/runs", doors("127.0.0.1")))
    sent = []

    async def get():
        gone, given = asyncio.Event(), []

        async def receive():
            if not given:
                given.append(True)
                return {"type": "http.request", "body": body, "more_body": False}
            if not sent or sent[0]["status"] == 200:
                await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers], "root_path": "", "scheme": "http",
            "server": ("127.0.0.1", 80), "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip
        answering = asyncio.create_task(app(scope, receive, send))
        await asyncio.wait({answering}, timeout=seconds)
        gone.set()
        async with asyncio.timeout(PATIENCE):
            await answering

    to_the_end(get())
    got = b"".join(message.get("body", b"") for message in sent[1:])
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, got


def test_events_are_streamed_until_the_browser_goes(recorded):
    status, headers, body = ask("/explorer/runs/one/events", seconds=1.5)
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    messages = [message for message in body.decode().split("\n\n") if message]
    assert {message.splitlines()[0] for message in messages} == {"event: status", "event: frame"}
    assert channel(recorded).listeners == 0  # counted down when it went


def test_a_frame_is_fetched(recorded):
    status, headers, body = ask("/explorer/runs/one/frames/10", seconds=PATIENCE)
    assert (status, headers["content-type"]) == (200, "application/octet-stream")
    header, _ = unpacked(body)
    assert (header["step"], header["exact"]) == (10, True)
    assert body == channel(recorded).packed(10, exact=True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/explorer/runs/one/frames/999999", "no snapshot of step 999,999 any more"),
        ("/explorer/runs/nobody/frames/0", "no run called “nobody”"),
        ("/explorer/runs/nobody/events", "no run called “nobody”"),
        ("/explorer/runs/..%2Fone/events", ""),
        ("/explorer/runs/ONE/events", "no run's name"),
    ],
)
def test_what_is_not_there_is_404_with_a_sentence(recorded, path, said):
    status, _, body = ask(path, seconds=PATIENCE)
    assert status == 404
    if said:
        assert said in json.loads(body)["message"]


def test_a_snapshot_that_is_thinned_away_is_404(recorded, runs):
    (runs / "one" / "snapshots" / "10.safetensors").unlink()
    assert ask("/explorer/runs/one/frames/10", seconds=PATIENCE)[0] == 404


def test_a_run_that_failed_before_it_began_has_no_frame_and_no_fault(recorded, monkeypatch):
    class Starting:
        live = True
        state = "starting"
        story = Story(snapshots=[], state="starting")

    monkeypatch.setitem(registry._JOBS, ("train", "new"), Starting())

    status, _, body = ask("/explorer/runs/new/events", seconds=0.5)
    assert status == 200
    kind, data = told(body)
    assert (kind, json.loads(data)["state"], json.loads(data)["title"]) == ("status", "starting", "new")


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Obedient:
    """A run that writes down what it is told."""

    live, state = True, "running"

    def __init__(self):
        self.heard = []

    def command(self, command):
        self.heard.append(check_command(command))


@pytest.fixture
def job(monkeypatch):
    """The only run that trains, "one"."""
    obedient = Obedient()
    monkeypatch.setattr(registry, "_JOBS", {("train", "one"): obedient})
    monkeypatch.setattr(live_routes, "_ANSWERS", type(live_routes._ANSWERS)())
    return obedient


def post(body, *, run="one", origin=MINE, kind="application/json", host="127.0.0.1:8501"):
    """Status and sentence."""
    parts = (("host", host), ("origin", origin), ("content-type", kind))
    headers = [(name, value) for name, value in parts if value is not None]
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, got = ask(f"/explorer/runs/{run}/commands", method="POST", headers=headers, body=body)
    return status, json.loads(got)["message"]


def test_commands_reach_their_run_in_order(job):
    sent = [
        {"name": "pause"},
        {"name": "rate", "value": 0.5},
        {"name": "box_weight", "value": 0},
        {"name": "speed", "value": None},
    ]
    for number, command in enumerate(sent):
        assert post({"id": str(number), **command}) == (200, "")
    assert job.heard == [{"value": None, **command} for command in sent]


def test_a_command_that_comes_again_is_answered_and_not_repeated(job):
    for _ in range(3):
        assert post({"id": "a", "name": "step"}) == (200, "")
        assert post({"id": "b", "name": "rate", "value": -1})[0] == 400
    assert len(job.heard) == 1
    assert post({"id": "c", "name": "step"}) == (200, "")
    assert len(job.heard) == 2


def test_answers_are_kept_for_a_bounded_number_of_commands(job, monkeypatch):
    monkeypatch.setattr(live_routes, "MOST_ANSWERS", 3)
    for number in range(10):
        post({"id": str(number), "name": "step"})
    assert len(live_routes._ANSWERS) == 3


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:3000", "http://localhost:8501"]
)
def test_no_page_of_another_site_commands(job, origin):
    assert post({"id": "a", "name": "stop"}, origin=origin)[0] == 403
    assert job.heard == []


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_no_form_commands(job, kind):
    assert post({"id": "a", "name": "stop"}, kind=kind)[0] == 415
    assert job.heard == []


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff",
            b"[" * 4000,
            b"x" * 5000,
            {},
            {"name": "stop"},
            {"id": 7, "name": "stop"},
        ),
        *({"id": "", "name": "stop"}, {"id": "a b", "name": "stop"}, {"id": "x" * 65, "name": "stop"}, {"id": "a"}),
        *({"id": "a", "name": "explode"}, {"id": "a", "name": ["stop"]}, {"id": "a", "name": "rate", "value": "9"}),
        *({"id": "a", "name": "rate", "value": value} for value in (0, -0.1, True, None, [1])),
        *({"id": "a", "name": "box_weight", "value": value} for value in (-0.1, 1000.1, None, "1")),
        *(b'{"id": "a", "name": "rate", "value": NaN}', b'{"id": "a", "name": "speed", "value": 1e999}'),
    ],
    ids=lambda body: str(body)[:40],
)
def test_anything_else_is_no_command(job, body):
    status, said = post(body)
    assert status in (400, 413)
    assert said
    assert job.heard == []


@pytest.mark.parametrize("run", ["nobody", "..%2Fone", "ONE"])
def test_a_run_that_does_not_train_says_so(job, run):
    status, said = post({"id": "a", "name": "stop"}, run=run)
    assert (status, "not training any more" in said) in ((409, True), (404, False))
    job.live = False
    assert post({"id": "b", "name": "stop"})[0] == 409
    assert job.heard == []


def test_a_command_is_posted(job):
    assert ask("/explorer/runs/one/commands")[0] == 405
