"""The same facts without a browser. Knows the core and how to print; the app itself is started as a process of its own.

torch is imported by the commands that need it, so that --help answers at once.
"""

import argparse
import datetime
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import ExplorerError

if TYPE_CHECKING:
    from explorer.training.settings import RunSettings

NETWORKS = (  # a list of its own: the registry's costs a second to import
    "lenet5, colour, alexnet, vgg16, googlenet, inception_v3, resnet18, resnet50, resnet152, squeezenet1_1, mobilenet_v2, "
    "mobilenet_v3_large"
)
DATA_NAMES = (  # likewise
    "mnist, fashion_mnist, kmnist, cifar10, digits, mnist_low, mnist_high, digits_low, digits_high, shapes, corner, faces, "
    "folder, own (a collection of your own classes)"
)
ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status: 0 done, 1 an ExplorerError, printed as one line."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = build_parser().parse_args(arguments or ["run"])
    try:
        return options.command(options)
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
    run.add_argument("--model", metavar="PACKAGE.MODULE:FACTORY", help="a network of your own, made by your own code")
    run.add_argument(
        "--input-shape", metavar="C,H,W", help="what it takes, such as 3,224,224 (default: factory.input_shape)"
    )
    run.set_defaults(command=_run)

    describe = commands.add_parser("describe", help="print a network's layers, shapes and costs", allow_abbrev=False)
    describe.add_argument("name", help=f"the network: {NETWORKS}, or package.module:factory of your own")
    describe.add_argument("--input-shape", metavar="C,H,W", help="what a network of your own takes, such as 3,224,224")
    describe.add_argument("--json", action="store_true", help="print JSON instead of a table")
    describe.set_defaults(command=_describe)

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
    train.set_defaults(command=_train)

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
    scan.set_defaults(command=_scan)

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
    study.set_defaults(command=_study)
    return parser


def _study(options: argparse.Namespace) -> int:
    from explorer.training.run import load_data
    from explorer.training.study import Study, run
    from explorer.training.study_report import read_counts, report, table
    from explorer.training.timeline import new_identity, run_folder, runs_root
    from explorer.training.transfer import default_cut

    study = Study(
        source=options.source,
        cut=options.cut or default_cut(options.source),
        counts=read_counts(options.counts),
        students=tuple(options.students.split(",")),
        data_dir=str(options.data_dir) if options.data_dir else "",
        **{name: getattr(options, name) for name in ("data", "seeds", "steps", "batch_size", "rate", "depth_rate")},
    )
    data = load_data(study.settings(study.students[0]), options.data_dir)
    folder, points = None if options.no_record else run_folder(runs_root(), new_identity("study")), []
    for point in run(study, data, folder):
        points.append(point)
        if sys.stderr.isatty():
            line = f"{len(points)} of {study.total}: {point.student}, {point.count} a class, {point.accuracy:.1%}"
            print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(json.dumps(report(study, points)) if options.json else table(study, points))
    return 0


def _scan(options: argparse.Namespace) -> int:
    from explorer.data.datasets import DATA_SETS
    from explorer.scan.pictures import FOLDER
    from explorer.scan.report import report, summary, write_all
    from explorer.scan.scan import Scan, Wish

    if ":" in options.name:
        from explorer.models.own import own_spec, read_shape
        from explorer.models.registry import add

        add(own_spec(options.name, read_shape(options.input_shape) if options.input_shape else None))
    data, folder = options.data, str(options.data_dir) if options.data_dir else ""
    if data not in DATA_SETS and not folder and Path(data).is_dir():
        data, folder = FOLDER, data
    wish = Wish(options.name, data, folder, options.k, options.limit, options.batch_size)
    scan, bar = Scan(wish), sys.stderr.isatty()
    for now in scan.run():
        line = f"{now.seen:,} of {now.count:,} pictures, {now.seconds:.1f} s"
        if bar or now.done:
            print(f"\r{line:<60}" if bar else line, end="" if bar else "\n", file=sys.stderr, flush=True)
    if bar:
        print(file=sys.stderr)
    if options.out:
        write_all(scan, options.out)
    print(json.dumps(report(scan)) if options.json else summary(scan))
    return 0


def _own_arguments(options: argparse.Namespace) -> list[str]:
    """What the app is told of the user's own network, once it has been tried here: a mistake is said before a browser opens."""
    if not options.model:
        return []
    from explorer.models.own import own_spec, read_shape

    own_spec(options.model, read_shape(options.input_shape) if options.input_shape else None)
    shape = ["--input-shape", options.input_shape] if options.input_shape else []
    return ["--", "--model", options.model, *shape]


def _run(options: argparse.Namespace) -> int:
    own = _own_arguments(options)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(options.port)]
    command += ["--server.headless", "true"]  # else Streamlit lays advertisements of its own over the page
    command += own
    environment = dict(os.environ)
    if own:  # the app runs in a folder of its own, and the user's package lies in this one
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path.cwd()), environment.get("PYTHONPATH"))))
    if not options.headless:
        threading.Thread(target=_open_browser, args=(options.port,), daemon=True).start()
    # Whoever ends this process ends the server too: `call` kills its child when an exception, such as this exit, passes.
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return subprocess.call(command, cwd=ROOT, env=environment)
    finally:
        signal.signal(signal.SIGTERM, before)


def _open_browser(port: int) -> None:
    """Open the app's address once it answers; give up after a minute."""
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.25)
        else:
            webbrowser.open(address)
            return


def _describe(options: argparse.Namespace) -> int:
    from explorer.models.own import own_spec, read_shape
    from explorer.models.registry import find
    from explorer.probe.facts import describe, table

    own = ":" in options.name
    shape = read_shape(options.input_shape) if options.input_shape else None
    spec = own_spec(options.name, shape) if own else find(options.name)
    facts = describe(spec.build(), spec.input_shape)
    print(json.dumps({"name": spec.name, **facts.as_json()}, indent=2) if options.json else table(spec.title, facts))
    return 0


def _number_or_none(text: str) -> float | None:
    return None if text == "none" else float(text)


def _train(options: argparse.Namespace) -> int:
    from explorer.models.registry import find, knows
    from explorer.models.weights import check_writable
    from explorer.training.run import load_data, perform
    from explorer.training.timeline import new_identity, run_folder, runs_root
    from explorer.training.transfer import check

    if options.out and options.out.suffix != ".safetensors":
        raise ExplorerError(f"“{options.out.name}” would not be recognised later: end --out with .safetensors.")
    settings = _settings(options)
    check(settings, options.data_dir)
    data = load_data(settings, options.data_dir, download=options.download)
    if options.out:
        name = options.out.stem if knows(options.out.stem) else options.name
        spec = find(name) if knows(name) and not settings.transfer else None
        if spec and len(data.classes) != len(spec.labels):
            raise ExplorerError(
                f"{spec.title} tells {len(spec.labels)} classes apart and {settings.data} has {len(data.classes)}."
            )
        check_writable(options.out)

    run = None if options.no_record else new_identity(options.name)
    folder = run_folder(runs_root(), run) if run else None
    network, outcome = perform(settings, data, folder=folder, tell=_tell)
    result = {
        "test_accuracy": outcome.test_accuracy,
        "samples_per_second": round(outcome.samples_per_second, 1),
        "seconds": round(outcome.seconds, 3),
        "epochs": round(outcome.epochs, 3),
        "device": outcome.device,
        "run": run,
    }
    if options.out:
        _save(network, options.out, settings, outcome, {key: result[key] for key in result if key != "run"})
    kept = f" The run is kept as {folder}." if folder else ""
    print(
        json.dumps(result)
        if options.json
        else f"Test {outcome.metric} {outcome.test_accuracy:.2%} on {outcome.device}.{kept}"
    )
    return 0


def _settings(options: argparse.Namespace) -> "RunSettings":
    """The network's recipe with what was asked for instead."""
    import dataclasses

    from explorer.models.trainable import TRAINABLE
    from explorer.training.recipes import find_recipe
    from explorer.training.settings import RunSettings, Start, Transfer
    from explorer.training.transfer import default_cut

    transfer = None
    if options.transfer_from:
        network = None if options.name in TRAINABLE else options.name
        cut = options.cut or default_cut(options.transfer_from)
        transfer = Transfer(options.transfer_from, cut, options.student, options.depth_rate, network=network)
    recipe = find_recipe("lenet5" if transfer and transfer.network else options.name)

    def changed(usual: object) -> object:
        names = [field.name for field in dataclasses.fields(usual) if hasattr(options, field.name)]
        return dataclasses.replace(usual, **{name: getattr(options, name) for name in names})

    start = None
    if options.start:
        run, colon, step = options.start.rpartition(":")
        if not colon or not step.isdecimal():
            raise ExplorerError(f"“{options.start[:80]}” is no snapshot: write --from RUN:STEP.")
        start = Start(run, int(step))
    return RunSettings(
        changed(recipe.design),
        options.data or recipe.data,
        changed(recipe.config),
        options.train_pictures,
        start,
        transfer,
    )


def _tell(event: dict[str, object]) -> None:
    """A line for every evaluation; on a terminal, a bar between them."""
    bar = sys.stderr.isatty()
    if event["kind"] == "loss" and bar:
        done = round(24 * event["fraction"])
        line = f"{'█' * done}{'·' * (24 - done)} {event['fraction']:6.1%}  loss {event['loss']:.4f}  {event['speed']:,.0f}/s"
        print(f"\r{line}", end="", file=sys.stderr, flush=True)
    elif event["kind"] == "evaluation":
        line = (
            f"epoch {event['epoch']:6.2f}  step {event['step']:6d}  {event['seconds']:7.1f} s  "
            f"loss {event['loss']:.4f}  test {event['metric']} {event['test_accuracy']:.2%}"
        )
        print(f"\r{line:<70}" if bar else line, file=sys.stderr, flush=True)


def _save(network: object, out: Path, settings: "RunSettings", outcome: object, result: dict[str, object]) -> None:
    """The network as it is shipped, and its card."""
    import torch

    from explorer.models.weights import save_weights
    from explorer.training.recipes import find_recipe

    name = out.name if out.is_absolute() else out.as_posix()
    card = {
        "network": settings.design.network,
        "data": settings.data,
        "command": f"{settings.command()} --out {shlex.quote(name)}",
        "seed": settings.config.seed,
        "steps": outcome.steps,
        **result,
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
    }
    save_weights(find_recipe(settings.design.network).finish(network.cpu()), out, card)
