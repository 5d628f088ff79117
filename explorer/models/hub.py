"""torchvision's own weights in torch's hub folder: found, read, fetched. Knows files; not networks, not torchvision.

The files lie where torchvision itself keeps them, so that a copy which any other program has fetched is used.
"""

import hashlib
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from explorer.errors import ExplorerError
from explorer.models.matching import checked

ADDRESS = "https://download.pytorch.org/models/"
BLOCK = 2**18  # bytes read at once
PATIENCE = 20  # seconds without an answer
SLACK = 2**20  # bytes: the sizes are known to a thousandth of a megabyte

Progress = Callable[[int, int], None]
_digests: dict[tuple[str, int, int], str] = {}  # (path, size, time) → SHA-256: half a gigabyte takes a second


def hub_folder() -> Path:
    """Where torch keeps fetched weights: $TORCH_HOME/hub/checkpoints, else ~/.cache/torch/hub/checkpoints."""
    return Path(torch.hub.get_dir()) / "checkpoints"


@dataclass(frozen=True)
class HubFile:
    """One file of weights.

    file: its name, which ends in the first eight digits of its SHA-256. megabytes: its size in units of 2²⁰ bytes.
    ignored: beginnings of names of tensors that the network as it is shown does not have (auxiliary heads).
    """

    file: str
    megabytes: float
    ignored: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it lies, or would lie."""
        return hub_folder() / self.file

    @property
    def digest(self) -> str:
        """The first digits of its SHA-256."""
        return self.file.rpartition("-")[2].partition(".")[0]

    def is_there(self) -> bool:
        """Whether there is a copy in the hub folder."""
        return self.path.is_file()

    def version(self) -> str:
        """What changes when the copy does: "" without one."""
        try:
            facts = self.path.stat()
        except OSError:
            return ""
        return f"{facts.st_size} {facts.st_mtime_ns}"

    def is_torchvisions(self) -> bool:
        """Whether the copy's SHA-256 begins as its name says: nobody has changed or replaced it."""
        return _sha256(self.path).startswith(self.digest)

    def origin(self) -> str:
        """Whose weights the copy holds, in a few words."""
        return "torchvision's" if self.is_torchvisions() else f"{self.file}, not torchvision's own"

    def read(self, expected: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The copy's tensors on the CPU, by name, those of `expected` and no others.

        Nothing in the file is run. Raises ExplorerError for a damaged file and for one that does not fit.
        """
        remedy = f"delete it from {hub_folder().name}/ in torch's hub folder and download it again"
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
        except Exception as error:  # whatever torch makes of a damaged file
            raise ExplorerError(f"{self.file} is damaged: {remedy}.") from error
        if not isinstance(state, Mapping) or not all(isinstance(tensor, torch.Tensor) for tensor in state.values()):
            raise ExplorerError(f"{self.file} holds no weights: {remedy}.")
        state = {name: tensor for name, tensor in state.items() if not str(name).startswith(self.ignored or ("\0",))}
        return checked(self.file, state, expected)

    def download(
        self, progress: Progress = lambda done, total: None, stopped: Callable[[], bool] = lambda: False
    ) -> bool:
        """Fetch the file into the hub folder; True once it is there, False if `stopped()` became true on the way.

        progress(done, total): bytes, after every block. Until the whole file is there and its SHA-256 is right, it has
        another name; whatever happens, no part of it is left. Raises ExplorerError where it cannot be fetched or kept.
        """
        expected, digest = round(self.megabytes * 2**20), hashlib.sha256()
        part: Path | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            request = urllib.request.Request(ADDRESS + self.file, headers={"User-Agent": "cnn-explorer"})
            with (
                urllib.request.urlopen(request, timeout=PATIENCE) as answer,
                tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".part-", delete=False) as target,
            ):
                part = Path(target.name)
                total, done = int(answer.headers.get("Content-Length") or expected), 0
                if total > expected + SLACK:
                    raise ExplorerError(
                        f"{self.file} should have {self.megabytes:.0f} MB and has more: try again later."
                    )
                while block := answer.read(BLOCK):
                    if stopped():
                        return False
                    target.write(block)
                    digest.update(block)
                    done += len(block)
                    if done > expected + SLACK:
                        raise ExplorerError(
                            f"{self.file} should have {self.megabytes:.0f} MB and has more: try again later."
                        )
                    progress(done, total)
            if not digest.hexdigest().startswith(self.digest):
                raise ExplorerError(f"{self.file} arrived damaged: try again.")
            part.chmod(0o644)
            part.replace(self.path)
        except (OSError, ValueError) as error:
            inner = getattr(error, "reason", None) or error
            reason = getattr(inner, "strerror", None) or inner
            raise ExplorerError(
                f"{self.file} could not be downloaded ({reason}): connect to the internet, or copy the file into torch's hub "
                "folder."
            ) from error
        finally:
            if part:
                part.unlink(missing_ok=True)
        return True


def _sha256(path: Path) -> str:
    facts = path.stat()
    key = (str(path), facts.st_size, facts.st_mtime_ns)
    if key not in _digests:
        with path.open("rb") as file:
            _digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[key]
