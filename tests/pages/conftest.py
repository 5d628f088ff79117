"""A page run by Streamlit's AppTest, and the browser's side of our components played by hand."""

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.state import Choice

ROOT = Path(__file__).parents[2]
WAIT = 120  # seconds: the first run of a process imports torch


def read(text: str) -> str:
    """What a reader sees of Markdown's backslashes, and of the sign without width: nothing."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("\u2060", "")


class Screen:
    """One visitor's page. `at` is Streamlit's AppTest; the rest is what AppTest does not know."""

    def __init__(
        self, file: str, state: dict[str, object] | None = None, address: dict[str, str] | None = None
    ) -> None:
        self.at = AppTest.from_file(ROOT / file, default_timeout=WAIT)
        for key, value in (address or {}).items():
            self.at.query_params[key] = value
        for key, value in (state or {}).items():
            self.at.session_state[key] = value
        self.at.run()

    @property
    def choice(self) -> Choice:
        return self.at.session_state["explorer.choice"]

    @property
    def address(self) -> dict[str, str]:
        """The address's parameters."""
        parts = self.at.query_params.items()
        return {name: value if isinstance(value, str) else value[0] for name, value in parts}

    def button(self, label: str):
        return next(button for button in self.at.button if button.label == label)

    @property
    def errors(self) -> list[str]:
        """The sentences of all st.error; a page that raised fails here."""
        assert not self.at.exception, self.at.exception
        return [read(error.value) for error in self.at.error]

    @property
    def words(self) -> str:
        assert not self.at.exception, self.at.exception
        parts = [*self.at.header, *self.at.markdown, *self.at.caption, *self.at.metric]
        helps = [header.help for header in self.at.header if header.help]  # a page's sentence is its title's tooltip
        return read("\n".join([*(str(part.value) for part in parts), *helps]))

    def pick(self, key: str, value: object) -> "Screen":
        """Choose in a segmented control."""
        self.at.button_group(key=key).set_value(value).run()
        return self

    def select(self, key: str, value: object) -> "Screen":
        self.at.selectbox(key=key).set_value(value).run()
        return self

    def component(self, key: str):
        return next(element for element in self.at.get("bidi_component") if element.key == key).proto

    def header(self, key: str) -> dict:
        """What the component's JavaScript is told, besides the arrays."""
        data = self.component(key).bytes
        (length,) = struct.unpack_from("<I", data)
        return json.loads(data[4 : 4 + length])

    def send(self, key: str, **state: object) -> "Screen":
        """What `setStateValue` of the component's JavaScript does: new state, callbacks, a run."""
        return self._send(self.component(key).id, "json_value", state)

    def trigger(self, key: str, event: str, value: object) -> "Screen":
        """What `setTriggerValue` does."""
        name = f"$$STREAMLIT_INTERNAL_KEY_{self.component(key).id}__events"
        return self._send(name, "json_trigger_value", [{"event": event, "value": value}])

    def _send(self, identity: str, field: str, value: object) -> "Screen":
        states = self.at._tree.get_widget_states()
        entry = states.widgets.add()
        entry.id = identity
        setattr(entry, field, json.dumps(value))
        self.at._run(states)
        return self


@pytest.fixture
def open_screen() -> Callable[..., Screen]:
    """open_screen("pages/home.py", state={…}) → a Screen after its first run."""
    return Screen


@pytest.fixture
def home() -> Screen:
    return Screen("pages/home.py")


@pytest.fixture
def feature_maps() -> Screen:
    return Screen("pages/feature_maps.py")
