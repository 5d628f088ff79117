"""Curriculum A4: the other grids are what their words say they are."""

import numpy as np
import pytest

from explorer.images.signals import audio, eeg, video


def strongest_frequency(values: np.ndarray, rate: float, above: float = 0) -> float:
    spectrum = np.abs(np.fft.rfft(values))
    frequencies = np.fft.rfftfreq(values.size, 1 / rate)
    spectrum[frequencies < above] = 0
    return float(frequencies[spectrum.argmax()])


@pytest.mark.parametrize("make", [audio, eeg, video])
def test_A4_signals_are_deterministic_finite_and_described(make):
    signal = make(seed=1)
    assert signal.values.dtype == np.float32
    assert np.isfinite(signal.values).all()
    assert signal.values.ndim == len(signal.axes)
    assert signal.what_a_kernel_is.startswith("A kernel is")
    assert np.array_equal(signal.values, make(seed=1).values)
    assert not np.array_equal(signal.values, make(seed=2).values)
    with pytest.raises(ValueError, match="read-only"):
        signal.values[0] = 0


def test_A4_audio_is_one_fading_tone():
    signal = audio()
    assert signal.axes == ("time",)
    assert signal.values.shape == (8000,)
    assert np.abs(signal.values).max() == 1
    assert strongest_frequency(signal.values, signal.sample_rate) == 220
    assert np.std(signal.values[:1000]) > 3 * np.std(signal.values[-1000:])


def test_A4_eeg_is_a_stack_of_correlated_channels():
    signal = eeg()
    assert signal.axes == ("channel", "time")
    assert signal.values.shape == (8, 512)
    assert len(signal.channels) == 8
    back = signal.values[-1]
    assert strongest_frequency(back, signal.sample_rate, above=3) == 10
    assert np.corrcoef(signal.values[-1], signal.values[-2])[0, 1] > 0.8
    # The rhythm is strongest at the back of the head.
    assert back.std() > 1.5 * signal.values[0].std()


def test_A4_video_is_a_ball_that_moves_and_bounces():
    signal = video()
    assert signal.axes == ("frame", "row", "column")
    assert signal.values.shape == (48, 32, 32)
    assert signal.values.min() >= 0
    assert signal.values.max() <= 1
    bright = signal.values > 0.5
    areas = bright.sum(axis=(1, 2))
    assert areas.min() > 0.9 * areas.max()  # never leaves the frame
    lowest = np.array([np.nonzero(frame)[0].max() for frame in bright])
    on_floor = np.flatnonzero(lowest == lowest.max())
    assert {0, 16, 32} <= set(on_floor)
    assert lowest[8] < 12  # and near the top between two bounces
    columns = np.array([np.nonzero(frame)[1].mean() for frame in bright])
    assert (np.diff(columns[:30]) > 0).all()
    assert (np.diff(columns[31:]) < 0).all()
