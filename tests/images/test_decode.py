"""Files from strangers: every kind that is read, every sentence that refuses one, and random damage."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from explorer.errors import ExplorerError
from explorer.images import decode as decode_module
from explorer.images.decode import MAX_BYTES, clean_name, decode
from explorer.images.picture import Picture

RED, BLUE = (255, 0, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def red_left_blue_right(mode: str = "RGB", size: tuple[int, int] = (16, 8)) -> Image.Image:
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# --- what is read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF", "WEBP", "JPEG"])
def test_every_format_gives_its_colours(kind):
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}.get(kind, {})
    result = decode(encoded(red_left_blue_right(), kind, **options), f"a.{kind.lower()}")
    assert result.pixels.shape == (8, 16, 3)
    assert result.note == ""
    assert np.abs(result.pixels[4, 2].astype(int) - RED).max() <= 3
    assert np.abs(result.pixels[4, 13].astype(int) - BLUE).max() <= 3


def test_grey_and_one_bit_stay_two_dimensional():
    ramp = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert np.array_equal(decode(encoded(Image.fromarray(ramp), "PNG"), "a").pixels, ramp)
    one_bit = Image.fromarray(ramp > 31)
    assert one_bit.mode == "1"
    assert np.array_equal(decode(encoded(one_bit, "PNG"), "a").pixels, np.where(ramp > 31, 255, 0))


def test_palette_transparency_and_alpha_lie_on_white():
    rgba = Image.new("RGBA", (8, 8), (255, 0, 0, 0))  # red, wholly transparent
    rgba.paste((0, 0, 0, 128), (4, 0, 8, 8))
    pixels = decode(encoded(rgba, "PNG"), "a").pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 7].tolist() == [127, 127, 127]

    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.paste(1, (4, 0, 8, 8))
    pixels = decode(encoded(palette, "PNG", transparency=0), "a").pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 7].tolist() == list(BLUE)


def test_grey_with_alpha_stays_grey():
    pixels = decode(encoded(Image.new("LA", (8, 8), (10, 0)), "PNG"), "a").pixels
    assert pixels.shape == (8, 8)
    assert (pixels == 255).all()


def test_cmyk_becomes_rgb():
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    pixel = decode(encoded(cyan, "TIFF"), "a").pixels[4, 4]
    assert pixel[0] < 60 < 180 < min(pixel[1], pixel[2])


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind):
    # 257 · v is the 16-bit twin of the 8-bit v.
    values = np.arange(0, 256, 4, dtype=np.uint16).reshape(8, 8)
    result = decode(encoded(Image.fromarray(values * np.uint16(257)), kind), "a")
    assert np.array_equal(result.pixels, values)


def test_float_and_int_tiff_are_stretched_and_say_so():
    floats = np.linspace(-2, 3, 64, dtype=np.float32).reshape(8, 8)
    result = decode(encoded(Image.fromarray(floats), "TIFF"), "a")
    assert np.array_equal(result.pixels, np.rint((floats + 2) * 51))
    assert result.note == "values -2 to 3 stretched to 0–255"
    integers = np.array([[-(2**31), 0, 0, 2**31 - 1]] * 4, dtype=np.int32)
    assert decode(encoded(Image.fromarray(integers), "TIFF"), "a").pixels[0].tolist() == [0, 128, 128, 255]


def test_huge_floats_do_not_overflow_and_a_constant_is_black():
    huge = np.array([[-3e38, 3e38, 0, 0]] * 4, dtype=np.float32)
    assert decode(encoded(Image.fromarray(huge), "TIFF"), "a").pixels[0, :2].tolist() == [0, 255]
    assert not decode(encoded(Image.fromarray(np.full((4, 4), 7, np.float32)), "TIFF"), "a").pixels.any()


def test_values_that_are_not_numbers_are_counted():
    floats = np.ones((8, 8), dtype=np.float32)
    floats[0, :3] = np.nan, np.inf, -np.inf
    with pytest.raises(ExplorerError, match=r"3 values that are not numbers.* out of 64"):
        decode(encoded(Image.fromarray(floats), "TIFF"), "a.tif")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_rotation_is_applied(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its side: to be turned 90° clockwise
    pixels = decode(encoded(red_left_blue_right(size=(32, 16)), kind, exif=exif), "a").pixels
    assert pixels.shape == (32, 16, 3)
    assert pixels[2, 8, 0] > 200 > 60 > pixels[2, 8, 2]  # what was left is on top: red


def test_animated_gif_gives_its_first_frame_and_says_so():
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE, RED)]
    result = decode(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), "a.gif")
    assert result.note == "animated GIF: its first frame of 3"
    assert result.pixels[0, 0].tolist() == list(RED)


def test_multi_page_tiff_gives_its_first_page_and_says_so():
    result = decode(
        encoded(Image.new("L", (8, 8), 9), "TIFF", save_all=True, append_images=[Image.new("L", (8, 8))]), "a"
    )
    assert "first page" in result.note
    assert (result.pixels == 9).all()


def test_a_phones_jpeg_with_a_second_picture_inside_is_an_ordinary_photo():
    data = encoded(red_left_blue_right(), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    result = decode(data, "phone.jpg")
    assert result.pixels.shape == (8, 16, 3)
    assert result.note == ""


def test_a_large_picture_is_shrunk_and_says_so():
    result = decode(encoded(red_left_blue_right(size=(4096, 1000)), "PNG"), "a")
    assert result.pixels.shape == (500, 2048, 3)
    assert result.note == "shrunk from 4,096×1,000 pixels"
    assert result.pixels[250, 10].tolist() == list(RED)


def test_shrinking_keeps_sixteen_bits_scaled():
    wide = np.full((8, 2500), 128 * 257, dtype=np.uint16)
    assert (decode(encoded(Image.fromarray(wide), "PNG"), "a").pixels == 128).all()


# --- what is refused --------------------------------------------------------------------------------------------

SMALL_JPEG = encoded(red_left_blue_right(size=(64, 64)), "JPEG")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"Dear sir,\nhere is my cat.\n" * 9, "holds text"),
        ("Grüße aus Köln, ".encode() * 200, "holds text"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG drawing"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC picture"),
        (bytes(range(256)), "not a picture of a kind"),
        (SMALL_JPEG[: len(SMALL_JPEG) // 2], "damaged or ends too early"),
        (SMALL_JPEG[:8], "damaged or ends too early"),
        (b"\x89PNG\r\n\x1a\n", "damaged or ends too early"),
        (encoded(red_left_blue_right(size=(64, 64)), "PNG")[:-30], "damaged or ends too early"),
        (encoded(Image.new("L", (3, 100)), "PNG"), "3×100 pixels.*at least 4×4"),
        (encoded(Image.new("L", (1, 1)), "PNG"), "1×1 pixels"),
        (encoded(Image.new("1", (5000, 4)), "PNG"), "too narrow"),
        (encoded(Image.new("RGB", (8, 8)), "PPM"), "not a picture of a kind"),
    ],
)
def test_each_refusal_has_its_sentence_with_name_and_remedy(data, sentence):
    with pytest.raises(ExplorerError, match=sentence) as caught:
        decode(data, "cat.png")
    message = str(caught.value)
    assert message.startswith("“cat.png”")
    assert message.endswith(".")
    assert ":" in message  # the remedy stands behind a colon


def test_too_many_bytes_are_refused_by_length():
    with pytest.raises(ExplorerError, match=r"is 20\.0 MiB: choose a file of at most 20 MiB"):
        decode(bytes(MAX_BYTES + 1), "a.png")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # Pillow's own limit is a warning
@pytest.mark.parametrize("side", [6_400, 9_000, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_reaches_a_decoder(side, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(ExplorerError, match=r"too many pixels .*at most 40 million pixels"):
        decode(png_header(side, side), "bomb.png")


def test_pixel_limit_is_inclusive(monkeypatch):
    monkeypatch.setattr(decode_module, "MAX_PIXELS", 64)
    decode(encoded(Image.new("L", (8, 8)), "PNG"), "a")
    with pytest.raises(ExplorerError, match="too many pixels"):
        decode(encoded(Image.new("L", (8, 9)), "PNG"), "a")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.png", "cat.png"),
        ("C:\\Users\\me\\cat.png", "cat.png"),
        ("../../etc/cat.png", "cat.png"),
        ("a\nb\x00\u202e.png", "ab.png"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
        ("[click](cat)", "_click_(cat)"),
        ("", "picture"),
        ("folder/", "picture"),
        ("Käse 猫.png", "Käse 猫.png"),
    ],
)
def test_names_are_harmless(name, shown):
    assert clean_name(name) == shown


def test_long_names_are_cut():
    assert len(clean_name("x" * 500)) == 80


# --- damage -----------------------------------------------------------------------------------------------------

SEEDS = [
    encoded(red_left_blue_right(), "PNG"),
    encoded(red_left_blue_right("P"), "GIF"),
    encoded(red_left_blue_right(), "JPEG"),
    encoded(red_left_blue_right(), "WEBP"),
    encoded(red_left_blue_right(), "BMP"),
    encoded(red_left_blue_right(), "TIFF", compression="tiff_lzw"),
    encoded(Image.fromarray(np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)), "TIFF"),
]


def damaged(rng: random.Random) -> bytes:
    """Random bytes, or a good file with some bytes changed and perhaps its end cut off."""
    if rng.random() < 0.1:
        return rng.randbytes(rng.randrange(400))
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randrange(1, 8)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data[: rng.randrange(1, len(data))] if rng.random() < 0.3 else data)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of broken metadata; that is its business
def test_damaged_files_give_a_picture_or_a_sentence():
    pictures = sentences = 0
    for seed in range(200):
        try:
            result = decode(damaged(random.Random(seed)), "x.png")
        except ExplorerError:
            sentences += 1
        else:
            assert isinstance(result, Picture)
            assert result.pixels.dtype == np.uint8
            assert max(result.pixels.shape) <= 2048
            pictures += 1
    assert pictures > 20  # otherwise the damage is too coarse to reach the decoders
    assert sentences > 20
