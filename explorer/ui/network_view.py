"""The whole network, or some of its layers, on one canvas. Knows records and the message to the browser; draws nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.colours import scales
from explorer.images.picture import Picture
from explorer.images.samples import example_digit, load_sample
from explorer.live import wire
from explorer.models.answer import Answer, answer, class_row
from explorer.models.feeding import Prepared
from explorer.models.registry import find
from explorer.probe.facts import in_words, shape_text
from explorer.probe.maps import LayerMaps, layer_maps, reach
from explorer.probe.overview import overview, overview_maps
from explorer.probe.recording import Recording, record
from explorer.ui import cache, components
from explorer.ui.networks import current, uploaded
from explorer.ui.plain import plain
from explorer.words import counted, noun, share, shortened, written

EXAMPLE = "cat"  # for networks that know photographs
LARGEST_STEP = 200  # pixels of a step's longer side: enough to recognise it, and quick to send


@dataclass(frozen=True)
class Spot:
    """One map on the canvas: a layer's name and a channel of that layer."""

    layer: str
    channel: int


def read_spot(message: object, maps: Sequence[LayerMaps]) -> Spot | None:
    """The map that a browser named, {layer, channel}; None unless it is one of `maps`. Anyone can send anything."""
    if not isinstance(message, Mapping):
        return None
    layer, channel = message.get("layer"), message.get("channel")
    known = type(channel) is int and any(shown.facts.name == layer and channel in shown.channels for shown in maps)
    return Spot(layer, channel) if known else None


def is_small(name: str) -> bool:
    """Whether all of the network's layers and channels are shown at once."""
    return find(name).shipped


def all_layers(name: str, recording: Recording) -> tuple[LayerMaps, ...]:
    """The maps of every layer; of a large network, of its blocks, with the first channels of each."""
    facts = cache.facts(name)
    if is_small(name):
        return layer_maps(recording, facts)
    kinds = {key: type(module).__name__ for key, module in current(name).network.named_modules()}
    return overview_maps(recording, facts, overview(facts), kinds)


def look(
    name: str,
    picture: Picture,
    layers: Sequence[str] | None = None,
    choose: Callable[[str, Recording], tuple[LayerMaps, ...]] = all_layers,
) -> tuple[Recording, tuple[LayerMaps, ...], tuple[Prepared, ...]]:
    """Feed the picture to the network: what its layers put out, ready to be shown, and the steps to its input.

    layers: to be recorded; None means those that `all_layers` shows. choose: makes maps of the recording.
    Raises ExplorerError where the picture cannot be made an input (an empty drawing).
    """
    feeding = find(name).feeding
    arrangement = feeding.arrange(picture.pixels)
    if layers is None and not is_small(name):
        layers = overview(cache.facts(name))
    recording = record(current(name).network, feeding.as_input(arrangement), layers)
    steps = (*arrangement.steps, Prepared("input", "of the network", feeding.display(recording.input)))
    return recording, choose(name, recording), steps


def look_or_example(
    name: str,
    picture: Picture | None,
    layers: Sequence[str] | None = None,
    choose: Callable[[str, Recording], tuple[LayerMaps, ...]] = all_layers,
) -> tuple[Picture, Recording, tuple[LayerMaps, ...], tuple[Prepared, ...], str]:
    """The picture that is looked at with what `look` gives, and one sentence, "" where all is well.

    Without a picture that is the example; where the picture cannot be an input it is the example too, and the sentence says
    why.
    """
    problem = ""
    if picture is not None:
        try:
            return (picture, *look(name, picture, layers, choose), problem)
        except ExplorerError as error:
            problem = str(error)
    example = example_for(name)
    return (example, *look(name, example, layers, choose), problem)


def example_for(name: str) -> Picture:
    """What stands for the picture while there is none: the same one on every page."""
    return example_digit() if is_small(name) else load_sample(EXAMPLE)


def show_network(
    name: str,
    maps: tuple[LayerMaps, ...],
    *,
    key: str,
    steps: tuple[Prepared, ...] = (),
    recording: Recording | None = None,
    note: str = "",
    invitation: str = "Point at any map: its value, its place, its layer.",
    follow: str = "",
    tall: bool = False,
    pinned: tuple[str, int] | None = None,
    whole: tuple[LayerMaps, ...] | None = None,
    take: Callable[[Spot], object] = lambda spot: None,
):
    """Draw the canvas. Returns the component's state, unchecked: `followed` (its button), for read_spot.

    steps: pictures before the layers. recording: what the network returned is shown as probabilities. note: under the answer.
    follow: the button's words; without any there is no button. tall: few layers, drawn large. pinned: layer and channel that
    are marked at first. whole: the network's maps, for the colour scale over all of it, where `maps` are only some. take: is
    given a map that somebody clicks, before the script runs again.
    """
    pictures = [_thumbnail(step) for step in steps]
    loaded = current(name)
    found, silence = _answer(name, recording) if recording and not loaded.random else (None, "")
    note = " · ".join(
        part for part in (note, silence, loaded.weights if loaded.random or uploaded(name) else "") if part
    )
    header = {
        "title": find(name).title,
        "label": f"{find(name).title}: {counted(len(maps), 'layer')} of feature maps. Arrow keys move, Page keys "
        "change the layer.",
        "best": in_short(found) if found else "",
        "note": note,
        "invitation": invitation,
        "follow": follow,
        "tall": tall,
        "colours": scales(),
        "pinned": {"layer": pinned[0], "channel": pinned[1]} if pinned else None,
        "everything": "whole network" if is_small(name) else "all layers shown",
        "reach": {"signed": reach(whole or maps, signed=True), "unsigned": reach(whole or maps, signed=False)},
        "answer": [{"label": label, "probability": share} for label, share in found.rows] if found else [],
        "steps": [
            _step_entry(step, pixels, box, 2 + i)
            for i, (step, (pixels, box)) in enumerate(zip(steps, pictures, strict=True))
        ],
        "layers": _layer_entries(maps, partly=not is_small(name)),
    }
    arrays = [_flat(maps, "levels", np.uint8), _flat(maps, "values", np.float32), *(pixels for pixels, _ in pictures)]

    def clicked() -> None:
        if spot := read_spot(st.session_state[key].get("chosen"), maps):
            take(spot)

    return components.network(
        key=key,
        data=wire.pack(header, arrays),
        on_chosen_change=clicked,
        on_followed_change=lambda: None,
        height="stretch",
    )


def percent(part: float) -> str:
    """A probability as the canvas writes its best one: "86.8 %"; "> 99.9 %" for what is not quite all."""
    return "> 99.9\u00a0%" if 0.9995 < part < 1 else share(part, 1)


def in_short(found: Answer) -> str:
    """The best label and its probability, or the single number that a network returned."""
    said = written(found.value) if found.probability is None else percent(found.probability)
    return f"{shortened(found.best)} · {said}"


def _answer(name: str, recording: Recording) -> tuple[Answer | None, str]:
    """What the network returned as an answer, and a few words where it is none or no probability."""
    spec, output = find(name), recording.final[:1]
    if (row := class_row(output)) is None:
        return None, f"it returns {shape_text(tuple(output.shape[1:]))}, a map and no classes"
    if row.shape[1] != len(spec.labels):
        labels = len(spec.labels)
        returned = counted(row.shape[1], "number")
        return None, f"it returns {returned} and there {noun(labels, 'is', 'are')} {counted(labels, 'label')}"
    try:
        found = answer(output, spec.labels, sigmoid=spec.sigmoid)
    except ExplorerError as error:  # the maps are shown all the same: they tell where it began
        st.error(plain(str(error)))
        return None, ""
    return found, "the single number that it returns, which is no probability" if found.probability is None else ""


def _shape(layer: LayerMaps, *, partly: bool) -> str:
    text, count = shape_text(layer.facts.output), len(layer.channels)
    first = tuple(layer.channels) == tuple(range(count)) and count < layer.facts.output[0]
    return f"{text}, first {count}" if partly and first else text


def _layer_entries(maps: tuple[LayerMaps, ...], *, partly: bool) -> list[dict[str, object]]:
    entries, start = [], 0
    for layer in maps:
        entries.append(
            {
                "name": layer.facts.name,
                "title": layer.facts.name,
                "subtitle": in_words(layer.facts),
                "shapeText": _shape(layer, partly=partly),
                "shape": layer.values.shape,
                "channels": list(layer.channels),
                "start": start,
                "signed": layer.signed,
                "lows": layer.lows.tolist(),
                "highs": layer.highs.tolist(),
            }
        )
        start += layer.values.size
    return entries


def _flat(maps: tuple[LayerMaps, ...], field: str, kind: type) -> np.ndarray:
    return np.concatenate([getattr(layer, field).ravel() for layer in maps] or [np.empty(0, kind)])


def _thumbnail(step: Prepared) -> tuple[np.ndarray, list[float] | None]:
    """A step's pixels, thinned to LARGEST_STEP, and its box in the thinned pixels."""
    every = -(-max(step.pixels.shape[:2]) // LARGEST_STEP)
    return step.pixels[::every, ::every], [edge / every for edge in step.box] if step.box else None


def _step_entry(step: Prepared, pixels: np.ndarray, box: list[float] | None, array: int) -> dict[str, object]:
    height, width = step.pixels.shape[:2]
    planes = 1 if step.pixels.ndim == 2 else 3
    return {
        "title": step.title,
        "subtitle": step.caption,
        "shapeText": f"{planes} @ {height}×{width}",
        "rowsOfPixels": pixels.shape[0],
        "columnsOfPixels": pixels.shape[1],
        "planes": planes,
        "box": box,
        "array": array,
    }
