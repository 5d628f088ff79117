"""A picture as an address that holds it."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explorer.images.thumbnail import thumbnail


@pytest.mark.parametrize(("shape", "size"), [((112, 112), (64, 64)), ((30, 120, 3), (64, 16)), ((8, 8), (8, 8))])
def test_a_thumbnail_is_the_picture_no_larger_than_asked(shape, size):
    kind, packed = thumbnail(np.full(shape, 90, np.uint8), 64).split(",")
    assert kind == "data:image/png;base64"
    small = Image.open(io.BytesIO(base64.b64decode(packed)))
    assert small.size == size
    assert np.unique(np.asarray(small)).tolist() == [90]
