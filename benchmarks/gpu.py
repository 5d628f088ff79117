"""The preset "Fast to 99 %" and the speed of a step on a CUDA device. `python -m benchmarks.gpu`; needs CUDA and MNIST.

Needs PyTorch, torchvision, safetensors and NumPy only: no Streamlit, no browser. Each seed is trained twice: in a process of
its own, as the studio's runs are, where the libraries' first calls fall into the training time; and in one process that has
trained before. Both record losses, and snapshots at 10 Hz, to a real folder, which is all that a live view asks of a training.
"""

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks import table
from benchmarks.table import Times
from explorer.data.datasets import DataSet, describe_data_set, load_data_set
from explorer.errors import ExplorerError
from explorer.models.trainable import build
from explorer.training import step as step_module
from explorer.training.config import TrainConfig
from explorer.training.evaluation import judge
from explorer.training.recipes import FAST, RECIPES
from explorer.training.run import feeding, perform
from explorer.training.settings import RunSettings
from explorer.training.step import Training
from explorer.training.timeline import snapshot_steps

BATCHES = (64, 128, 256, 512, 1024, 2048, 4096)
GOAL_SECONDS, GOAL_ACCURACY = 1.0, 0.99
WARM_UP = 20  # steps before a speed is measured; the first of them are captured as a graph
PATIENCE = 300  # seconds for one process


def main() -> int:
    """Measure everything and print one table; 1 where there is nothing to measure."""
    options = _options()
    if not torch.cuda.is_available():
        print("This benchmark needs a CUDA device, and PyTorch finds none here.")
        return 1
    if not describe_data_set("mnist").found:
        print("This benchmark needs MNIST: name the folder of a copy (MNIST/raw/…) in EXPLORER_DATA.")
        return 1
    if options.one is not None:
        print(json.dumps(_run(load_data_set("mnist"), options.one)))
        return 0
    data = load_data_set("mnist")
    rows = []
    for where, results in (
        ("each in a process of its own", [_apart(seed) for seed in range(options.seeds)]),
        ("in one process, after a first run", [_run(data, seed) for seed in range(-1, options.seeds)][1:]),
    ):
        rows += _preset_rows(where, [result for result in results if "seconds" in result])
        for result in results:
            if "failed" in result:
                rows.append((f"failed, {where}", result["failed"], "", "", "", ""))
    for batch_size in BATCHES:
        for graph in (True, False):
            rows.append(_speed_row(data, batch_size, graph, options.seconds))
    print(table.machine(packages=("torch", "torchvision"), device=torch.cuda.get_device_name()) + "\n")
    print(table.write(rows))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=9, help="runs of the preset, seeds 0 … (default: 9)")
    parser.add_argument("--seconds", type=float, default=1.5, help="of each speed measurement (default: 1.5)")
    parser.add_argument("--one", type=int, help="train once with this seed and print the result as JSON")
    return parser.parse_args()


# ── the preset ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _run(data: DataSet, seed: int) -> dict[str, object]:
    """Train the preset and record it; judged once more, on the whole test set, when it is over."""
    config = dataclasses.replace(
        RECIPES["lenet5"].config, **{"augmentation": "none", **FAST, "device": "cuda", "seed": max(0, seed)}
    )
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        torch.cuda.synchronize()
        began = time.perf_counter()
        try:
            network, outcome = perform(RunSettings(config=config), data, folder=run)
            torch.cuda.synchronize()
            wall = time.perf_counter() - began
            device = torch.device("cuda")
            verdict = judge(network, data.test.to(device), feeding(1).normalise)
        except ExplorerError as error:
            return {"seed": seed, "failed": str(error)}
        return {
            "seed": seed,
            "seconds": outcome.seconds,
            "wall": wall,
            "accuracy": verdict.accuracy,
            "epochs": outcome.epochs,
            "reason": outcome.reason,
            "snapshots": len(snapshot_steps(run)),
        }


def _apart(seed: int) -> dict[str, object]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.gpu", "--one", str(seed)]
    try:
        done = subprocess.run(
            command, cwd=Path(__file__).parents[1], env=_environment(), capture_output=True, text=True, timeout=PATIENCE
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        said = done.stderr.strip().splitlines()[-1:] if not isinstance(error, subprocess.TimeoutExpired) else []
        return {"seed": seed, "failed": (said or [type(error).__name__])[0][:100]}


def _environment() -> dict[str, str]:
    """EXPLORER_DATA may be relative to the folder in which this was started."""
    found = os.environ.get("EXPLORER_DATA")
    return os.environ | ({"EXPLORER_DATA": str(Path(found).absolute())} if found else {})


def _preset_rows(where: str, results: list[dict[str, object]]) -> list[table.Row]:
    if not results:
        return []
    seconds = Times([result["seconds"] for result in results], "s")
    accuracies = [result["accuracy"] for result in results]
    middle = statistics.median(accuracies)
    reached = sum(accuracy >= GOAL_ACCURACY for accuracy in accuracies)
    epochs, snapshots = (statistics.median(result[name] for result in results) for name in ("epochs", "snapshots"))
    goal = f"≤ {GOAL_SECONDS:g} s"
    return [
        table.row(f"training to the preset's end, {where}", seconds, goal, seconds.median <= GOAL_SECONDS),
        table.row("from the call to the end, evaluations included", Times([result["wall"] for result in results], "s")),
        (
            "accuracy on the whole test set",
            f"{middle:.2%}",
            f"{min(accuracies):.2%} at worst",
            str(len(accuracies)),
            f"≥ {GOAL_ACCURACY:.0%}",
            "yes" if middle >= GOAL_ACCURACY else "NO",
        ),
        ("seeds that reached it; epochs; snapshots", f"{reached}; {epochs:g}; {snapshots:g}", "", "", "", ""),
    ]


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _speed_row(data: DataSet, batch_size: int, graph: bool, seconds: float) -> table.Row:
    """Samples/s of bare steps, nothing recorded; without a graph every step is launched piece by piece."""
    what = f"batch {batch_size}, {'one CUDA graph a step' if graph else 'no graph'}"
    config = TrainConfig(epochs=1e6, batch_size=batch_size, device="cuda", seed=0, schedule="constant")
    eager = step_module.EAGER_STEPS
    try:
        if not graph:
            step_module.EAGER_STEPS = 10**12
        training = Training(build(RunSettings().design, 1, 10), data, feeding(1).normalise, config)
        for _ in range(WARM_UP):
            training.advance()
        speeds = []
        for _ in range(3):
            torch.cuda.synchronize()
            began, steps = time.perf_counter(), 0
            while time.perf_counter() - began < seconds / 3:
                for _ in range(20):
                    training.advance()
                torch.cuda.synchronize()  # else the clock would only see how fast steps are ordered
                steps += 20
            speeds.append(steps * batch_size / (time.perf_counter() - began))
        return table.speed(what, speeds)
    except (RuntimeError, ExplorerError) as error:
        return (what, "failed: " + str(error).splitlines()[0][:80], "", "", "", "")
    finally:
        step_module.EAGER_STEPS = eager


if __name__ == "__main__":
    sys.exit(main())
