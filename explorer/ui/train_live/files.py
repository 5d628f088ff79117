"""A run to take away: weights, ONNX, TensorBoard, a film, the command line. Knows widgets; makes no bytes itself."""

from collections.abc import Callable

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.film import kernel_sheet
from explorer.live.runs import find_job, story_of
from explorer.training.networks import OWN
from explorer.training.run_exports import film_file, onnx_file, tensorboard_file, weights_file
from explorer.training.timeline import Run, read_run, runs_root, snapshot_steps
from explorer.ui.shell import is_dark


def offer_files(identity: str, steps: int | None) -> None:
    """Downloads of a run; steps: the snapshot that the slider rests at, None for the newest."""
    job = find_job(identity)
    with st.popover("Take it away"):
        try:
            settings = job.settings if job else read_run(runs_root(), identity).settings
        except ExplorerError as error:
            st.caption(str(error))
            return
        st.code(settings.command(), language="bash", wrap_lines=True)
        at = "the newest snapshot" if steps is None else f"step {steps:,}"
        whose = ", with --data-dir and your pictures' folder" if settings.data in OWN else ""
        st.caption(f"The command trains the same again{whose}. Weights and ONNX are those of {at}.")
        dark = is_dark()

        def run() -> Run:  # read when a file is asked for: a run that has just begun is not written yet
            return read_run(runs_root(), identity)

        def draw(kernels, low: float, high: float):
            return kernel_sheet(kernels, low=low, high=high, dark=dark)

        offers: dict[str, tuple[str, Callable[[], bytes]]] = {
            "Weights (safetensors)": ("safetensors", lambda: weights_file(run(), _at(run(), steps))),
            "Network (ONNX)": ("onnx", lambda: onnx_file(run(), _at(run(), steps))),
            "Curves (TensorBoard)": ("tfevents", lambda: tensorboard_file(run(), story_of(identity))),
            "Kernels learning (GIF)": ("gif", lambda: film_file(run(), "gif", draw)),
            "Kernels learning (MP4)": ("mp4", lambda: film_file(run(), "mp4", draw)),
        }
        for label, (ending, make) in offers.items():
            name = f"events.out.tfevents.{identity}" if ending == "tfevents" else f"{identity}.{ending}"
            st.download_button(
                label, _or_sentence(make), file_name=name, on_click="ignore", width="stretch", key=f"take {label}"
            )


def _at(run: Run, steps: int | None) -> int:
    if steps is not None:
        return steps
    kept = snapshot_steps(run.folder)
    if not kept:
        raise ExplorerError("The run has no snapshot yet: wait for its first.")
    return kept[-1]


def _or_sentence(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file that cannot be made becomes a text file that says why: the browser has asked for a file already."""

    def made() -> bytes:
        try:
            return make()
        except ExplorerError as error:
            return f"{error}\n".encode()

    return made
