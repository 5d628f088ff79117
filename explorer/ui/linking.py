"""ES modules of a browser component joined into the one source that Streamlit takes.

Streamlit hands a component's JavaScript to the browser as a blob, in which an import of another file leads nowhere. Knows
import and export lines as assets/components has them; not what the modules do.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
OTHER_IMPORT = re.compile(r"^import\b.*|^export (?:\{|\*).*|^.*\bimport\.meta\b.*", re.MULTILINE)
EXPORT = re.compile(r"^export (?!default\b)", re.MULTILINE)
DECLARED = re.compile(r"^(export )?(?:async )?(?:const|let|function\*?|class) (\w+|[\[{][^=]*[\]}])", re.MULTILINE)


def link(entry: Path) -> str:
    """The entry's source with all that it imports before it, each module once, without import and export lines.

    What the entry exports as its default stays. Raises ValueError, with the file, for what one source cannot hold: two
    modules that declare one name at their top, modules in a circle, a name that is not exported, any other import.
    """
    modules: dict[Path, str] = {}
    _collect(entry.resolve(), modules, ())
    owners: dict[str, Path] = {}
    for path, source in modules.items():
        for name in _names(source, exported=False):
            if name in owners:
                raise ValueError(f"{path.name} and {owners[name].name} both declare {name} at their top: rename one")
            owners[name] = path
    parts = [f"// {path.parent.name}/{path.name}\n{_bare(path, source, entry)}" for path, source in modules.items()]
    return "\n".join(parts)


def _collect(path: Path, modules: dict[Path, str], above: tuple[Path, ...]) -> None:
    """Add a module's imports, then itself."""
    if path in above:
        circle = " → ".join(each.name for each in (*above[above.index(path) :], path))
        raise ValueError(f"modules import each other in a circle: {circle}")
    if path in modules:
        return
    source = path.read_text(encoding="utf-8")
    for names, target in IMPORT.findall(source):
        other = (path.parent / target).resolve()
        _collect(other, modules, (*above, path))
        offered = _names(modules[other], exported=True)
        for name in filter(None, map(str.strip, names.split(","))):
            if name not in offered:
                raise ValueError(f"{path.name} imports {name}, which {other.name} does not export under that name")
    modules[path] = source


def _names(source: str, *, exported: bool) -> list[str]:
    """What a module declares at its top; exported: only what it exports."""
    found = [names for export, names in DECLARED.findall(source) if export or not exported]
    return [name for names in found for name in re.findall(r"\w+", names)]


def _bare(path: Path, source: str, entry: Path) -> str:
    """A module without its import and export lines."""
    text = IMPORT.sub("", source).strip()
    if left := OTHER_IMPORT.search(text):
        raise ValueError(f'{path.name}: only `import {{ names }} from "./file.js";` can be linked, not: {left[0]}')
    if "export default" in text and path != entry.resolve():
        raise ValueError(f"{path.name} exports a default: only a component's own file does")
    return EXPORT.sub("", text) + "\n"
