"""What computes: CUDA, Apple's MPS or the CPU. Knows the machine; not networks."""

import sys

import torch

from explorer.errors import ExplorerError
from explorer.words import counted

DEVICES = {"auto": "The fastest here", "cpu": "CPU", "cuda": "GPU", "mps": "Apple GPU"}


def choose_device(name: str) -> torch.device:
    """ "auto" → CUDA, else Apple's MPS, else the CPU. Raises ExplorerError for a device that is not there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.zeros(1, device=name).item()  # "meta" makes tensors, but has no numbers
    except (RuntimeError, AssertionError, ImportError) as error:
        raise ExplorerError(f"The device “{name[:20]}” is not available here: choose auto or cpu.") from error
    return torch.device(name)


def available() -> list[str]:
    """The names that `choose_device` takes here, "auto" first."""
    found = ["cuda"] if torch.cuda.is_available() else []
    return ["auto", *found, *(["mps"] if torch.backends.mps.is_available() else []), "cpu"]


def in_words(device: torch.device) -> str:
    """What a reader wants to know of a device: "NVIDIA H100", "Apple GPU", "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU, {counted(threads, 'thread')}"


def memory_mb(device: torch.device) -> float | None:
    """Memory in use: the GPU's by this process, else this process's peak; None where the system does not say."""
    if device.type == "cuda":
        return torch.cuda.memory_allocated(device) / 2**20
    if device.type == "mps":
        return torch.mps.current_allocated_memory() / 2**20
    try:
        import resource  # not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 in hardware."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
