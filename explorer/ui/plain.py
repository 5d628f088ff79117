"""Strangers' words where Markdown is read: names of files, layers and classes, and the sentences that name them. Draws nothing.

A name is text. Nothing in it makes type bold, draws a formula, an icon or a link.
"""

import re

from explorer.words import shortened

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
# What Streamlit looks for in the finished text, where a backslash is gone: addresses, arrows and dashes by themselves, its logo
_LATE = re.compile(r"(@|\bwww(?=\.)|:(?=//|streamlit:)|(?<!\S)[-<>~](?=[-=>](?!\S)))(?=\S)")
_JOINER = "\u2060"  # has no width and breaks no line


def plain(text: str) -> str:
    """The text so that Markdown shows it as it stands; line breaks and signs that cannot be seen become spaces.

    >>> plain("a*b")
    'a\\\\*b'
    """
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return _SIGNS.sub(r"\\\1", _LATE.sub(rf"\1{_JOINER}", seen))


def unlabelled(text: str) -> dict[str, object]:
    """How a menu stands whose choice says what it is: without a label, or with one that tells the whole name that was cut."""
    return {"help": whole(text)} if whole(text) else {"label_visibility": "collapsed"}


def whole(text: str) -> str | None:
    """What a menu says on pointing at a name that `shortened` has cut; None where nothing was cut."""
    return plain(text) if shortened(text) != text else None
