"""What the browser is told of a run: messages that parse, frames that are the viewer's, and listeners that are let go."""

import asyncio
import base64
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.live import channel as live
from explorer.live.channel import Channel, channel
from explorer.training.timeline import snapshot_steps
from tests.live.test_messages import no_constants, unpacked

PATIENCE = 30  # seconds: only a broken test waits so long
STATUS = {
    *("id", "title", "state", "message", "device", "memory_mb", "step", "total_steps", "epoch", "fraction", "seconds"),
    *("speed", "rate", "wanted_speed", "loss", "evaluations", "sampled", "snapshots", "classes", "parameters"),
}


def to_the_end(coroutine):
    """Run a coroutine in a thread of its own: the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def told(message):
    """An event's kind and data."""
    kind, data, *rest = message.decode().split("\n")
    assert rest == ["", ""]
    assert kind.startswith("event: ")
    assert data.startswith("data: ")
    return kind[7:], data[6:]


# ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_as_json(recorded):
    one = channel(recorded)
    status = json.loads(one._status(one.story()), parse_constant=no_constants)
    assert set(status) >= STATUS
    assert (status["id"], status["state"]) == ("one", "finished")
    assert status["title"].startswith("LeNet-5")
    assert (status["step"], status["total_steps"], status["fraction"]) == (10, 10, 1.0)
    assert status["snapshots"] == snapshot_steps(one.viewer().run.folder)
    assert status["classes"] == ["above", "below"]
    assert status["parameters"] == 61_706 - 8 * 85  # two classes instead of ten
    assert [row[0] for row in status["evaluations"]] == [5, 10]
    assert all(len(row) == 4 for row in status["evaluations"])
    assert all(len(row) == 3 for row in status["loss"])


# ── channels ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["nobody", "../x", "", "x" * 100])
def test_an_unknown_run_has_no_channel(recorded, name):
    with pytest.raises(ExplorerError, match="choose one of the list"):
        channel(name)
    assert list(live._CHANNELS) == []


def test_there_is_one_channel_a_run_and_a_bounded_number(recorded, runs, monkeypatch):
    assert channel(recorded) is channel(recorded)
    for number in range(12):
        shutil.copytree(runs / "one", runs / f"copy{number}")
    channel("copy0").listeners = 1
    for number in range(12):
        channel(f"copy{number}")
    assert len(live._CHANNELS) <= live.MOST_CHANNELS + 1
    assert "copy0" in live._CHANNELS  # somebody listens
    assert "copy11" in live._CHANNELS


def test_frames_are_kept(recorded, monkeypatch):
    one = channel(recorded)
    assert one.frame(0) is one.frame(0)
    assert one._sampled == {0: one.frame(0).accuracy}
    monkeypatch.setattr(live, "MOST_FRAMES", 1)
    first = one.frame(0)
    one.frame(10)
    assert one.frame(0) is not first


def test_a_pin_changes_the_frame(recorded):
    one = channel(recorded)
    before, _ = unpacked(one.packed(10, exact=True))
    image, label = one.viewer().test_picture(1)
    one.pin(image, label)
    after, arrays = unpacked(one.packed(10, exact=True))
    assert (before["label"], after["label"]) == ("above", "below")
    np.testing.assert_array_equal(arrays[after["input"]["array"]].reshape(32, 32), image)
    one.pin(np.full((32, 32), 7, np.uint8), None)
    own, arrays = unpacked(one.packed(10, exact=True))
    assert own["label"] is None
    assert set(arrays[own["input"]["array"]]) == {7}
    assert own["confusion"]["accuracy"] == before["confusion"]["accuracy"]  # that is no matter of the pin


def test_a_pin_while_a_frame_is_made_is_not_lost(recorded, monkeypatch):
    one = channel(recorded)
    viewer = one.viewer()
    look = viewer.look

    def slowly(*args):
        frame = look(*args)
        one.pin(np.zeros((32, 32), np.uint8), None)
        monkeypatch.setattr(viewer, "look", look)
        return frame

    monkeypatch.setattr(viewer, "look", slowly)
    one.frame(10)
    assert one.frame(10).image.max() == 0


def test_the_epoch_of_a_snapshot(recorded):
    one = channel(recorded)
    assert [unpacked(one.packed(step, exact=True))[0]["epoch"] for step in (0, 10)] == [0, 2]


# ── listening ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def hear(messages, *, kind=None):
    """The next message, or the next of a kind."""
    async with asyncio.timeout(PATIENCE):
        async for message in messages:
            if kind is None or message.startswith(f"event: {kind}".encode()):
                return message
    raise AssertionError("it ended")


def test_a_listener_hears_the_story_and_a_frame(recorded):
    async def listen():
        one = Channel(recorded)
        messages = one.listen()
        status = told(await hear(messages, kind="status"))
        frame = told(await hear(messages, kind="frame"))
        assert one.listeners == 1
        await messages.aclose()
        assert one.listeners == 0
        async with asyncio.timeout(PATIENCE):
            await one._pump  # nobody listens: nothing is made any more
        return status, frame

    (kind, status), (other, frame) = to_the_end(listen())
    assert (kind, other) == ("status", "frame")
    assert json.loads(status)["state"] == "finished"
    header, _ = unpacked(base64.b64decode(frame))
    assert (header["step"], header["exact"]) == (10, True)  # it stands still: the true numbers


def test_every_listener_is_sent_the_same_bytes_made_once(recorded, monkeypatch):
    made = []
    packed = Channel.packed
    monkeypatch.setattr(Channel, "packed", lambda *args, **named: made.append(args) or packed(*args, **named))

    async def listen():
        one = Channel(recorded)
        many = [one.listen() for _ in range(20)]
        heard = await asyncio.gather(*(hear(messages, kind="frame") for messages in many))
        for messages in many:
            await messages.aclose()
        return heard, one.listeners

    heard, listeners = to_the_end(listen())
    assert len(set(heard)) == 1
    assert len(made) == 1
    assert listeners == 0


def test_a_listener_hears_of_a_pin_and_of_what_is_new(recorded, monkeypatch):
    monkeypatch.setattr(live, "EVERY", 0.02)

    async def listen():
        one = Channel(recorded)
        messages = one.listen()
        first = await hear(messages, kind="frame")
        one.pin(np.zeros((32, 32), np.uint8), None)
        second = await hear(messages, kind="frame")
        one.story().add({"kind": "ended", "state": "failed", "message": "Now."})
        for _ in range(50):
            status = json.loads(told(await hear(messages, kind="status"))[1])
            if status["state"] == "failed":
                break
        await messages.aclose()
        return first, second, status

    first, second, status = to_the_end(listen())
    assert first != second
    assert status["message"] == "Now."


def test_a_slow_listener_does_not_miss_the_end(recorded, monkeypatch):
    """A status that is replaced while it is being sent: the newer one follows at once, not at the next heartbeat."""
    monkeypatch.setattr(live, "EVERY", 0.02)

    async def listen():
        one = Channel(recorded)
        messages = one.listen()
        assert told(await hear(messages))[0] == "status"  # and now it is slow
        one.story().add({"kind": "ended", "state": "failed", "message": "Meanwhile."})
        while b"Meanwhile." not in one._messages["status"] or "frame" not in one._messages:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)  # until nothing changes any more
        kinds = []
        async with asyncio.timeout(5):
            while b"Meanwhile." not in (message := await anext(messages)):
                kinds.append(told(message)[0])
        await messages.aclose()
        return kinds, message

    kinds, message = to_the_end(listen())
    assert told(message)[0] == "status"
    assert kinds == ["frame"]


def test_all_frames_are_made_ahead_and_then_there_is_silence(recorded, runs, monkeypatch):
    monkeypatch.setattr(live, "EVERY", 0.01)
    monkeypatch.setattr(live, "HEARTBEAT", 0.1)
    (runs / "one" / "snapshots" / "0.safetensors").write_bytes(b"damaged")

    async def listen():
        one = Channel(recorded)
        messages = one.listen()
        async with asyncio.timeout(PATIENCE):
            while await anext(messages) != b": still here\n\n":
                pass
        await messages.aclose()
        return one

    one = to_the_end(listen())
    assert set(one._frames) == set(one.story().snapshots) - {0}
    assert one._unshown == {0}
