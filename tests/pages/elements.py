"""What a page's tests do with Streamlit's AppTest: open it by its address, read its words, use its widgets."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import read

ROOT = Path(__file__).parents[2]
WAIT = 120  # seconds: the first run of a process imports torch


def open_page(file: str, parts: dict[str, str], *, revealed: str = "") -> AppTest:
    """The page after its first run, opened by these parts of the address. revealed: the exhibit whose answer is open."""
    at = AppTest.from_file(ROOT / file, default_timeout=WAIT)
    if revealed:
        at.session_state[f"answer {Path(file).stem} {revealed}"] = True
    for name, value in parts.items():
        at.query_params[name] = value
    return run(at)


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return read("\n".join(str(part.value) for part in [*at.markdown, *at.caption, *at.metric]))


def box(at: AppTest, label: str):
    return next(element for element in at.number_input if element.label == label)


def put(at: AppTest, label: str, value: object) -> AppTest:
    """Set the widget of that label."""
    kinds = [*at.number_input, *at.selectbox, *at.toggle, *at.slider]
    next(element for element in kinds if element.label == label).set_value(value)
    return run(at)


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return run(at)
