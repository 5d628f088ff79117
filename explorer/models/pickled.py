"""What a pickled state dict says, read without unpickling. Knows pickle's instructions; not archives, not networks.

Python's own unpickler runs whatever the file names; PyTorch's careful one (weights_only) can be kept busy for ever by a few
bytes (tuples in tuples as the key of a dict), and refuses whole files for a number of NumPy's. This one is a table of the few
instructions that plain containers, numbers and tensors need: it calls nothing, imports nothing, and allocates no more than the
file is long. What is known to be harmless beside weights is passed over.
"""

import pickletools
import re
from dataclasses import dataclass

from explorer.errors import ExplorerError

# Storages that a state dict may name, with safetensors' name of their type and the bytes of one number.
STORAGES = {
    "FloatStorage": ("F32", 4),
    "DoubleStorage": ("F64", 8),
    "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2),
    "LongStorage": ("I64", 8),
    "IntStorage": ("I32", 4),
    "ShortStorage": ("I16", 2),
    "CharStorage": ("I8", 1),
    "ByteStorage": ("U8", 1),
    "BoolStorage": ("BOOL", 1),
}
_DICT, _TENSOR, _PARAMETER = (
    "collections.OrderedDict",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
)
KNOWN = {_DICT, _TENSOR, _PARAMETER, *(f"torch.{name}" for name in STORAGES)}
# What settings and results are made of: they may stand beside the weights, and are not looked at
_BESIDE = re.compile(
    r"(numpy|argparse|pathlib|datetime|decimal|fractions|uuid)(\.\w+)+|_codecs\.encode|types\.SimpleNamespace"
    r"|collections\.(defaultdict|Counter|deque)|(builtins|__builtin__)\.(set|frozenset|slice|complex|range|bytearray|bytes|list|dict|tuple|int|float|str|bool)"
    r"|torch\.(device|Size|torch_version\.TorchVersion|serialization\._get_layout|\w+Storage|(bool|u?int|b?float|complex)\w*)"
    r"|torch\.storage\.UntypedStorage|torch\._utils\._rebuild_(tensor_v3|device_tensor_from_numpy)"
)
NUMBERS = {
    *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_SILENT = {"PROTO", "FRAME"}


@dataclass(frozen=True)
class Storage:
    """A block of numbers in the archive: its member's key, safetensors' name of the type, bytes a number, how many."""

    key: str
    type: str
    width: int
    count: int


@dataclass(frozen=True)
class Tensor:
    """A tensor as the pickle claims it; nothing of it is checked."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True)
class _Name:
    """Something the pickle wants imported, which it is not."""

    text: str


@dataclass(frozen=True)
class _Beside:
    """Something harmless that is no weight; what it is was not looked at."""


class _Refused(Exception):
    """The pickle names something that a state dict does not need."""


def read_pickled(data: bytes, file: str) -> object:
    """The pickle's top object: dicts with text for keys, lists, tuples, numbers, texts, None and Tensor.

    Raises ExplorerError for a pickle that wants to run anything, or is damaged.
    """
    try:
        return _Machine().run(data)
    except _Refused as refused:
        raise ExplorerError(
            f"{file} wants to run code ({str(refused)[:80]}) and is refused: save the weights alone, with "
            "torch.save(network.state_dict(), …) or as safetensors."
        ) from None
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, UnicodeError) as error:
        raise ExplorerError(f"{file} is damaged or no state dict: save the weights again.") from error


class _Machine:
    """A stack, the places of its marks, and what was put aside."""

    def __init__(self) -> None:
        self.stack: list[object] = []
        self.marks: list[int] = []
        self.memo: dict[int, object] = {}

    def run(self, data: bytes) -> object:
        for opcode, argument, _ in pickletools.genops(data):
            name = opcode.name
            if name in _SILENT:
                continue
            if name == "STOP":
                return self.stack.pop()
            if name in NUMBERS:
                self.stack.append(argument)
            elif name in CONSTANTS:
                self.stack.append(CONSTANTS[name])
            elif name in ("GLOBAL", "INST"):
                self.stack.append(self.known(argument.replace(" ", ".", 1)))
            else:
                step = getattr(self, f"do_{name.lower()}", None)
                if step is None:
                    raise _Refused(name)
                step(argument)
        raise ValueError("the pickle does not end")

    @staticmethod
    def known(name: str) -> _Name | _Beside:
        if name in KNOWN:
            return _Name(name)
        if _BESIDE.fullmatch(name):
            return _Beside()
        raise _Refused(name)

    def since_mark(self) -> list[object]:
        start = self.marks.pop()
        items, self.stack[start:] = self.stack[start:], []
        return items

    def last(self, count: int) -> list[object]:
        if len(self.stack) < count:
            raise ValueError("the stack is too short")
        items, self.stack[-count:] = self.stack[-count:], []
        return items

    # ── containers ───────────────────────────────────────────────────────────────────────────────

    def do_mark(self, _: object) -> None:
        self.marks.append(len(self.stack))

    def do_empty_dict(self, _: object) -> None:
        self.stack.append({})

    def do_empty_list(self, _: object) -> None:
        self.stack.append([])

    def do_empty_tuple(self, _: object) -> None:
        self.stack.append(())

    def do_tuple(self, _: object) -> None:
        self.stack.append(tuple(self.since_mark()))

    def do_tuple1(self, _: object) -> None:
        self.stack.append(tuple(self.last(1)))

    def do_tuple2(self, _: object) -> None:
        self.stack.append(tuple(self.last(2)))

    def do_tuple3(self, _: object) -> None:
        self.stack.append(tuple(self.last(3)))

    def do_setitem(self, _: object) -> None:
        self.fill(self.last(2))

    def do_setitems(self, _: object) -> None:
        self.fill(self.since_mark())

    def fill(self, items: list[object]) -> None:
        target = self.stack[-1]
        if isinstance(target, _Beside):
            return
        if not isinstance(target, dict):
            raise TypeError("only dicts are filled")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if isinstance(key, str):  # an optimiser's numbered states are of no use here
                target[key] = value

    def do_append(self, _: object) -> None:
        (item,) = self.last(1)
        self.extend([item])

    def do_appends(self, _: object) -> None:
        self.extend(self.since_mark())

    def extend(self, items: list[object]) -> None:
        if isinstance(self.stack[-1], _Beside):
            return
        if not isinstance(self.stack[-1], list):
            raise TypeError("only lists grow")
        self.stack[-1].extend(items)

    def do_empty_set(self, _: object) -> None:
        self.stack.append(_Beside())

    def do_additems(self, _: object) -> None:
        self.since_mark()

    def do_frozenset(self, _: object) -> None:
        self.since_mark()
        self.stack.append(_Beside())

    # ── what was put aside ───────────────────────────────────────────────────────────────────────

    def put(self, place: int) -> None:
        self.memo[place] = self.stack[-1]

    def get(self, place: int) -> None:
        self.stack.append(self.memo[place])

    do_binput = do_long_binput = put
    do_binget = do_long_binget = get

    def do_memoize(self, _: object) -> None:
        self.put(len(self.memo))

    # ── what would be calls ──────────────────────────────────────────────────────────────────────

    def do_stack_global(self, _: object) -> None:
        module, name = self.last(2)
        self.stack.append(self.known(f"{module}.{name}"))

    def do_build(self, _: object) -> None:
        self.last(1)  # the versions of a state dict's layers

    def do_reduce(self, _: object) -> None:
        function, arguments = self.last(2)
        if isinstance(function, _Beside):
            self.stack.append(function)
        elif function == _Name(_DICT) and arguments == ():
            self.stack.append({})
        elif function == _Name(_TENSOR):
            storage, offset, shape, stride = arguments[:4]
            if isinstance(storage, _Beside):  # of a type that no network here has
                self.stack.append(storage)
                return
            if not isinstance(storage, Storage):
                raise TypeError("a tensor without a storage")
            self.stack.append(Tensor(storage, _count(offset), _counts(shape), _counts(stride)))
        elif function == _Name(_PARAMETER) and isinstance(arguments[0], Tensor | _Beside):
            self.stack.append(arguments[0])
        else:
            raise _Refused(function.text if isinstance(function, _Name) else "a call")

    def do_newobj(self, _: object) -> None:
        made, _ = self.last(2)
        if not isinstance(made, _Beside):
            raise _Refused(made.text if isinstance(made, _Name) else "a new object")
        self.stack.append(made)

    def do_binpersid(self, _: object) -> None:
        (identity,) = self.last(1)
        kind, storage, key, _, count = identity
        if isinstance(storage, _Beside):
            self.stack.append(storage)
            return
        if kind != "storage" or not isinstance(storage, _Name) or not isinstance(key, str):
            raise TypeError("not a storage")
        self.stack.append(Storage(key, *STORAGES[storage.text.removeprefix("torch.")], _count(count)))


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**62:
        raise ValueError("no number of things")
    return value


def _counts(values: object) -> tuple[int, ...]:
    if not isinstance(values, tuple) or len(values) > 8:
        raise ValueError("no shape")
    return tuple(_count(value) for value in values)
