"""Each kind of grid has a figure that shows its true values."""

import dataclasses

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.figures.signals import CLOSE_UP, FIGURES, FRAMES, signal_figure
from explorer.images.signals import audio, eeg, video


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("make", [audio, eeg, video])
def test_A4_every_signal_has_a_figure(make, dark):
    signal = make()
    assert signal.axes in FIGURES
    figure = signal_figure(signal, dark=dark)
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.size >= 12


def test_A4_a_sound_is_shown_whole_and_close():
    signal = audio()
    whole, close = signal_figure(signal, dark=False).data
    assert np.array_equal(whole.y, signal.values)
    assert np.array_equal(close.y, signal.values[:CLOSE_UP])
    assert whole.x[8] == 1  # ms: the ninth number at 8 kHz


def test_A4_waves_are_apart_by_a_constant_and_tell_their_true_values():
    signal = eeg()
    lines = signal_figure(signal, dark=False).data
    assert len(lines) == 8
    for line, wave in zip(lines, signal.values, strict=True):
        assert np.array_equal(line.customdata, wave)
        assert np.ptp(line.y - wave) < 1e-4
    firsts = [line.y[0] - line.customdata[0] for line in lines]
    assert np.allclose(np.diff(firsts), firsts[1] - firsts[0], atol=1e-4)


def test_A4_frames_are_the_films_own_evenly_spaced():
    signal = video(frames=24, side=8)
    tiles = signal_figure(signal, dark=False).data
    assert len(tiles) == FRAMES
    assert all(np.array_equal(tile.z, signal.values[3 * i]) for i, tile in enumerate(tiles))


def test_A4_a_film_shorter_than_the_row_is_shown_whole():
    assert len(signal_figure(video(frames=3, side=8), dark=False).data) == 3


def test_axes_without_a_figure_are_named():
    with pytest.raises(ExplorerError, match="height × time"):
        signal_figure(dataclasses.replace(audio(), axes=("height", "time")), dark=False)
