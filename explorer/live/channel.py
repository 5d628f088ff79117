"""Any number of browsers watch a run: what is sent to them. Knows runs and listeners; not routes, not pages.

One channel a run: its messages are made once, at most five times a second, and every listener is sent the same bytes.
Nothing here slows the training, which writes its snapshots whether somebody looks or not.
"""

import asyncio
import base64
import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator

import numpy as np

from explorer.errors import ExplorerError
from explorer.live.messages import frame_message, story_message
from explorer.live.runs import find_job, story_of
from explorer.training.frames import Frame, Viewer
from explorer.training.story import Story
from explorer.training.timeline import read_run, runs_root

EVERY, EVERY_CROWDED = 0.2, 0.5  # seconds between two messages, and for more listeners than CROWD
CROWD = 20
TICK = 0.04  # seconds between two looks at whether there is something to tell
HEARTBEAT = 15.0  # seconds of silence after which a proxy might give up
MOST_FRAMES = 256  # a channel keeps, some 60 kB each
MOST_CHANNELS = 8


class Channel:
    """What is sent about one run. Made by `channel`; its messages are those of one event loop, its frames of any thread."""

    def __init__(self, identity: str) -> None:
        self.id = identity
        self.listeners = 0
        self._over: Story | None = None  # the story of a run that nobody trains, read once
        self._viewer: Viewer | None = None
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._sampled: dict[int, float] = {}
        self._unshown: set[int] = set()  # snapshots that cannot be looked at
        self._pinned: tuple[np.ndarray, int | None] | None = None
        self._pins = 0
        self._lock = threading.Lock()
        self._messages: dict[str, bytes] = {}
        self._versions = {"status": 0, "frame": 0}
        self._tick: asyncio.Future | None = None
        self._pump: asyncio.Task | None = None
        self.story()  # an unknown run is refused here

    def story(self) -> Story:
        """The run as it is now."""
        job = find_job(self.id)
        if job:
            return job.story
        if self._over is None:
            read_run(runs_root(), self.id)
            self._over = story_of(self.id)
        return self._over

    def viewer(self) -> Viewer:
        """What looks at the run's snapshots. Raises ExplorerError as long as the run has not written what it is."""
        with self._lock:
            if self._viewer is None:
                self._viewer = Viewer(read_run(runs_root(), self.id))
            return self._viewer

    def pin(self, image: np.ndarray, label: int | None) -> None:
        """Show everybody this picture's maps from now on: uint8 as Frame.image."""
        with self._lock:
            self._pinned, self._pins = (image, label), self._pins + 1
            self._frames.clear()

    def pinned(self) -> tuple[np.ndarray, int | None]:
        """The pinned picture and its class; the first test picture until one is pinned."""
        return self._pinned or self.viewer().test_picture(0)

    def frame(self, steps: int) -> Frame:
        """The frame of a snapshot, kept once made. Raises ExplorerError where that snapshot is gone."""
        with self._lock:
            pins = self._pins
            if steps in self._frames:
                self._frames.move_to_end(steps)
                return self._frames[steps]
        frame = self.viewer().look(steps, *self.pinned())
        with self._lock:
            self._sampled[steps] = frame.accuracy
            if pins == self._pins:
                self._frames[steps] = frame
                while len(self._frames) > MOST_FRAMES:
                    self._frames.popitem(last=False)
        return frame

    def packed(self, steps: int, *, exact: bool) -> bytes:
        """A snapshot's frame as the browser takes it."""
        frame, story = self.frame(steps), self.story()
        epoch = story.epoch * steps / story.step if story.step else 0.0
        return frame_message(self.viewer().run, frame, epoch=epoch, exact=exact)

    # ── listeners ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self) -> AsyncIterator[bytes]:
        """The newest messages, and then each newer one."""
        self.listeners += 1
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())
        seen = dict.fromkeys(self._versions, 0)
        try:
            while True:
                for kind, version in self._versions.items():
                    if seen[kind] != version:
                        seen[kind] = version
                        yield self._messages[kind]
                if seen != self._versions:  # newer ones came while these were sent
                    continue
                if self._tick is None or self._tick.done():
                    self._tick = asyncio.get_running_loop().create_future()
                if not await asyncio.shield(self._tick):
                    yield b": still here\n\n"
        finally:
            self.listeners -= 1

    async def _run(self) -> None:
        """Make messages as long as somebody listens: what somebody waits for at once, the rest at a bounded rate."""
        told, shown, turns, due, silent_since = None, None, -1, 0.0, time.monotonic()
        while self.listeners:
            story, now = self.story(), time.monotonic()
            if now >= due or story.turns != turns:
                due = now + (EVERY if self.listeners <= CROWD else EVERY_CROWDED)
                turns, changed = story.turns, False
                state = (story.version, story.state, len(self._sampled), self._pins)
                if state != told:
                    told, changed = state, True
                    self._tell("status", (await asyncio.to_thread(self._status, story)).encode())
                    self._wake(True)  # before the frame, which takes ten times as long
                steps = story.snapshots[-1] if story.snapshots else None
                look = (steps, self._pins, story.state == "running")
                if steps is not None and look != shown:
                    with contextlib.suppress(ExplorerError):  # thinned away just now, or not yet there
                        packed = await asyncio.to_thread(self.packed, steps, exact=story.state != "running")
                        self._tell("frame", base64.b64encode(packed))
                        shown, changed = look, True
                elif story.state != "running":
                    changed = await asyncio.to_thread(self._look_ahead, story) or changed
                if changed or now - silent_since >= HEARTBEAT:
                    self._wake(changed)
                    silent_since = now
            await asyncio.sleep(TICK)

    def _status(self, story: Story) -> str:
        title, classes = self.id, ()
        with contextlib.suppress(ExplorerError):  # not yet begun
            run = self.viewer().run
            title, classes = run.settings.title, run.classes
        return story_message(self.id, title, story, dict(self._sampled), classes, pins=self._pins)

    def _look_ahead(self, story: Story) -> bool:
        """Make a few frames that nobody has asked for yet, so that scrubbing finds them; whether there were any."""
        frames, unshown = self._frames, self._unshown
        missing = [steps for steps in list(story.snapshots) if steps not in frames and steps not in unshown][:3]
        for steps in missing:
            try:
                self.frame(steps)
            except ExplorerError:
                self._unshown.add(steps)
        return bool(missing)

    def _tell(self, kind: str, data: bytes) -> None:
        self._messages[kind] = b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n"
        self._versions[kind] += 1

    def _wake(self, changed: bool) -> None:
        if self._tick and not self._tick.done():
            self._tick.set_result(changed)


_CHANNELS: OrderedDict[str, Channel] = OrderedDict()
_LOCK = threading.Lock()


def channel(identity: str) -> Channel:
    """The channel of a run. Raises ExplorerError for an unknown one."""
    with _LOCK:
        if identity not in _CHANNELS:
            _CHANNELS[identity] = Channel(identity)
            quiet = [key for key, one in _CHANNELS.items() if not one.listeners and key != identity]
            for key in quiet[: max(0, len(_CHANNELS) - MOST_CHANNELS)]:
                del _CHANNELS[key]
        _CHANNELS.move_to_end(identity)
        return _CHANNELS[identity]
