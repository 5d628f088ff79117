"""Names of strangers in a real browser: what is read is what the file is called; nothing in it is a link, a picture or type."""

import io

import numpy as np
import pytest
from PIL import Image

NAMES = [  # Streamlit itself takes stars, brackets, dollars and the like out of a file's name
    ":smile: :streamlit: -- www.e.com a@b.com _z_ __x__ x^2.png",
    "# head.png",
]


def picture() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_text(open_page, name):
    page = open_page()
    page.locator(".network .best").wait_for()
    page.get_by_text("Upload", exact=True).click()
    uploader = page.locator("input[type=file]")
    uploader.set_input_files({"name": name, "mimeType": "image/png", "buffer": picture()})
    note = page.locator("[data-testid=stCaptionContainer]", has_text="60×40")
    note.wait_for()
    assert note.inner_text().replace("\u2060", "") == f"{name} · 60×40"
    assert note.locator("p *").count() == 0
    uploader.set_input_files({"name": name, "mimeType": "image/png", "buffer": b"no picture"})
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert f"“{name}”" in alert.inner_text().replace("\u2060", "")
    assert alert.locator("p *").count() == 0
