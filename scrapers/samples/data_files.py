"""Reads the data files of a sample source, which lie beside its modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_yaml(module: str, name: str) -> Any:
    """The data file of that name beside a module, which gives its own `__file__`."""
    return yaml.load(Path(module).with_name(name).read_text(encoding="utf-8"), yaml.CSafeLoader)
