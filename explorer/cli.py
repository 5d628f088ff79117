"""The same facts without a browser. Knows commands and their options; what each does stands in commands/.

A command is imported when it is asked for, so that --help answers at once.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from explorer.errors import ExplorerError

NETWORKS = (  # a list of its own: the registry's costs a second to import
    "lenet5, colour, alexnet, vgg16, googlenet, inception_v3, resnet18, resnet50, resnet152, squeezenet1_1, mobilenet_v2, "
    "mobilenet_v3_large"
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
    """Run one command; returns the process's exit status: 0 done, 1 an ExplorerError, printed as one line."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = build_parser().parse_args(arguments or ["run"])
    try:
        return importlib.import_module(f"explorer.commands.{options.command}").run(options)
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `describe … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
        return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
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
    settings = train.add_argument_group("settings (default: the network's recipe)", argument_default=argparse.SUPPRESS)
    settings.add_argument("--activation", help="sigmoid, tanh, relu or leaky")
    settings.add_argument("--pooling", help="max or average")
    settings.add_argument("--initialisation", help="default, zeros, small, xavier or he")
    settings.add_argument("--batch-norm", action=argparse.BooleanOptionalAction)
    settings.add_argument("--dropout", type=float, help="probability of dropping a unit of the dense layers")
    settings.add_argument("--epochs", type=float, help="how many passes over the data")
    settings.add_argument("--seconds", type=_number_or_none, help="stop after this much training time")
    settings.add_argument(
        "--until-accuracy", type=_number_or_none, help="stop once the test accuracy, or mean IoU, reaches this (0 to 1)"
    )
    settings.add_argument("--batch-size", type=int)
    settings.add_argument("--optimiser", help="sgd, momentum, adam, adamw or rmsprop")
    settings.add_argument("--rate", type=float, help="the peak of the learning rate")
    settings.add_argument("--schedule", help="one_cycle, constant, cosine or steps")
    settings.add_argument("--weight-decay", type=float)
    settings.add_argument(
        "--class-weight", type=float, help="of a network for boxes: what the class's loss is weighted by"
    )
    settings.add_argument("--box-weight", type=float, help="the same of the box's loss")
    settings.add_argument("--augmentation", help='such as "strokes" or "flip+shift"')
    settings.add_argument(
        "--bfloat16", action=argparse.BooleanOptionalAction, help="mixed precision where it is in hardware"
    )
    settings.add_argument("--seed", type=int, help="for the first weights and the order of the pictures")
    settings.add_argument("--device", help="auto, cpu, cuda or mps")
    settings.add_argument("--threads", type=int, help="of the CPU")
    train.add_argument("--out", type=Path, help="write the weights here (.safetensors), and a card beside them")
    train.add_argument("--no-record", action="store_true", help="keep no timeline in the folder of runs")
    train.add_argument("--json", action="store_true", help="print the result as JSON")
    train.set_defaults(command="train")

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


def _number_or_none(text: str) -> float | None:
    return None if text == "none" else float(text)
