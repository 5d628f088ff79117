"""Bytes of an uploaded file become a Picture, or one clear sentence.

Knows picture files and treats each one as hostile. Does not know who sent it, networks or screens.
The order is the defence: length, then the header's size, and only then a decoder.
"""

import io
import re
from typing import NoReturn

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from explorer.errors import ExplorerError
from explorer.images.picture import Picture, picture
from explorer.words import counted, noun

MIB = 1024 * 1024
MAX_BYTES = 20 * MIB
MAX_PIXELS = 40_000_000  # read from the header, before any decoding
MAX_SIDE = 2048  # what is kept: a larger picture is shrunk on load
MIN_SIDE = 4
MAX_NAME = 80  # characters

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")  # Pillow opens nothing else
FORMATS_IN_WORDS = "PNG, JPEG, WebP, BMP, GIF or TIFF"

# Modes with more than 8 bits a value. Pillow's own conversion would clip them to white.
SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
THIRTY_TWO_BIT = ("I", "F")
GREY_MODES = ("1", "L", "LA", "La")


def decode(data: bytes, name: str) -> Picture:
    """Return the picture in a file's bytes: uint8, (H, W) for a grey file, (H, W, 3) for any other.

    Rotated as its EXIF tag says, transparency laid on white, 16 bits scaled by 255/65535, 32-bit values
    stretched from their minimum..maximum to 0..255, shrunk to at most 2048 pixels a side. The Picture's note
    says which of these was done where it is not obvious.

    data: the file's bytes, at most 20 MiB. name: the file's name as the sender gave it, any text.
    Raises ExplorerError, and nothing else, for every file that is not a picture of 4×4 to 40 million pixels.
    """
    name = clean_name(name)
    if not data:
        raise ExplorerError(f"“{name}” is empty (0 bytes): choose another file.")
    if len(data) > MAX_BYTES:
        raise ExplorerError(
            f"“{name}” is {len(data) / MIB:.1f} MiB: choose a file of at most {MAX_BYTES // MIB} MiB, "
            "or save the picture smaller."
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, name)
            return _read(image, name)
    except ExplorerError:
        raise
    except UnidentifiedImageError:
        _refuse_unknown(data, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        # Pillow read an absurd size from the header before we could look at it ourselves.
        raise ExplorerError(_too_many_pixels(name, "far more")) from None
    except MemoryError:
        raise ExplorerError(f"“{name}” needs more memory than there is: save the picture smaller.") from None
    except Exception:
        # A damaged file makes decoders raise nearly anything: OSError, SyntaxError, struct.error, KeyError, ...
        raise ExplorerError(
            f"“{name}” is damaged or ends too early: open it in a picture viewer and save it again as PNG or JPEG."
        ) from None


def clean_name(name: str) -> str:
    """Return a file's name fit to be shown: no folders, no control characters, at most 80 characters.

    Characters that HTML or Markdown would act on become "_". "picture" when nothing is left.

    >>> clean_name("C:\\\\photos\\\\<b>cat</b>.png")
    'b_.png'
    """
    base = re.split(r"[/\\]", name)[-1]
    printable = "".join(character for character in base if character.isprintable())
    harmless = re.sub(r"[<>\[\]`$*|~]", "_", printable).strip()
    if len(harmless) > MAX_NAME:
        harmless = harmless[: MAX_NAME - 1] + "…"
    return harmless or "picture"


def _check_size(image: Image.Image, name: str) -> None:
    """Raise ExplorerError for a size that must not, or need not, be decoded. Only the header is read so far."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ExplorerError(_too_many_pixels(name, f"{width:,}×{height:,}"))
    if min(width, height) < MIN_SIDE:
        raise ExplorerError(
            f"“{name}” is {width:,}×{height:,} pixels: choose a picture of at least {MIN_SIDE}×{MIN_SIDE}."
        )
    if min(width, height) * MAX_SIDE < max(width, height) * MIN_SIDE:
        raise ExplorerError(
            f"“{name}” is {width:,}×{height:,} pixels, too narrow to be shrunk to {MAX_SIDE:,}: cut a piece out of it."
        )


def _too_many_pixels(name: str, size: str) -> str:
    return f"“{name}” has too many pixels ({size}): choose a picture of at most {MAX_PIXELS // 10**6} million pixels."


def _read(image: Image.Image, name: str) -> Picture:
    """Decode the first frame, and take it through rotation, shrinking, 8 bits and a white ground in turn."""
    notes = [_frames_note(image)]
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    grey = image.mode in GREY_MODES
    plain = _plain_mode(image)
    if plain.mode == "F":
        _check_numbers(np.asarray(plain), name)
    if max(plain.size) > MAX_SIDE:
        notes.append(f"shrunk from {plain.width:,}×{plain.height:,} pixels")
        # Averages of areas: fine stripes turn grey instead of into false patterns, and nothing overshoots.
        plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX, reducing_gap=None)
    if plain.mode in SIXTEEN_BIT:
        pixels = _scale(np.asarray(plain), 0, 65535)
    elif plain.mode in THIRTY_TWO_BIT:
        values = np.asarray(plain)
        low, high = float(values.min()), float(values.max())
        notes.append(f"values {low:g} to {high:g} stretched to 0–255")
        pixels = _scale(values, low, high)
    else:
        pixels = np.asarray(_on_white(plain, grey))
    return picture(name, pixels, "; ".join(note for note in notes if note))


def _frames_note(image: Image.Image) -> str:
    """Say which frame is kept of a file that holds several; "" for an ordinary picture."""
    # MPO is a phone's JPEG that carries a second picture for the camera's own use: an ordinary photo to its owner.
    if not getattr(image, "is_animated", False) or image.format == "MPO":
        return ""
    if image.format == "TIFF":  # counting pages would walk a chain that the file's maker chose
        return "TIFF of several pages: its first page"
    return f"animated {image.format}: its first frame of {image.n_frames:,}"


def _plain_mode(image: Image.Image) -> Image.Image:
    """Return the image in one of few modes: L, RGB, RGBA, or unchanged where it has more than 8 bits a value."""
    if image.mode in SIXTEEN_BIT + THIRTY_TWO_BIT:
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in GREY_MODES else "RGB")


def _on_white(image: Image.Image, grey: bool) -> Image.Image:
    """Return the image without transparency: what shows through is white, as on paper."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("L" if grey else "RGB")


def _scale(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return low..high as 0..255, uint8, rounded; all 0 where low equals high."""
    if low == high:
        return np.zeros(values.shape, dtype=np.uint8)
    # float64: the difference of two 32-bit values may not fit in 32 bits.
    share = (values.astype(np.float64) - low) / (high - low)
    return np.rint(share * 255).astype(np.uint8)


def _check_numbers(values: np.ndarray, name: str) -> None:
    """Raise ExplorerError where a float picture holds NaN or infinity: no grey level stands for them."""
    bad = values.size - int(np.isfinite(values).sum())
    if bad:
        raise ExplorerError(
            f"“{name}” holds {counted(bad, 'value')} that {noun(bad, 'is no number', 'are not numbers')} (NaN or "
            f"infinite) out of {values.size:,}: "
            "replace them and save the file again."
        )


def _refuse_unknown(data: bytes, name: str) -> NoReturn:
    """Say what the file seems to be, from its first bytes, and what to send instead."""
    start = data[:1024]
    remedy = f"choose a {FORMATS_IN_WORDS} file."
    if re.search(rb"<svg[\s>]", start):
        raise ExplorerError(f"“{name}” is an SVG drawing, which has no pixels: export it as PNG first.")
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1"):
        raise ExplorerError(f"“{name}” is a HEIC picture, which is not supported: save it as JPEG or PNG first.")
    if start[:8] == b"\x89PNG\r\n\x1a\n" or start[:3] == b"\xff\xd8\xff":
        raise ExplorerError(f"“{name}” starts like a picture but is damaged or ends too early: {remedy}")
    if _is_text(start):
        raise ExplorerError(f"“{name}” holds text, not a picture: {remedy}")
    raise ExplorerError(f"“{name}” is not a picture of a kind known here: {remedy}")


def _is_text(start: bytes) -> bool:
    """Tell whether bytes read as UTF-8 text without control characters (the cut may fall inside a character)."""
    text = start.decode("utf-8", errors="ignore")
    whole = len(start) - len(text.encode()) < 4
    return whole and all(character.isprintable() or character.isspace() for character in text)
