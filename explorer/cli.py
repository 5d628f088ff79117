"""The same facts without a browser. Knows commands and their options; what each does stands in commands/.

A command is imported when it is asked for, so that --help answers at once.
"""

import argparse
import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from explorer.errors import ExplorerError

NETWORKS = (  # a list of its own: the registry's costs a second to import
    "lenet5, colour, efficientnet_lite0, alexnet, vgg16, googlenet, inception_v3, resnet18, resnet50, resnet152, "
    "squeezenet1_1, mobilenet_v2, mobilenet_v3_large"
)
FACTORY = (
    "the factory's .mean and .std (of pixel values from 0 to 1; else 0 and 1) and .labels (else numbers) say how it is fed and "
    "what it answers"
)
DATA_NAMES = (  # likewise
    "mnist, fashion_mnist, kmnist, cifar10, digits, mnist_low, mnist_high, digits_low, digits_high, shapes, corner, faces, "
    "folder, own (a collection of your own classes)"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status: 0 done, 1 an ExplorerError, printed as one line.

    128 and a signal's number where one has ended it, which is told too.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = build_parser(arguments).parse_args(arguments or ["run"])
    before = _hear_sigterm(_end)
    try:
        return importlib.import_module(f"explorer.commands.{options.command}").run(options)
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt as ended:
        if options.command != "run":  # which has no other end
            print("\nEnded before it was over.", file=sys.stderr)
        return 128 + (signal.SIGTERM if isinstance(ended, _Terminated) else signal.SIGINT)
    except BrokenPipeError:  # `describe … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
        return 0
    finally:
        _hear_sigterm(before)


class _Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl+C, with another exit status."""


def _end(_number: int, _frame: object) -> None:
    raise _Terminated


def _hear_sigterm(handler: object) -> object:
    """Let that handler hear SIGTERM; returns the one before. Only a program's main thread may: elsewhere nothing changes."""
    with contextlib.suppress(ValueError):
        return signal.signal(signal.SIGTERM, handler)
    return handler


def build_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """All commands and their options; those of a training only where the words ask for it: they come with torch."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer", description="A visual explorer of convolutional networks."
    )
    commands = parser.add_subparsers(title="commands (without one, the app opens)", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="open the app in the browser", allow_abbrev=False)
    run.add_argument("--port", type=int, default=8501, help="the port to listen on (default: 8501)")
    run.add_argument("--headless", action="store_true", help="do not open a browser window")
    run.add_argument(
        "--model", metavar="PACKAGE.MODULE:FACTORY", help=f"a network of your own, made by your own code; {FACTORY}"
    )
    run.add_argument(
        "--input-shape", metavar="C,H,W", help="what it takes, such as 3,224,224 (default: factory.input_shape)"
    )
    run.set_defaults(command="run")

    describe = commands.add_parser("describe", help="print a network's layers, shapes and costs", allow_abbrev=False)
    describe.add_argument("name", help=f"the network: {NETWORKS}, or package.module:factory of your own")
    describe.add_argument("--input-shape", metavar="C,H,W", help="what a network of your own takes, such as 3,224,224")
    describe.add_argument("--json", action="store_true", help="print JSON instead of a table")
    describe.set_defaults(command="describe")

    train = commands.add_parser("train", help="train a network and save its weights", allow_abbrev=False)
    train.add_argument("name", help="the network: lenet5, colour, deep, corner_cnn, …, seg_skip or locate")
    train.add_argument("--data", help=f"{DATA_NAMES}, scenes, boxes (default: its recipe's)")
    train.add_argument("--data-dir", type=Path, help="where a copy lies (default: $EXPLORER_DATA, else ./data)")
    train.add_argument("--download", action="store_true", help="fetch the data set if there is no copy")
    train.add_argument("--train-pictures", type=int, help="use only so many training pictures, evenly from all classes")
    train.add_argument("--from", dest="start", metavar="RUN:STEP", help="go on from a snapshot of another run")
    train.add_argument(
        "--transfer-from", metavar="SOURCE", help="take over from lenet5_low, colour, resnet18, … or RUN:STEP of a run"
    )
    train.add_argument(
        "--cut", metavar="LAYER", help="the last layer that is taken over (default: the last convolution)"
    )
    train.add_argument("--student", default="last", help="what of it learns: last (layers), fine_tune or scratch")
    train.add_argument(
        "--depth-rate",
        type=float,
        default=0.3,
        help="of fine_tune: the rate's factor for each layer down (default: 0.3)",
    )
    if "train" in words:
        from explorer.commands.train import add_settings

        add_settings(train.add_argument_group("settings (default: the network's recipe)"))
    train.add_argument("--out", type=Path, help="write the weights here (.safetensors), and a card beside them")
    train.add_argument("--no-record", action="store_true", help="keep no timeline in the folder of runs")
    train.add_argument("--json", action="store_true", help="print the result as JSON")
    train.set_defaults(command="train")

    accuracy = commands.add_parser(
        "accuracy", help="count how many photographs of ImageNet's classes a network names right", allow_abbrev=False
    )
    accuracy.add_argument("name", metavar="NETWORK", help="efficientnet_lite0, …, or package.module:factory")
    accuracy.add_argument("folder", type=Path, help="photographs named after their WordNet id, or in folders that are")
    accuracy.add_argument("--input-shape", help="of a network of your own: C,H,W")
    accuracy.add_argument("--json", action="store_true", help="print the result as JSON")
    accuracy.set_defaults(command="accuracy")

    record = commands.add_parser("record", help="keep a short copy of a run, to come with the app", allow_abbrev=False)
    record.add_argument("source", metavar="RUN", help="a run of yours that is over")
    record.add_argument("name", metavar="NAME", help="what the copy in assets/recordings is called: recorded-…")
    record.add_argument("--snapshots", type=int, default=6, help="so many moments of it (default: 6)")
    record.add_argument("--pictures", type=int, default=100, help="and so many of its test pictures (default: 100)")
    record.set_defaults(command="record")

    scan = commands.add_parser("scan", help="find the pictures that excite each channel most", allow_abbrev=False)
    scan.add_argument("name", metavar="NETWORK", help="lenet5, resnet18, …, or package.module:factory")
    scan.add_argument("data", metavar="DATA", help=f"{DATA_NAMES}, or the path of a folder of pictures")
    scan.add_argument("--input-shape", help="of a network of your own: C,H,W")
    scan.add_argument("--data-dir", type=Path, help="where it lies (default: $EXPLORER_DATA, else ./data)")
    scan.add_argument("--k", type=int, default=9, help="so many pictures for each channel (default: 9)")
    scan.add_argument("--limit", type=int, help="look at so many pictures only, evenly from the whole")
    scan.add_argument("--batch-size", type=int)
    scan.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write all scores, and a sheet of patches for each layer"
    )
    scan.add_argument("--json", action="store_true", help="print the result as JSON")
    scan.set_defaults(command="scan")

    study = commands.add_parser(
        "study", help="measure accuracy against the number of examples, for three students", allow_abbrev=False
    )
    study.add_argument(
        "source", metavar="SOURCE", help="the trained network: lenet5_low, colour, resnet18, … or RUN:STEP"
    )
    study.add_argument("data", metavar="DATA", help="the task: mnist_high, digits, shapes, faces, own, …")
    study.add_argument(
        "--cut", metavar="LAYER", help="the last layer that is taken over (default: the last convolution)"
    )
    study.add_argument("--counts", default="1,2,5,10,20,50", help="training pictures a class (default: 1,2,5,10,20,50)")
    study.add_argument("--seeds", type=int, default=5, help="repetitions of each (default: 5)")
    study.add_argument("--students", default="last,fine_tune,scratch", help="default: last,fine_tune,scratch")
    study.add_argument("--steps", type=int, default=300, help="of each training (default: 300)")
    study.add_argument("--batch-size", type=int, default=32, help="at most (default: 32)")
    study.add_argument("--rate", type=float, default=3e-3, help="the peak of the learning rate (default: 0.003)")
    study.add_argument("--depth-rate", type=float, default=0.3, help="of fine_tune, for each layer down (default: 0.3)")
    study.add_argument("--data-dir", type=Path, help="where it lies (default: $EXPLORER_DATA, else ./data)")
    study.add_argument("--no-record", action="store_true", help="keep nothing in the folder of runs")
    study.add_argument("--json", action="store_true", help="print all points as JSON instead of a table")
    study.set_defaults(command="study")
    return parser
