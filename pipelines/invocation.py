"""How this command is called from where its user stands, so that a hint can be pasted as it is."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path


def own_command() -> str:
    """`aipolicy` where that is found, else the path of the console script, else the module."""
    script = Path(sys.executable).with_name("aipolicy")
    if not script.exists():
        return f"{shlex.quote(sys.executable)} -m pipelines.cli"
    found = shutil.which("aipolicy")
    if found is not None and Path(found).resolve() == script.resolve():
        return "aipolicy"
    return shlex.quote(from_here(script))


def from_here(path: Path) -> str:
    """A path relative to the working directory where it lies below it, else as it is."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative
