"""Modules become one source: in order, each once, and only where one source can hold them."""

import shutil
import subprocess

import pytest

from explorer.ui.linking import link

NUMBERS = (
    "// Numbers.\n\nexport const TWO = 2;\nconst hidden = 3;\n\nexport function twice(x) {\n  return TWO * x;\n}\n"
)


def write(folder, **modules: str):
    """The modules as files; the entry's path."""
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "entry.js"


def test_what_is_imported_stands_before_and_once(tmp_path):
    entry = write(
        tmp_path,
        numbers=NUMBERS,
        middle='import { twice } from "./numbers.js";\n\nexport const four = twice(2);\n',
        entry='import {\n  TWO,\n  twice,\n} from "./numbers.js";\nimport { four } from "./middle.js";\n\n'
        "export default function () {\n  return four + TWO;\n}\n",
    )
    source = link(entry)
    assert source.count("const TWO = 2;") == 1
    assert "import {" not in source
    assert source.count("export") == 1
    assert source.index("const TWO") < source.index("const four") < source.index("export default")


def test_the_linked_source_runs(tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node is not installed: install nodejs")
    entry = write(
        tmp_path,
        numbers=NUMBERS,
        entry='import { twice } from "./numbers.js";\nexport default function () {\n  return twice(21);\n}\n',
    )
    linked = tmp_path / "linked.mjs"
    linked.write_text(link(entry) + '\nimport { writeSync } from "node:fs";\nwriteSync(1, "made");\n', encoding="utf-8")
    program = f"import make from '{linked.as_uri()}'; console.log(make())"
    told = subprocess.run(["node", "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    assert told.stdout == "made42\n"


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"a": "export const x = 1;\nconst y = 2;\n", "entry": 'import { x } from "./a.js";\nlet y = x;\n'}, "declare y"),
        ({"a": "export const x = 1;\n", "entry": 'import { z } from "./a.js";\n'}, "imports z, which a.js does not export"),
        ({"a": "const x = 1;\n", "entry": 'import { x } from "./a.js";\n'}, "imports x"),
        ({"a": "export const x = 1;\n", "entry": 'import { x as y } from "./a.js";\n'}, "imports x as y"),
        ({"a": 'import { y } from "./entry.js";\nexport const x = y;\n',
          "entry": 'import { x } from "./a.js";\nexport const y = x;\n'}, "circle: entry.js → a.js → entry.js"),
        ({"entry": 'import fs from "node:fs";\n'}, "can be linked, not: import fs"),
        ({"entry": 'import "./a.js";\n'}, "can be linked, not: import"),
        ({"entry": 'const x = 1;\nexport { x };\n'}, "can be linked, not: export {"),
        ({"entry": "const x = import.meta.url;\n"}, "can be linked, not: const x"),
        ({"a": "export const x = 1;\nexport default class A {}\n", "entry": 'import { x } from "./a.js";\n'},
         "a.js exports a default"),
        ({"a": "export const [x, y] = [1, 2];\n", "entry": 'import { x } from "./a.js";\nlet y = x;\n'}, "both declare y"),
    ],
)  # fmt: skip
def test_what_one_source_cannot_hold_is_refused(tmp_path, modules, words):
    with pytest.raises(ValueError, match=words.replace("{", r"\{")):
        link(write(tmp_path, **modules))
