"""What the exhibits of Compare activations show of two sides. Knows records, figures and the cache; asks for few choices."""

import numpy as np
import streamlit as st

from explorer.data.datasets import default_data_dir
from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.compare import MOST_TILES, every_of, planes_figure, sides_figure, similarity_figure
from explorer.images.samples import example_digit, load_sample
from explorer.probe.averages import ClassAverages, class_averages, features
from explorer.probe.embedding import Plane, embed, neighbour_accuracy
from explorer.probe.facts import shape_text
from explorer.probe.maps import LayerMaps, layer_maps
from explorer.probe.recording import record
from explorer.probe.similarity import affordable, layer_grams, similarity
from explorer.ui import cache
from explorer.ui.compare_activations.exhibits import Settings
from explorer.ui.compare_activations.sides import Side
from explorer.ui.exhibits import change, place
from explorer.ui.shell import is_dark
from explorer.ui.state import MINE, choice
from explorer.words import counted, fixed

PAGE = "compare_activations"
QUIET = {"displayModeBar": False}
MOST_PICTURES = 500
Sides = tuple[Side, Side]


def _forms(sides: Sides) -> str:
    """Said where both sides are not given a picture alike: a moment of a run takes it as its data set has it."""
    if sides[0].own == sides[1].own:
        return ""
    run, other = ("First", "second") if sides[0].own else ("Second", "first")
    return (
        f" {run}: pictures as they lie in the data set, as runs learn them; {other}: brought to its form like an upload. "
        "So even equal weights need not answer alike."
    )


def _pictures(sides: Sides, data: str) -> tuple[LabelledImages, tuple[str, ...]]:
    """Test pictures, evenly from the whole: so many as the larger of both networks can take at once."""
    whole = cache.data_set(data, default_data_dir())
    largest = max(int(np.prod(layer.output)) for side in sides for layer in side.facts.layers)
    return whole.test.sample(affordable(largest, MOST_PICTURES)), whole.classes


# ── maps ────────────────────────────────────────────────────────────────────────────────────────────────────


def show_maps(sides: Sides, settings: Settings) -> None:
    """One layer's maps of each side on one scale, and their difference where the shapes agree."""
    first = _maps(sides[0], settings.a_picture, settings.a_layer)
    second = _maps(sides[1], settings.b_picture, settings.b_layer)
    titles = tuple(
        f"{'first' if at == 0 else 'second'}: {maps.facts.name}, {shape_text(maps.facts.output)}"
        for at, maps in enumerate((first, second))
    )
    names = [f"channel {channel}" for channel in range(max(len(first.values), len(second.values)))]
    figure = sides_figure(
        first.values, second.values, names, titles=titles, signed=first.signed or second.signed, dark=is_dark()
    )
    st.plotly_chart(figure, key=f"{PAGE} maps", theme=None, config=QUIET)
    if first.values.shape == second.values.shape:
        apart = float(np.abs(first.values - second.values).mean())
        st.caption(f"Both sides on one colour scale. Mean difference |first − second|: {fixed(apart, 4)}.")
    else:
        st.caption("Both sides on one colour scale. No difference is shown: the two layers' shapes do not agree.")
    if max(len(first.values), len(second.values)) > MOST_TILES:
        st.caption(f"The first {MOST_TILES} channels of each side are shown.")
    if (every := max(every_of(first.values), every_of(second.values))) > 1:
        st.caption(f"Of large maps one row and column in {every} is drawn.")


def _maps(side: Side, picture: str, layer: str) -> LayerMaps:
    pixels = load_sample(picture).pixels if picture != MINE else (choice().picture or example_digit()).pixels
    recording = record(side.network, side.feeding.preprocess(pixels))
    maps = {found.facts.name: found for found in layer_maps(recording, side.facts)}
    if layer not in maps:
        raise ExplorerError(f"{layer} gives no maps: choose another layer.")
    found = maps[layer]
    if not np.isfinite(found.values).all():
        raise ExplorerError(f"{layer}'s maps are not numbers (NaN or infinite): choose another moment or network.")
    return found


# ── class averages ──────────────────────────────────────────────────────────────────────────────────────────


def show_averages(sides: Sides, settings: Settings) -> None:
    """One channel's mean map for each class, of both sides."""
    pictures, classes = _pictures(sides, settings.data)
    with st.spinner(f"Averaging {counted(len(pictures), 'picture')} …", show_time=True):
        averages = [
            _averages(side, layer, settings.data, pictures, len(classes))
            for side, layer in zip(sides, (settings.a_layer, settings.b_layer), strict=True)
        ]
    most = max(average.means.shape[1] for average in averages)
    if settings.channel >= most:
        change(PAGE, channel=0)
    key = f"{PAGE} channel {place(PAGE).token} {settings.a_layer} {settings.b_layer}"
    channel = st.number_input(
        f"Channel, 0 to {most - 1}", 0, most - 1, place(PAGE).settings.channel, key=key, width=200
    )
    change(PAGE, channel=channel)
    shown = [average.means[:, min(channel, average.means.shape[1] - 1)] for average in averages]
    titles = tuple(
        f"{side}: {layer}, channel {min(channel, average.means.shape[1] - 1)}"
        for side, layer, average in zip(
            ("first", "second"), (settings.a_layer, settings.b_layer), averages, strict=True
        )
    )
    signed = any(float(np.nanmin(values)) < 0 for values in shown)
    names = [f"class {name}" for name in classes]
    figure = sides_figure(*shown, names, titles=titles, signed=signed, dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} averages", theme=None, config=QUIET)
    order = ", ".join(classes[:MOST_TILES])
    note = "" if shown[0].shape == shown[1].shape else " No difference is shown: the two layers' shapes do not agree."
    st.caption(
        f"In reading order: {order}. {counted(len(pictures), 'test picture')}; one colour scale for both "
        f"sides.{note}{_forms(sides)}"
    )


def _averages(side: Side, layer: str, data: str, pictures: LabelledImages, classes: int) -> ClassAverages:
    return cache.kept_large(
        "class averages",
        (side.key, layer, data, len(pictures), str(default_data_dir())),
        _make=lambda: class_averages(side.network, side.inputs(pictures), pictures.labels, classes, layer),
    )


# ── similarity of layers ────────────────────────────────────────────────────────────────────────────────────


def show_similarity(sides: Sides, settings: Settings) -> None:
    """CKA of each layer of the first side with each of the second."""
    pictures, _ = _pictures(sides, settings.data)
    with st.spinner(f"Comparing layers over {counted(len(pictures), 'picture')} …", show_time=True):
        grams = [
            cache.kept_large(
                "grams",
                (side.key, settings.data, len(pictures), str(default_data_dir())),
                _make=lambda side=side: layer_grams(side.network, side.inputs(pictures), side.layers),
            )
            for side in sides
        ]
        found = similarity(*grams)
    figure = similarity_figure(found, titles=(sides[0].title, sides[1].title), dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} similarity", theme=None, config=QUIET)
    st.caption(
        f"Linear CKA over {counted(found.pictures, 'test picture')}: 1 where the layers see them alike (up to "
        "rotation and scale), "
        "0 where they have nothing in common."
        + (" So few pictures make every number too high." if found.pictures < 200 else "")
        + _forms(sides)
    )


# ── the plane of features ───────────────────────────────────────────────────────────────────────────────────


def show_plane(sides: Sides, settings: Settings) -> None:
    """The first side's pixels, and one layer's features of each side, as points; how often the nearest neighbour is right."""
    pictures, classes = _pictures(sides, settings.data)
    plane = settings.plane
    labels = pictures.labels.numpy()
    shown = {"pixels": (sides[0], ""), "first": (sides[0], settings.a_layer), "second": (sides[1], settings.b_layer)}
    doing = "t-SNE moves them about, a few seconds" if plane == "tsne" else "their main directions"
    planes: dict[str, Plane] = {}
    numbers = []
    with st.spinner(f"{counted(len(pictures), 'picture')}: {doing} …", show_time=True):
        for name, (side, layer) in shown.items():
            title = "pixels" if name == "pixels" else f"{name}: {layer}"
            size, planes[title], whole, near = _plane(side, layer, settings.data, pictures, plane)
            numbers.append((title, size, whole, near))
    notes = [
        f"nearest neighbour right: {near:.1%} here<br>{whole:.1%} in all {counted(size, 'number')}"
        for _, size, whole, near in numbers
    ]
    figure = planes_figure(planes, labels, classes, notes=notes, dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} plane", theme=None, config=QUIET)
    here = ", ".join(f"{title} **{near:.1%}**" for title, _, _, near in numbers)
    everywhere = ", ".join(f"{title} **{whole:.1%}**" for title, _, whole, _ in numbers)
    st.markdown(f"Nearest neighbour of the same class, in the plane: {here}; in all their numbers: {everywhere}.")
    kept = ", ".join(f"{title} {plane.kept:.0%}" for title, plane in planes.items() if plane.kept is not None)
    kept = f" Share of the variance that the plane keeps: {kept}." if kept else ""
    st.caption(
        f"{counted(len(pictures), 'test picture')}; guessing gives {np.square(np.bincount(labels) / len(labels)).sum():.0%}. "
        f"First: {sides[0].title}. Second: {sides[1].title}. Pixels are what the first network is given.{kept}{_forms(sides)}"
    )


def _plane(side: Side, layer: str, data: str, pictures: LabelledImages, method: str) -> tuple[int, Plane, float, float]:
    """Of one layer ("": of the pixels): how many features, their plane, and neighbours' accuracy in all of them and in it."""

    def make() -> tuple[int, Plane, float, float]:
        inputs, labels = side.inputs(pictures), pictures.labels.numpy()
        values = features(side.network, inputs, layer) if layer else inputs.flatten(1).numpy()
        plane = embed(values, method)
        return values.shape[1], plane, neighbour_accuracy(values, labels), neighbour_accuracy(plane.points, labels)

    return cache.kept("plane", (side.key, layer, data, len(pictures), str(default_data_dir()), method), _make=make)
