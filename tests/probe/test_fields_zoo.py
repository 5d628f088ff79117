"""Receptive fields of every layer of every network of the zoo, held against where a gradient is; published numbers."""

import pytest
import torch
from torchvision import models

from explorer.models.registry import MODELS
from explorer.probe.fields import fields, fields_of_layers
from explorer.probe.graph import trace
from tests.probe.field_probe import probed, supports

WITHOUT = {"googlenet": {"init_weights": False}, "inception_v3": {"init_weights": False}}
# odd sizes, so that windows hang over borders
SIZES = {
    "alexnet": (255, 203),
    "vgg16": (259, 227),
    "googlenet": (259, 171),
    "inception_v3": (299, 139),
    "resnet18": (259, 227),
    "resnet50": (259, 195),
    "resnet152": (131, 99),
    "squeezenet1_1": (259, 227),
    "mobilenet_v2": (259, 195),
    "mobilenet_v3_large": (195, 131),
}


def build(name):
    torch.manual_seed(0)
    with torch.device("meta"):  # only the structure: hundreds of megabytes of weights are not made
        return getattr(models, name)(weights=None, **WITHOUT.get(name, {})).eval()


def places(units):
    """A corner, the middle and the last unit."""
    rows, columns = units
    return [(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)]


def assert_equal_to_gradient(network, shape, thinner=1):
    """Every layer that runs; returns how many."""
    found = fields_of_layers(trace(network, shape))
    with probed(network, shape, thinner, units=3) as (inputs, outputs):
        assert set(found) == set(outputs)
        for name, field in found.items():
            if field.units:
                where = places(field.units)
                expected = [field.box(*place) for place in where]
            else:
                where, expected = [None] * 3, [field.box()] * 3
            assert supports(inputs, outputs[name], where) == expected, name
    return len(found)


@pytest.mark.parametrize("name", SIZES)
def test_every_layer_sees_where_its_gradient_is(name):
    assert assert_equal_to_gradient(build(name), (3, *SIZES[name]), thinner=8) > 15


@pytest.mark.parametrize("name", ["lenet5", "colour"])
def test_the_bundled_networks_see_where_their_gradient_is(name):
    spec = MODELS[name]
    assert assert_equal_to_gradient(spec.build(), spec.input_shape) > 10


def window_of(name, layer, size=224):
    return fields_of_layers(trace(build(name), (3, size, size)))[layer].window


def test_F3_lenet_5():
    found = fields_of_layers(trace(MODELS["lenet5"].build(), (1, 32, 32)))
    windows = {name: found[name].window for name in ("c1", "s2", "c3", "s4")}
    assert [window.size for window in windows.values()] == [(5, 5), (6, 6), (14, 14), (16, 16)]
    assert [window.stride for window in windows.values()] == [(1, 1), (2, 2), (2, 2), (4, 4)]
    assert {window.start for window in windows.values()} == {(0, 0)}


# Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks", Distill 2019: TF-Slim's alexnet_v2
# (pool5), vgg_16 (pool5) and inception_v3 (Mixed_7c) have the same windows and strides as torchvision's. Their starts differ,
# for TF-Slim pads otherwise. Their resnet_v1_50 (483) puts a block's stride on its last unit and is another network.
@pytest.mark.parametrize(
    ("name", "layer", "size", "stride"),
    [
        ("alexnet", "features.12", 195, 32),
        ("vgg16", "features.30", 212, 32),
        ("inception_v3", "Mixed_7c.branch3x3dbl_3b.relu", 1311, 32),
    ],
)
def test_published_fields(name, layer, size, stride):
    network = trace(build(name), (3, 299, 299))
    known = fields(network)
    windows = [known[node.name].window for node in network if node.module == layer or node.name == "cat_14"]
    windows = [window for window in windows if window]
    assert windows[-1].size == (size, size)
    assert windows[-1].stride == (stride, stride)


def test_vgg_16_by_hand():
    """Each convolution adds 2 jumps, each pooling 1."""
    found = fields_of_layers(trace(build("vgg16"), (3, 224, 224)))
    sizes = [found[f"features.{i}"].window.size[0] for i in (4, 9, 16, 23, 30)]
    assert sizes == [6, 16, 44, 100, 212]
    assert found["features.30"].window.start == (-90, -90)


def test_resnet_18_by_hand():
    """Conv 7/2: 7; pool 3/2: 11; four of 3×3 at jump 4: +32; then +4+3·8·2 …; the longest branch counts: 435 in all."""
    assert window_of("resnet18", "maxpool").size == (11, 11)
    assert window_of("resnet18", "layer1.1.relu").size == (43, 43)
    assert window_of("resnet18", "layer2.1.relu").size == (99, 99)
    assert window_of("resnet18", "layer4.1.relu").size == (435, 435)
    assert window_of("resnet18", "layer2.0.downsample.0").size == (43, 43)


@pytest.mark.parametrize("name", ["resnet50", "squeezenet1_1", "mobilenet_v3_large"])
def test_what_is_no_box_says_what_it_is(name):
    found = fields_of_layers(trace(build(name), (3, 224, 224)))
    last = list(found.values())[-1]
    assert last.window is None
    assert last.box()[2:] >= (222, 222)
    if name == "mobilenet_v3_large":
        gated = found["features.4.block.3.0"]
        assert gated.window is None
        assert "squeeze-and-excitation" in gated.reason
        assert gated.own.size == (35, 35)
