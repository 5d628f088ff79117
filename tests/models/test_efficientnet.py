"""EfficientNet-Lite0: timm's network, fed as timm feeds it, with the package's weights, which are read without running them."""

import numpy as np
import pytest
import torch
from PIL import Image
from timm.data import ImageNetInfo, create_transform, resolve_data_config

from explorer.errors import ExplorerError
from explorer.images.samples import load_sample
from explorer.models.answer import answer
from explorer.models.efficientnet import EFFICIENTNET, PackageFile, efficientnet_lite0
from explorer.models.registry import find
from explorer.probe.facts import describe
from explorer.scan.imagenet_files import wordnet_ids

random = np.random.default_rng(0)


@pytest.fixture(scope="module")
def network():
    return EFFICIENTNET.load()


def test_it_is_in_the_registry_with_weights():
    assert find("efficientnet_lite0") is EFFICIENTNET
    assert EFFICIENTNET.has_weights()
    assert not EFFICIENTNET.own
    assert EFFICIENTNET.stored.path.stat().st_size == pytest.approx(EFFICIENTNET.stored.megabytes * 2**20, rel=1e-3)


def test_parameters_and_multiply_adds_are_those_of_the_literature():
    facts = describe(EFFICIENTNET.build(), EFFICIENTNET.input_shape)
    assert (facts.parameters, facts.macs) == (4_652_008, 385_187_552)
    assert facts.layers[0].padding == ((0, 1), (0, 1))  # TensorFlow's: what is needed, the odd row at the end


@pytest.mark.parametrize("shape", [(300, 451, 3), (90, 60, 3), (37, 41), (256, 256, 3)])
def test_it_is_fed_as_timm_feeds_it(network, shape):
    pixels = random.integers(0, 256, shape, dtype=np.uint8)
    wanted = create_transform(**resolve_data_config({}, model=network))(Image.fromarray(pixels).convert("RGB"))
    torch.testing.assert_close(EFFICIENTNET.feeding.preprocess(pixels)[0], wanted, rtol=0, atol=1e-6)


def test_labels_and_wordnet_ids_stand_in_the_order_of_the_logits():
    info, ids = ImageNetInfo(), wordnet_ids()
    assert len(ids) == len(EFFICIENTNET.labels) == 1000
    for label in range(1000):
        assert ids[info.index_to_label_name(label)] == label
    same = sum(
        name.lower() in info.index_to_description(label).lower() for label, name in enumerate(EFFICIENTNET.labels)
    )
    assert same > 900  # torchvision shortens and tells apart a few
    assert (ids["n02123045"], EFFICIENTNET.labels[281]) == (281, "tabby")


@pytest.mark.parametrize(
    ("sample", "names"), [("cat", {"tabby", "tiger cat", "Egyptian cat"}), ("coffee", {"espresso"})]
)
def test_bundled_photographs_are_named(network, sample, names):
    with torch.inference_mode():
        output = network(EFFICIENTNET.feeding.preprocess(load_sample(sample).pixels))
    assert answer(output, EFFICIENTNET.labels).best in names


def test_it_is_frozen_and_in_evaluation_mode(network):
    assert not any(module.training for module in network.modules())
    assert not any(one.requires_grad or one.is_meta for one in network.parameters())


def test_it_is_made_for_other_classes():
    assert efficientnet_lite0(7).classifier.out_features == 7
    assert EFFICIENTNET.build_for(3)(torch.zeros(2, 3, 64, 64)).shape == (2, 3)


class Trap:
    def __reduce__(self):
        return pytest.exit, ("a pickle was run",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is missing"),
        (b"not a pickle", "is damaged"),
        ({"_conv_stem.weight": torch.zeros(32, 3, 3, 3)}, "lacks"),
        ({"weight": torch.zeros(1)}, "is damaged"),
        (Trap(), "is damaged"),
    ],
    ids=["missing", "damaged", "one tensor", "another network", "code"],
)
def test_another_file_is_one_sentence(tmp_path, monkeypatch, content, words):
    path = tmp_path / "weights.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        torch.save(content, path)
    monkeypatch.setattr(PackageFile, "path", path)
    with pytest.raises(ExplorerError, match=words):
        EFFICIENTNET.load()
