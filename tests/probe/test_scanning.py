"""One pass against keeping every map of every picture; the network comes back as it came."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.probe import scanning
from explorer.probe.recording import listening, record
from explorer.probe.scanning import Batch, begin, convolutions, scan, top_patches


def network(seed=0):
    """In-place ReLU, a branch, a transposed convolution and dropout; whole weights, so that sums are exact."""
    torch.manual_seed(seed)
    made = Branching()
    for parameter in made.parameters():
        with torch.no_grad():
            parameter.copy_(torch.randint(-2, 3, parameter.shape).float())
    return made


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.side = nn.Conv2d(3, 4, 1, stride=2)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.drop = nn.Dropout(0.5)
        self.unused = nn.Conv2d(1, 1, 1)

    def forward(self, x):
        return self.up(self.drop(self.relu(self.side(self.relu(self.first(x))))))


def pictures(count, rows, columns, seed=0):
    return torch.randint(-1, 2, (count, 2, rows, columns), generator=torch.Generator().manual_seed(seed)).float()


def batches(images, size, start=0, bad=()):
    for first in range(start, len(images), size):
        kept = [index for index in range(first, min(first + size, len(images))) if index not in bad]
        yield Batch(images[kept], kept, min(first + size, len(images)))


def run(made, images, size, k, bad=()):
    state = begin(made, k)
    for _ in scan(made, batches(images, size, bad=bad), state):
        pass
    return state


def slow_extremes(made, images, layer, k, *, least, bad=()):
    """Everything kept: per channel (score, picture, row, column), best first, of equal ones the lower picture."""
    kept = [index for index in range(len(images)) if index not in bad]
    maps = record(made, images[kept], [layer]).outputs[layer].numpy()
    result = []
    for channel in range(maps.shape[1]):
        ones = []
        for index, picture in zip(kept, maps[:, channel], strict=True):
            score = picture.min() if least else picture.max()
            row, column = np.argwhere(picture == score)[0]
            ones.append((float(score), index, int(row), int(column)))
        ones.sort(key=lambda one: (one[0] if least else -one[0], one[1]))
        result.append(ones[:k])
    return result


def as_lists(extremes):
    parts = (extremes.scores, extremes.pictures, extremes.rows, extremes.columns)
    return [
        [one for one in zip(*(part[channel].tolist() for part in parts), strict=True) if one[1] >= 0]
        for channel in range(len(extremes.scores))
    ]


def assert_equal_to_slow(state, made, images, k, bad=()):
    found = top_patches(state)
    assert [layer.name for layer in found.layers] == ["first", "side", "up"]  # what never ran is left out
    for layer in found.layers:
        assert as_lists(layer.best) == slow_extremes(made, images, layer.name, k, least=False, bad=bad)
        assert as_lists(layer.least) == slow_extremes(made, images, layer.name, k, least=True, bad=bad)


def test_by_hand():
    # 1×1 kernel 2: the maps are the pictures doubled
    made = nn.Conv2d(1, 1, 1, bias=False)
    nn.init.constant_(made.weight, 2)
    images = torch.tensor([[[[0.0, 1.0]]], [[[3.0, -1.0]]], [[[0.0, 3.0]]]])
    layer = top_patches(run(made, images, 2, 2)).layer("layer")
    assert layer.map == (1, 2)
    assert as_lists(layer.best) == [[(6, 1, 0, 0), (6, 2, 0, 1)]]
    assert as_lists(layer.least) == [[(-2, 1, 0, 1), (0, 0, 0, 0)]]


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(1, 30),
    size=st.integers(1, 9),
    k=st.integers(1, 12),
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
    bad=st.sets(st.integers(0, 29), max_size=10),
    seed=st.integers(0, 5),
)
def test_equals_the_slow_twin(count, size, k, rows, columns, bad, seed):
    made, images = network(seed), pictures(count, rows, columns, seed)
    state = run(made, images, size, k, bad)
    assert (state.seen, top_patches(state).skipped) == (count, len([index for index in bad if index < count]))
    if len([index for index in range(count) if index not in bad]):
        assert_equal_to_slow(state, made, images, k, bad)


def test_many_batches_between_merges():
    made, images = network(), pictures(150, 4, 5)
    assert_equal_to_slow(run(made, images, 2, 3), made, images, 3)


def test_pictures_that_all_enter_are_merged_early(monkeypatch):
    monkeypatch.setattr(scanning, "MOST_WAITING", 10)
    made = nn.Conv2d(1, 1, 1, bias=False)
    nn.init.constant_(made.weight, 1)
    images = torch.arange(64.0).reshape(64, 1, 1, 1)
    found = top_patches(run(made, images, 3, 2)).layer("layer")
    assert found.best.pictures.tolist() == [[63, 62]]
    assert found.least.pictures.tolist() == [[0, 1]]


def test_real_weights_on_random_digits():
    spec = find("lenet5")
    made = spec.load()
    images = torch.randn(90, *spec.input_shape, generator=torch.Generator().manual_seed(3))
    found = top_patches(run(made, images, 90, 9))
    for layer in found.layers:
        for extremes, least in ((layer.best, False), (layer.least, True)):
            expected = slow_extremes(made, images, layer.name, 9, least=least)
            assert [[one[1:] for one in line] for line in as_lists(extremes)] == [[o[1:] for o in e] for e in expected]
            scores = [[one[0] for one in line] for line in expected]
            np.testing.assert_allclose(extremes.scores, scores, rtol=1e-5, atol=1e-5)


def test_stopped_and_gone_on_with_is_the_same():
    made, images = network(), pictures(100, 4, 4)
    whole = run(made, images, 4, 5)
    state = begin(made, 5)
    while state.seen < len(images):
        for now in scan(made, batches(images, 4, state.seen), state):
            if now.seen % 3 == 0:
                break
    assert np.array_equal(state.ranking.keys, whole.ranking.keys)
    assert np.array_equal(state.ranking.places, whole.ranking.places)
    assert (state.maps, state.seen, state.read) == (whole.maps, whole.seen, whole.read)


def test_the_state_is_as_large_whatever_the_number_of_pictures():
    made = network()
    few, many = (run(made, pictures(count, 4, 4), 16, 9).ranking.nbytes for count in (20, 600))
    assert few == many == 2 * sum(convolutions(made).values()) * 9 * 10


def test_the_state_of_the_large_networks_is_below_a_megabyte():
    for name in ("resnet18", "squeezenet1_1"):
        with torch.device("meta"):
            made = find(name).build()
        assert begin(made, 9).ranking.nbytes <= 1_000_000


def hooks_and_modes(made):
    return {
        name: (module.training, len(module._forward_hooks), len(module._forward_pre_hooks))
        for name, module in made.named_modules()
    }


def test_the_network_comes_back_also_between_two_merges():
    made = network().train()
    made.side.eval()
    made.first.register_forward_hook(lambda *_: None)  # somebody else's
    before = hooks_and_modes(made)
    for _ in scan(made, batches(pictures(40, 4, 4), 4), begin(made)):
        assert hooks_and_modes(made) == before
        record(made, pictures(1, 4, 4))  # others may look meanwhile
    assert hooks_and_modes(made) == before
    assert not torch.is_inference_mode_enabled()


def test_a_failure_leaves_network_and_state_as_they_were():
    made = network().train()
    before, state = hooks_and_modes(made), begin(made)
    images = [Batch(pictures(4, 4, 4), range(4), 4), Batch(torch.zeros(4, 7, 4, 4), range(4, 8), 8)]
    with pytest.raises(ExplorerError, match="fails on an input of shape"):
        for _ in scan(made, images, state):
            pass
    assert hooks_and_modes(made) == before
    assert state.seen == 4
    assert_equal_to_slow(state, made, pictures(4, 4, 4), 9)


def test_listening_names_the_layers_there_are():
    with pytest.raises(ExplorerError, match="no layer called “nothing”"), listening(network(), ["nothing"], print):
        pass


@pytest.mark.parametrize("k", [0, 101])
def test_impossible_k(k):
    with pytest.raises(ExplorerError, match="choose 1 to 100"):
        begin(network(), k)


def test_a_network_without_convolutions():
    with pytest.raises(ExplorerError, match="no convolutional layer"):
        begin(nn.Linear(2, 2))
