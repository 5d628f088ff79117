"""The room as a whole: its docstrings' examples are true, and importing it stays cheap."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import explorer.layers

MODULES = [module.name for module in pkgutil.iter_modules(explorer.layers.__path__)]


def test_the_modules_were_found():
    assert {"convolution", "pooling", "gradients", "receptive"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    module = importlib.import_module(f"explorer.layers.{name}")
    assert doctest.testmod(module).failed == 0


def test_numpy_is_all_it_imports():
    code = "import sys, importlib\n" + "".join(
        f"importlib.import_module('explorer.layers.{name}')\n" for name in MODULES
    )
    code += "print(*{'torch', 'streamlit', 'plotly', 'pandas', 'scipy'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
