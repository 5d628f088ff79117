"""What computes here, and what does not."""

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.training.devices import available, choose_device, in_words, memory_mb


@pytest.mark.parametrize("name", ["", "tpu", "cuda:99", "meta", "xpu:7", "privateuseone"])
def test_a_device_that_is_not_there(name):
    with pytest.raises(ExplorerError, match="not available here: choose auto or cpu"):
        choose_device(name)


@pytest.mark.parametrize("name", available())
def test_what_is_available_works(name):
    device = choose_device(name)
    assert torch.ones(1, device=device).item() == 1
    assert in_words(device)
    assert memory_mb(device) is None or memory_mb(device) >= 0


def test_auto_and_cpu_are_always_there():
    assert (available()[0], available()[-1]) == ("auto", "cpu")


def test_the_cpu_in_words():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        assert in_words(torch.device("cpu")) == "CPU, 1 thread"
    finally:
        torch.set_num_threads(before)
