"""Every data set in every form it may lie in, what is known of it unread, and one sentence where it does not lie there."""

import gzip
import hashlib
import io
import os
import socket
import urllib.request
from pathlib import Path

import pytest
import torch
import torchvision

from explorer.data.datasets import (
    DATA_SETS,
    default_data_dir,
    describe_data_set,
    downloaded_bytes,
    load_data_set,
    with_targets,
)
from explorer.errors import ExplorerError
from tests.data import sets

FACTS = {  # channels, training pictures, test pictures
    "digits": (1, 1437, 360),
    "mnist": (1, 60_000, 10_000),
    "cifar10": (3, 50_000, 10_000),
    "shapes": (1, 3000, 750),
    "corner": (1, 2000, 500),
    "faces": (1, 1500, 375),
    "scenes": (1, 2000, 400),
    "boxes": (1, 2000, 400),
    "mnist_low": (1, 30_596, 5_139),
    "mnist_high": (1, 29_404, 4_861),
    "digits_low": (1, 719, 182),
    "digits_high": (1, 718, 178),
}
OFFLINE = ("digits", "shapes", "corner", "faces", "scenes", "boxes", "digits_low", "digits_high")
OWN = ("folder", "own")  # the user's own pictures


IDX = [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST"), ("kmnist", "KMNIST")]


def check(data, channels):
    for half in (data.train, data.test):
        assert half.images.dtype == torch.uint8
        assert half.images.shape == (len(half), channels, 32, 32)
        assert half.images.is_contiguous()
        assert half.labels.dtype == torch.int64
        assert half.labels.shape == (len(half),)
        named = half.labels if half.masks is None else half.masks  # the ground of a scene is no scene's own class
        assert set(named.unique().tolist()) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", list(FACTS))
def test_real_data_sets(name):
    if name not in OFFLINE and "EXPLORER_DATA" not in os.environ:
        pytest.skip("needs the data set: name its folder in EXPLORER_DATA")
    channels, train, test = FACTS[name]
    data = load_data_set(name)
    check(data, channels)
    assert (data.name, len(data.train), len(data.test)) == (name, train, test)
    targets = DATA_SETS[name].targets
    for half in (data.train, data.test):
        assert (half.masks is not None, half.boxes is not None) == (targets == "masks", targets == "boxes")
    facts = describe_data_set(name)
    assert (facts.name, facts.channels, facts.classes, facts.found) == (name, channels, len(data.classes), True)
    assert data.train.images.max() >= 250  # 0–255, not 0–1 or 0–16


def test_digits_are_sklearns():
    from sklearn.datasets import load_digits

    bunch, data = load_digits(), load_data_set("digits")
    assert data.test.labels.tolist() == bunch.target[::5].tolist()
    small = torch.nn.functional.avg_pool2d(data.test.images[:20].float(), 4)[:, 0] * 16 / 255
    expected = torch.from_numpy(bunch.images[:100:5]).float()
    assert (small - expected).abs().mean() < 1.5  # enlarged smoothly, of 16
    assert data.train.images[0, 0].float().mean() > 20


@pytest.mark.parametrize(("name", "kind"), IDX)
def test_mnist_and_its_likes_are_padded_by_two(tmp_path, name, kind):
    sets.write_mnist(tmp_path, kind=kind)
    data = load_data_set(name, tmp_path)
    check(data, 1)
    assert data.train.images[:, 0, 16, 16].tolist() == [20 * i for i in range(10)]
    inner = data.train.images[:, :, 2:-2, 2:-2].sum()
    assert inner == data.train.images.sum() == sum(20 * i * 784 for i in range(10))
    assert data.train.labels.tolist() == list(range(10))


def check_plain_cifar10(data, tolerance=0):
    check(data, 3)
    assert data.classes == tuple(sets.CIFAR10_CLASSES)
    expected = torch.from_numpy(sets.plain_pictures(10)).permute(0, 3, 1, 2)
    for half in (data.train, data.test):
        assert half.labels.tolist() == list(range(10))
        assert (half.images.int() - expected.int()).abs().max() <= tolerance


def test_cifar10_from_a_jpeg_archive(tmp_path):
    sets.write_jpeg_archive(tmp_path)
    check_plain_cifar10(load_data_set("cifar10", tmp_path), tolerance=3)


@pytest.mark.parametrize("side", [32, 50])
def test_cifar10_from_class_folders(tmp_path, side):
    sets.write_class_folders(tmp_path, side=side)
    check_plain_cifar10(load_data_set("cifar10", tmp_path))


def test_cifar10_from_torchvision(tmp_path, monkeypatch):
    *batches, test, meta = [
        (name, hashlib.md5((tmp_path / "cifar-10-batches-py" / name).read_bytes()).hexdigest())
        for name in sets.write_torchvision_cifar10(tmp_path)
    ]
    loader = torchvision.datasets.CIFAR10
    monkeypatch.setattr(loader, "train_list", [list(entry) for entry in batches])
    monkeypatch.setattr(loader, "test_list", [list(test)])
    monkeypatch.setattr(loader, "meta", {"filename": meta[0], "key": "label_names", "md5": meta[1]})
    check_plain_cifar10(load_data_set("cifar10", tmp_path))
    (tmp_path / "cifar-10-batches-py" / "test_batch").write_bytes(b"damaged")
    with pytest.raises(ExplorerError, match="No readable copy of cifar10"):
        load_data_set("cifar10", tmp_path)


def test_class_folders_must_agree(tmp_path):
    sets.write_class_folders(tmp_path, classes=(["cat", "dog"], ["cat", "horse"]))
    with pytest.raises(ExplorerError, match="different class folders"):
        load_data_set("cifar10", tmp_path)


@pytest.fixture
def calls(monkeypatch):
    """Every try to reach the outside; each fails."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("the network cable is out")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


NEED_A_COPY = [name for name in DATA_SETS if name not in (*OFFLINE, *OWN)]


@pytest.mark.parametrize("name", NEED_A_COPY)
def test_no_copy_is_a_sentence_and_no_download(tmp_path, name, calls):
    with pytest.raises(ExplorerError) as caught:
        load_data_set(name, tmp_path)
    assert all(word in str(caught.value) for word in (name, str(tmp_path), "--data-dir", "--download"))
    assert calls == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NEED_A_COPY)
def test_download_is_tried_when_allowed(tmp_path, name, calls):
    with pytest.raises(ExplorerError, match="look at the network"):
        load_data_set(name, tmp_path, download=True)
    assert calls


@pytest.mark.parametrize("name", OFFLINE)
def test_offline_sets_need_nothing(tmp_path, calls, name):
    assert len(load_data_set(name, tmp_path / "nowhere").train) == FACTS[name][1]
    assert calls == []


def cut(path, keep):
    path.write_bytes(path.read_bytes()[:keep])


def damaged_archive(damage):
    def make(folder):
        sets.write_jpeg_archive(folder)
        damage(folder / "cifar10_jpeg.npz")

    return make


def damaged_mnist(damage):
    def make(folder):
        damage(sets.write_mnist(folder) / "train-images-idx3-ubyte")

    return make


def broken_picture(folder):
    sets.write_class_folders(folder)
    (folder / "train" / "cat" / "one.png").write_text("no picture")


def flip_bytes(path):
    content = bytearray(path.read_bytes())
    content[200:4000] = bytes(255 - value for value in content[200:4000])
    path.write_bytes(content)


DAMAGED = {
    "archive, empty": ("cifar10", damaged_archive(lambda path: path.write_bytes(b""))),
    "archive, garbage": ("cifar10", damaged_archive(lambda path: path.write_bytes(b"garbage" * 100))),
    "archive, cut off": ("cifar10", damaged_archive(lambda path: cut(path, 3000))),
    "archive, flipped bytes": ("cifar10", damaged_archive(flip_bytes)),
    "archive, without pictures": ("cifar10", lambda folder: sets.write_jpeg_archive(folder, train=0)),
    "mnist, cut off": ("mnist", damaged_mnist(lambda path: cut(path, 1000))),
    "mnist, empty": ("mnist", damaged_mnist(lambda path: path.write_bytes(b""))),
    "mnist, garbage": ("mnist", damaged_mnist(lambda path: path.write_bytes(b"\xff" * 1000))),
    "folders, no picture": ("cifar10", broken_picture),
    "folders, empty": ("cifar10", lambda folder: [(folder / half).mkdir() for half in ("train", "test")]),
}


@pytest.mark.parametrize(("name", "make"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_copy_is_a_sentence(tmp_path, name, make):
    make(tmp_path)
    with pytest.raises(ExplorerError, match=f"No readable copy of {name}"):
        load_data_set(name, tmp_path)


def test_unknown_data_set_names_the_known():
    with pytest.raises(
        ExplorerError, match="“imagenet”: choose one of mnist, fashion_mnist, kmnist, cifar10, digits, "
    ):
        load_data_set("imagenet")


@pytest.mark.parametrize(("value", "folder"), [(None, "data"), ("", "data"), ("/somewhere", "/somewhere")])
def test_where_data_is_looked_for(monkeypatch, value, folder):
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("EXPLORER_DATA", value)
    assert default_data_dir() == Path(folder)


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    sets.write_mnist(tmp_path)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    assert len(load_data_set("mnist").test) == 10


# ── what is known before reading, and downloads ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", DATA_SETS)
def test_facts_without_a_copy(tmp_path, name, calls):
    facts = describe_data_set(name, tmp_path)
    assert facts.name == name
    assert facts.title
    assert facts.source
    assert facts.found == (name in OFFLINE)
    assert (facts.download_bytes is not None) == (name in NEED_A_COPY)
    assert downloaded_bytes(name, tmp_path) == 0
    assert calls == []


def test_what_each_set_is_made_for():
    assert (with_targets("masks"), with_targets("boxes")) == (("scenes",), ("boxes",))
    assert {"mnist", "faces", "own", "digits_high"} < set(with_targets())
    assert set(with_targets()) | {"scenes", "boxes"} == set(DATA_SETS)


@pytest.mark.parametrize("name", DATA_SETS)
def test_facts_of_a_folder_that_is_not_there(tmp_path, name):
    assert describe_data_set(name, tmp_path / "nowhere").found == (name in OFFLINE)


@pytest.mark.parametrize(("name", "kind"), IDX)
def test_a_whole_copy_is_found_and_a_torn_one_is_not(tmp_path, name, kind):
    raw = sets.write_mnist(tmp_path, kind=kind)
    assert describe_data_set(name, tmp_path).found
    (raw / "t10k-labels-idx1-ubyte").write_bytes((raw / "t10k-labels-idx1-ubyte").read_bytes()[:-1])
    assert not describe_data_set(name, tmp_path).found
    (raw / "t10k-labels-idx1-ubyte").unlink()
    assert not describe_data_set(name, tmp_path).found


@pytest.mark.parametrize("write", [sets.write_jpeg_archive, sets.write_class_folders, sets.write_torchvision_cifar10])
def test_cifar10_is_found_in_each_of_its_forms(tmp_path, write):
    write(tmp_path)
    assert describe_data_set("cifar10", tmp_path).found


def test_the_download_sizes_are_torchvisions_origins():
    # hosts and names of what is fetched are torchvision's own; the sizes are what its progress bars say
    for name, kind in IDX:
        loader = getattr(torchvision.datasets, kind)
        assert describe_data_set(name).source in loader.mirrors[0]
        assert DATA_SETS[name].archives == tuple(f"{kind}/raw/{file}" for file, _ in sorted_as_ours(loader.resources))
    assert describe_data_set("cifar10").source in torchvision.datasets.CIFAR10.url
    assert DATA_SETS["cifar10"].archives == (torchvision.datasets.CIFAR10.filename,)
    mnist = 9_912_422 + 28_881 + 1_648_877 + 4_542
    sizes = [describe_data_set(name).download_bytes for name in NEED_A_COPY]
    assert sizes == [mnist, 30_878_645, 21_240_888, 170_498_071, mnist, mnist]


def sorted_as_ours(resources):
    return sorted(resources, key=lambda entry: (not entry[0].startswith("train"), "labels" in entry[0]))


@pytest.fixture
def served(tmp_path_factory, monkeypatch):
    """MNIST's four files offered for download by a made-up server; what was asked of it."""
    raw = sets.write_mnist(tmp_path_factory.mktemp("server"))
    files = {f"{path.name}.gz": gzip.compress(path.read_bytes()) for path in raw.iterdir()}
    resources = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    asked = []

    class Answer(io.BytesIO):
        def __init__(self, url):
            self.url = url
            super().__init__(files[url.rsplit("/", 1)[1]])
            self.length = len(self.getvalue())

    def answer(request, *args, **kwargs):
        asked.append(request.full_url)
        return Answer(request.full_url)

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    return files, asked


def test_a_download_is_unpacked_read_and_counted(tmp_path, served):
    files, asked = served
    check(load_data_set("mnist", tmp_path, download=True), 1)
    assert {url.rsplit("/", 1)[1] for url in asked} == set(files)
    assert downloaded_bytes("mnist", tmp_path) == sum(map(len, files.values()))
    assert describe_data_set("mnist", tmp_path).found
    asked.clear()
    load_data_set("mnist", tmp_path, download=True)  # the copy is found
    assert asked == []


def test_a_download_that_was_cut_off_is_taken_up_again(tmp_path, served):
    raw = sets.write_mnist(tmp_path)
    cut(raw / "train-images-idx3-ubyte", 1000)  # unpacked half when the process ended
    (raw / "t10k-images-idx3-ubyte").unlink()
    (raw / "t10k-images-idx3-ubyte.gz").write_bytes(b"half a file")
    check(load_data_set("mnist", tmp_path, download=True), 1)


def test_a_torn_copy_is_left_alone_without_leave_to_download(tmp_path, served):
    raw = sets.write_mnist(tmp_path)
    cut(raw / "train-images-idx3-ubyte", 1000)
    with pytest.raises(ExplorerError):
        load_data_set("mnist", tmp_path)
    assert (raw / "train-images-idx3-ubyte").stat().st_size == 1000
    assert served[1] == []


@pytest.mark.parametrize("name", ["imagenet", "", "../mnist"])
def test_unknown_names_have_no_facts(name):
    for ask in (describe_data_set, downloaded_bytes):
        with pytest.raises(ExplorerError, match="choose one of"):
            ask(name)
