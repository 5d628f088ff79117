"""torchvision's networks: each as torchvision has it, fed as its weights want it, its weights found and read."""

import functools

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.models import get_model_weights

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS
from explorer.models.zoo import ZOO

PARAMETERS = {  # as torchvision's pages give them; the two Inceptions without their auxiliary heads
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "googlenet": 6_624_904,
    "inception_v3": 23_834_568,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "resnet152": 60_192_808,
    "squeezenet1_1": 1_235_496,
    "mobilenet_v2": 3_504_872,
    "mobilenet_v3_large": 5_483_032,
}
random = np.random.default_rng(0)
every = pytest.mark.parametrize("spec", ZOO, ids=lambda spec: spec.name)


@functools.cache
def torchvisions(name):
    return get_model_weights(name).IMAGENET1K_V1


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty hub folder."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    return tmp_path


def put(spec, state):
    spec.stored.path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, spec.stored.path)


def test_they_are_the_issues():
    assert [spec.name for spec in ZOO] == list(PARAMETERS)
    assert set(PARAMETERS) < set(MODELS)


@every
def test_the_network_is_torchvisions(spec):
    with torch.device("meta"):
        network = spec.build().eval()
        output = network(torch.zeros(2, *spec.input_shape))
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS[spec.name]
    assert output.shape == (2, 1000) == (2, len(spec.labels))
    assert not any("aux" in name.lower() for name, _ in network.named_modules())


@every
def test_file_size_and_labels_are_torchvisions(spec):
    weights = torchvisions(spec.name)
    assert weights.url == f"https://download.pytorch.org/models/{spec.stored.file}"
    assert weights.meta["_file_size"] == spec.stored.megabytes
    assert tuple(weights.meta["categories"]) == spec.labels
    assert len(spec.stored.digest) == 8


@every
@pytest.mark.parametrize("shape", [(300, 451, 3), (90, 60, 3), (37, 41)])
def test_the_feeding_is_torchvisions(spec, shape):
    pixels = random.integers(0, 256, shape, dtype=np.uint8)
    wanted = torchvisions(spec.name).transforms()(Image.fromarray(pixels).convert("RGB"))[None]
    torch.testing.assert_close(spec.feeding.preprocess(pixels), wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [(4, 5000, 3), (5000, 4, 3), (1, 1, 3)])
def test_extreme_pictures_are_fed(shape):
    inputs = MODELS["resnet18"].feeding.preprocess(random.integers(0, 256, shape, dtype=np.uint8))
    assert inputs.shape == (1, 3, 224, 224)


# ── weights in torch's hub folder ───────────────────────────────────────────────────────────────────────


def test_without_a_copy_the_weights_are_random_and_always_the_same(home):
    spec = MODELS["squeezenet1_1"]
    assert not spec.has_weights()
    before = torch.get_rng_state()
    first, again = spec.load(), spec.load()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not any(module.training for module in first.modules())
    assert not any(parameter.requires_grad for parameter in first.parameters())


@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_1", "mobilenet_v3_large"])
def test_a_copy_is_found_and_used(home, name):
    spec = MODELS[name]
    source = spec.build().eval()
    state = {key: tensor for key, tensor in source.state_dict().items() if not key.endswith("num_batches_tracked")}
    put(spec, state)  # as the old files are, without counters
    assert spec.has_weights()
    network = spec.load()
    x = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(network(x), source(x))
    assert not any(parameter.requires_grad or parameter.is_meta for parameter in network.parameters())
    assert not spec.stored.is_torchvisions()  # and it is said that it is not


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_auxiliary_heads_in_the_file_are_left_out(home, name):
    from torchvision import models

    spec = MODELS[name]
    whole = getattr(models, name)(weights=None, aux_logits=True, init_weights=False)
    put(spec, whole.state_dict())
    network = spec.load()
    assert torch.equal(network.fc.weight, whole.fc.weight)


def refused(spec, *words):
    with pytest.raises(ExplorerError) as caught:
        spec.load()
    assert all(word in str(caught.value) for word in (spec.stored.file, *words)), caught.value


def test_a_copy_that_does_not_fit_says_where(home):
    spec = MODELS["squeezenet1_1"]
    state = spec.build().state_dict()
    put(spec, {**state, "classifier.1.weight": torch.zeros(10, 512, 1, 1)})
    refused(spec, "classifier.1.weight", "(10, 512, 1, 1)", "(1000, 512, 1, 1)")
    put(spec, {**state, "features.0.bias": state["features.0.bias"].long()})
    refused(spec, "features.0.bias", "I64", "F32")
    del state["features.0.bias"]
    put(spec, state)
    refused(spec, "lacks", "features.0.bias")
    put(spec, [1, 2])
    refused(spec, "holds no weights")


def test_a_damaged_copy_is_a_sentence(home):
    spec = MODELS["squeezenet1_1"]
    put(spec, spec.build().state_dict())
    spec.stored.path.write_bytes(spec.stored.path.read_bytes()[:-2000])
    refused(spec, "damaged", "download it again")


def test_a_copy_that_would_run_code_is_not_run(home):
    spec = MODELS["squeezenet1_1"]

    class Trap:
        def __reduce__(self):
            return pytest.exit, ("a pickle was run",)

    put(spec, Trap())
    refused(spec, "damaged")
