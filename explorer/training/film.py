"""Pictures one after another as a GIF or MP4 file. Knows encoders; not what the pictures show."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.errors import ExplorerError
from explorer.words import counted, written

# VP9 is in every build of OpenCV's and in every browser; H.264 only where the system brings an encoder; MPEG-4 anywhere.
CODECS = ("vp09", "avc1", "mp4v")
RATES = (0.1, 60.0)  # pictures a second


def film(frames: Iterable[np.ndarray], *, kind: str, rate: float) -> bytes:
    """One file from pictures of one size, uint8 (H, W, 3), which are taken one at a time.

    kind: "gif" (loops for ever; times in whole hundredths of a second; pictures that do not change are joined to one) or
    "mp4" (an odd height or width gets one more row or column).
    rate: pictures a second, 0.1 to 60. Raises ExplorerError for no pictures, other kinds, rates or sizes.
    """
    if kind not in KINDS:
        raise ExplorerError(f"A film of kind “{kind[:20]}” is unknown: choose one of {', '.join(KINDS)}.")
    if not RATES[0] <= rate <= RATES[1]:
        raise ExplorerError(
            f"{counted(rate, 'picture')} a second cannot be played: choose {written(RATES[0])} to {written(RATES[1])}."
        )
    checked = _checked(frames)
    first = next(checked, None)
    if first is None:
        raise ExplorerError("The film has no pictures: let the run reach its first snapshot.")
    return KINDS[kind](chain([first], checked), rate)


def _checked(frames: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    shape = None
    for frame in frames:
        shape = shape or frame.shape
        if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or frame.shape != shape:
            raise ExplorerError(
                f"A picture of the film has shape {frame.shape}, type {frame.dtype}: give uint8 {shape}."
            )
        yield frame


def _gif(frames: Iterator[np.ndarray], rate: float) -> bytes:
    pictures = (Image.fromarray(frame) for frame in frames)
    first = next(pictures)
    file = io.BytesIO()
    duration = max(20, round(100 / rate) * 10)  # browsers slow down what is shorter than 20 ms
    first.save(file, "GIF", save_all=True, append_images=pictures, duration=duration, loop=0)
    return file.getvalue()


def _mp4(frames: Iterator[np.ndarray], rate: float) -> bytes:
    import cv2  # 0.2 s to import

    with tempfile.TemporaryDirectory() as folder:  # the encoder writes to files only
        path = Path(folder) / "film.mp4"
        writer = None
        for frame in frames:
            even = np.pad(frame, [(0, frame.shape[0] % 2), (0, frame.shape[1] % 2), (0, 0)], mode="edge")
            writer = writer or _open_writer(path, rate, even.shape)
            writer.write(cv2.cvtColor(even, cv2.COLOR_RGB2BGR))
        writer.release()
        return path.read_bytes()


def _open_writer(path: Path, rate: float, shape: tuple[int, ...]):
    import cv2

    for codec in CODECS:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*codec), rate, (shape[1], shape[0]))
        if writer.isOpened():
            return writer
        writer.release()
    raise ExplorerError("This computer's OpenCV cannot write MP4: choose GIF.")


KINDS: dict[str, Callable[[Iterator[np.ndarray], float], bytes]] = {"gif": _gif, "mp4": _mp4}
