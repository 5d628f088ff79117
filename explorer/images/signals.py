"""Grids that are not pictures: a sound, a stack of brain waves, a little film. All made here, from a seed.

Knows how each is made and what a kernel is on its grid. Does not know networks or screens.
Curriculum row A4: the same convolution runs over any regular grid.
"""

from dataclasses import dataclass

import numpy as np

AUDIO_RATE = 8_000  # samples a second
EEG_RATE = 128
VIDEO_RATE = 24  # frames a second
EEG_CHANNELS = ("Fp1", "Fp2", "C3", "C4", "P3", "P4", "O1", "O2")  # from front to back of the head


@dataclass(frozen=True, eq=False)
class Signal:
    """Values on a grid, with a name for each of its axes."""

    title: str
    values: np.ndarray  # float32, one axis for each name in `axes`, read-only
    axes: tuple[str, ...]
    sample_rate: float  # steps a second along the time axis
    unit: str  # of the values
    what_a_kernel_is: str  # one sentence
    channels: tuple[str, ...] = ()  # names along a "channel" axis, if there is one


def audio(seed: int = 0) -> Signal:
    """Return a plucked string: 1 s at 8 kHz, (8000,), amplitude within −1..1.

    Six harmonics of 220 Hz, the n-th of strength 1/n and fading n times as fast, and a little noise.
    """
    time = np.arange(AUDIO_RATE) / AUDIO_RATE
    tone = sum(np.exp(-3 * n * time) * np.sin(2 * np.pi * 220 * n * time) / n for n in range(1, 7))
    noisy = tone + 0.01 * np.random.default_rng(seed).standard_normal(time.size)
    return Signal(
        title="Audio: a plucked string",
        values=_values(noisy / np.abs(noisy).max()),
        axes=("time",),
        sample_rate=AUDIO_RATE,
        unit="amplitude",
        what_a_kernel_is="A kernel is k numbers sliding along time.",
    )


def eeg(seed: int = 0) -> Signal:
    """Return eight channels of a made-up EEG: 4 s at 128 Hz, (8, 512), in microvolts.

    One alpha rhythm of 10 Hz, waxing and waning, strongest at the back of the head as with closed eyes;
    a slow drift that all channels share; noise of each channel's own.
    """
    rng = np.random.default_rng(seed)
    time = np.arange(4 * EEG_RATE) / EEG_RATE
    alpha = (1 + 0.5 * np.sin(2 * np.pi * 0.5 * time)) * np.sin(2 * np.pi * 10 * time)
    drift = 8 * np.sin(2 * np.pi * 0.7 * time + rng.uniform(0, 2 * np.pi))
    alpha_strength = np.linspace(4, 30, len(EEG_CHANNELS))[:, np.newaxis]
    noise = 4 * rng.standard_normal((len(EEG_CHANNELS), time.size))
    return Signal(
        title="EEG: eight channels, eyes closed",
        values=_values(alpha_strength * alpha + drift + noise),
        axes=("channel", "time"),
        sample_rate=EEG_RATE,
        unit="µV",
        what_a_kernel_is="A kernel is channels × k numbers: it sees all channels at once and slides along time.",
        channels=EEG_CHANNELS,
    )


def video(frames: int = 48, side: int = 32, seed: int = 0) -> Signal:
    """Return a ball bouncing in a box: (frames, side, side) at 24 frames a second, brightness 0..1.

    The ball drifts to the right and turns at the walls; it falls freely and loses no height at the floor.
    A little noise keeps the ground from being exactly 0.
    """
    radius = side / 8
    room = side - 2 * radius  # how far the ball's centre can travel
    step = np.arange(frames)
    # A triangle wave across; a parabola for each bounce, one bounce in 16 frames.
    across = radius + room * (1 - np.abs(1 - (step / 30) % 2))
    height = 1 - (2 * ((step / 16) % 1) - 1) ** 2  # 0 on the floor, 1 at the top
    down = side - radius - room * height
    rows, columns = np.mgrid[:side, :side] + 0.5  # centres of the pixels
    distance = np.hypot(rows - down[:, np.newaxis, np.newaxis], columns - across[:, np.newaxis, np.newaxis])
    ball = np.clip(radius - distance + 0.5, 0, 1)  # an edge one pixel wide instead of a staircase
    noise = 0.02 * np.random.default_rng(seed).standard_normal(ball.shape)
    return Signal(
        title="Video: a bouncing ball",
        values=_values(np.clip(ball + noise, 0, 1)),
        axes=("frame", "row", "column"),
        sample_rate=VIDEO_RATE,
        unit="brightness",
        what_a_kernel_is="A kernel is k × k × k numbers sliding along time, rows and columns.",
    )


def _values(array: np.ndarray) -> np.ndarray:
    values = array.astype(np.float32)
    values.setflags(write=False)
    return values
