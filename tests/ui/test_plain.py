"""A stranger's words are shown as they stand, whatever Markdown would make of them. A browser: tests/browser."""

import pytest

from explorer.ui.plain import plain
from explorer.words import shortened


def test_words_are_escaped():
    assert plain("cup") == "cup"
    assert plain("**a** [b](c) :red[d] $e$ <f>") == r"\*\*a\*\* \[b\]\(c\) \:red\[d\] \$e\$ \<f\>"
    assert plain("x^2 `code`") == r"x\^2 \`code\`"


def test_what_cannot_be_seen_is_a_space():
    assert plain("a\nb\n\nc\u202egnp") == "a b  c gnp"


@pytest.mark.parametrize(
    "text", ["http://e.com", "www.e.com", "a@b.com", "-> x", "<-", "--", ">= 1", "~=", ":streamlit:"]
)
def test_what_is_looked_for_late_is_broken_by_a_sign_without_width(text):
    assert plain(text).count("\u2060") == 1


@pytest.mark.parametrize("text", ["--input-shape 3,8,8", "a - b", "3 > 2", "12:30", "layer1.0.conv1"])
def test_and_nothing_else_is(text):
    assert "\u2060" not in plain(text)
    assert plain(text).replace("\\", "") == text


def test_long_names_are_cut_in_their_middle():
    assert shortened("layer1.0.conv1") == "layer1.0.conv1"
    assert shortened("features.denseblock1.conv2", 13) == "featur….conv2"
    cut = shortened("a" * 150 + "." + "b" * 150)
    assert (len(cut), cut[:3], cut[-3:], cut.count("…")) == (60, "aaa", "bbb", 1)
    assert shortened("abcdef", 5) == "ab…ef"
