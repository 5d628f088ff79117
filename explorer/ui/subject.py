"""What an exhibit of a network page looks at: a picture and a network, the session's own unless an address says otherwise.

Knows the session's choices and the settings `sample` and `network`; the pickers draw themselves. A record of settings has
either field or both: `sample: Annotated[str, PICTURE] = MINE`, `network: Annotated[str, NETWORK] = ""`.
"""

import streamlit as st
import torch

from explorer.errors import ExplorerError
from explorer.images.picture import Picture
from explorer.images.samples import SAMPLES, load_sample
from explorer.images.thumbnail import thumbnail
from explorer.models.registry import MODELS, find
from explorer.settings.fields import OneOf, Word
from explorer.ui.network_view import EXAMPLE, example_for
from explorer.ui.pickers import look_at_sample, pick_network, pick_picture
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.state import MINE, choice, choose_network
from explorer.words import shortened

PICTURE = OneOf("", (*SAMPLES, MINE))
THUMBNAIL = 64  # pixels: drawn half as large


class _Network(Word):
    """A name of the registry, in which a user's own may come later; "" is the session's."""

    def check(self, value: str) -> None:
        if value and value not in MODELS:
            raise ExplorerError(f"“{value[:20]}” is no network")

    def drawn(self, st):
        """Any network, by Hypothesis' strategies."""
        return st.sampled_from(["", *MODELS])


NETWORK = _Network("network")


def pick(page: str) -> None:
    """Draw the pickers that the page's settings have a field for, and write down what is looked at.

    An address or a variant that was just loaded chooses the session's picture and network.
    """
    _take_over(page)
    if hasattr(place(page).settings, "sample"):
        pick_picture(_example(page))
        change(page, sample=choice().sample if choice().source == "sample" else MINE)
    if hasattr(place(page).settings, "network"):
        name = pick_network()
        named = place(page).settings.network == ""  # for the first time: nothing is forgotten
        change(page, network=name, forget=not named)


def subject_title(page: str) -> str:
    """What is looked at, in a few words, as Markdown: the picture, small, its name and the network's title."""
    _take_over(page)
    settings, words, small = place(page).settings, [], ""
    if hasattr(settings, "sample"):
        now = choice().picture
        small = f"![]({thumbnail((now or _example(page)).pixels, THUMBNAIL)}) "
        words.append(shortened(now.name, 20) if now else "an example")
    if hasattr(settings, "network"):
        words.append(MODELS[choice().network].title)
    return small + plain(" · ".join(words))


def _example(page: str) -> Picture:
    """What the page looks at while there is no picture."""
    return example_for(choice().network) if hasattr(place(page).settings, "network") else load_sample(EXAMPLE)


def inputs_of(network: str) -> tuple[torch.Tensor, str]:
    """The session's picture as the network's input (1, C, H, W); the example where there is none.

    The example too where the picture cannot be an input: then one sentence says why, else "".
    """
    feeding = find(network).feeding
    try:
        return feeding.preprocess((choice().picture or example_for(network)).pixels), ""
    except ExplorerError as error:
        return feeding.preprocess(example_for(network).pixels), str(error)


def picture_now() -> Picture | None:
    """The session's picture; None while nothing is drawn or chosen."""
    return choice().picture


def picture_or_cat() -> Picture:
    """The session's picture, or the photograph that is looked at until there is one."""
    return picture_now() or load_sample(EXAMPLE)


def say_cat() -> None:
    """Whose picture it is, while `picture_or_cat` is the photograph."""
    if picture_now() is None:
        st.caption("The cat is shown until you draw or choose a picture.")


def _take_over(page: str) -> None:
    settings, token = place(page).settings, place(page).token
    if st.session_state.get(f"{page} taken") == token:
        return
    st.session_state[f"{page} taken"] = token
    if getattr(settings, "sample", MINE) != MINE:
        look_at_sample(settings.sample)
    if getattr(settings, "network", ""):
        choose_network(settings.network)
