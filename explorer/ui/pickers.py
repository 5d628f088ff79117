"""Where a picture comes from: drawing, samples, an upload or the webcam. Knows widgets; decodes nothing itself.

Whatever goes wrong, the last valid picture stays and one sentence says what to do.
"""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.images.picture import Picture
from explorer.images.samples import SAMPLES, load_sample
from explorer.images.strokes import read_drawing
from explorer.images.thumbnail import thumbnail
from explorer.models.registry import MODELS
from explorer.ui import components
from explorer.ui.plain import plain
from explorer.ui.state import SOURCES, Choice, bound, choice, choose, choose_network
from explorer.ui.weights_panel import show_weights

PAD_SIDE = 112  # pixels of the grey picture that the pad sends
TALLEST = 360  # pixels on the screen of an upright picture
# What comes with the explorer. The first for photographs stands in by itself and has to be quick: opening the other takes
# seconds, and a choice that is made meanwhile is lost where the page is left before they are over.
FOR_DIGITS, FOR_PHOTOS = "lenet5", ("colour", "efficientnet_lite0")
SOURCE_TITLES = {"draw": "Draw", "sample": "Samples", "upload": "Upload", "webcam": "Webcam"}


def pick_picture(example: Picture) -> Choice:
    """Show the source switch and the chosen source's own widget; returns the choice.

    example: what is looked at while there is no picture; the empty pad shows it.
    """
    st.segmented_control(
        "Picture",
        SOURCES,
        format_func=SOURCE_TITLES.__getitem__,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        **bound("source_widget", choice().source, _change_source),
    )
    if choice().source == "draw":
        _draw(example)
    else:
        {"sample": _sample, "upload": _upload, "webcam": _webcam}[choice().source]()
    return choice()


def pick_network() -> str:
    """The network to look into, by name."""
    name = choice().network
    spec = MODELS[name]
    made = f" Made for {spec.suits}." if spec.stored else f" Trained on {spec.suits}."
    st.selectbox(
        "Network",
        list(MODELS),
        format_func=lambda key: MODELS[key].title,
        label_visibility="collapsed",
        **bound("network_widget", name, choose_network),
    )
    st.caption(plain(spec.summary) if spec.own else spec.summary + made)
    show_weights(name)
    return name


def _change_source(source: str) -> None:
    choose(source=source)
    if source == "draw":
        _suit_digit()
    elif source == "sample":
        _take_sample(choice().sample)
    elif choice().photo is not None:
        _suit_photo()


def _suit_digit() -> None:
    """The bundled network for digits in place of one for photographs; torchvision's and a user's own stay."""
    if choice().network in FOR_PHOTOS:
        choose_network(FOR_DIGITS)


def _suit_photo() -> None:
    """A network for photographs in place of the one for digits; every other stays."""
    if choice().network == FOR_DIGITS:
        choose_network(FOR_PHOTOS[0])


def _draw(example: Picture) -> None:
    drawing = choice().drawing
    components.pad(
        key="pad",
        data={
            "side": PAD_SIDE,
            "label": "Drawing pad: draw a digit with the mouse, a pen or a finger",
            "hint": "an example: draw over it",
            "example": "" if drawing else thumbnail(example.pixels, PAD_SIDE),
            "strokes": list(drawing.strokes) if drawing else [],
            "nonce": choice().nonce,
        },
        on_drawing_change=_read_pad,
    )
    if message := st.session_state.pop("pad_error", None):
        st.error(message)


def _read_pad() -> None:
    """Take the pad's new content into the choice, unless it cannot be read."""
    message = st.session_state["pad"].get("drawing")
    try:
        choose(drawing=read_drawing(message))
    except ExplorerError as error:
        st.session_state["pad_error"] = str(error)


def _sample() -> None:
    key = choice().sample
    st.selectbox(
        "Sample",
        list(SAMPLES),
        format_func=lambda key: SAMPLES[key].title,
        label_visibility="collapsed",
        **bound("sample_widget", key, _take_sample),
    )
    _preview(choice().photo, SAMPLES[key].credit)


def look_at_sample(key: str) -> None:
    """Switch to this sample, as if it had been picked; to be called before the pickers are drawn (a button's callback)."""
    choose(source="sample")
    _take_sample(key)


def _take_sample(key: str) -> None:
    choose(sample=key, photo=load_sample(key))
    if SAMPLES[key].kind == "digit":
        _suit_digit()
    else:
        _suit_photo()


def _upload() -> None:
    key = "upload_widget"
    file = st.file_uploader(
        f"PNG, JPEG, WebP, BMP, GIF or TIFF, up to {MAX_BYTES // 2**20} MB",
        type=["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"],
        key=key,
        on_change=_take_file,
        args=(key,),
    )
    _tell_problem(key, file)
    _preview(choice().photo, "")


def _webcam() -> None:
    key = "webcam_widget"
    shot = st.camera_input(
        "Webcam", key=key, label_visibility="collapsed", on_change=_take_file, args=(key, "your webcam's picture")
    )
    _tell_problem(key, shot)
    _preview(choice().photo, "")


def _take_file(key: str, name: str = "") -> None:
    """Decode a new upload or shot; the last valid picture stays where it cannot be read, and where the file is taken away."""
    file = st.session_state[key]
    st.session_state.pop(_problem(key), None)
    if file is None:
        return
    try:
        choose(photo=decode(file.getvalue(), name or file.name))
        _suit_photo()
    except ExplorerError as problem:
        st.session_state[_problem(key)] = str(problem)


def _tell_problem(key: str, file: object) -> None:
    """Why the file that is still in the widget is not what is shown."""
    problem = st.session_state.get(_problem(key))
    if file is not None and problem:
        kept = choice().photo
        st.error(plain(problem + (f" “{kept.name}” stays." if kept else "")))


def _problem(key: str) -> str:
    return f"{key} problem"


def _preview(picture: Picture | None, credit: str) -> None:
    if picture is None:
        return
    height, width = picture.pixels.shape[:2]
    tall = height > 1.2 * width  # would push everything below it off the screen
    st.image(picture.pixels, width=max(16, TALLEST * width // height) if tall else "stretch", alt=picture.name)
    said = (plain(picture.name), f"{width}×{height}", plain(picture.note), credit)
    st.caption(" · ".join(part for part in said if part))
