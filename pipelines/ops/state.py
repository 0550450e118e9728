"""The version of a state folder, and the way from an older one to that of this code.

`STATE.json` names the version. It is written after a step is done and durable, so a killed step is done again by the
next start; a folder that a newer code has brought further is refused, since this code would read it wrongly.

Belongs here: the order of steps and their record. Does not belong here: what a step does (`migrations/`).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from pipelines.home import Home, StateRefused
from pipelines.ops import migrations
from pipelines.warehouse import staged_lock, writer_lock
from scrapers.durable import write_whole

UNFINISHED_RESTORE = ".restoring"
"""Folder in the state folder in which `restore` puts together what it brings; gone when all is in its place."""
Step = Callable[[Home], None]


def state_file(home: Home) -> Path:
    """Where the version stands."""
    return home.root / "STATE.json"


def steps() -> dict[int, Step]:
    """All steps by number: a step leads to the version of its number."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return {_number(name): importlib.import_module(f"{migrations.__name__}.{name}").apply for name in names}


def latest(known: Mapping[int, Step] | None = None) -> int:
    """The version that this code works on."""
    return max(steps() if known is None else known, default=0)


def version_of(home: Home) -> int | None:
    """The version of a state folder, 0 for one of the time before versions; None where nothing is kept yet.

    Raises StateRefused for a record that cannot be read.
    """
    file = state_file(home)
    try:
        return int(orjson.loads(file.read_bytes())["version"])
    except FileNotFoundError:
        return 0 if _holds_anything(home) else None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise StateRefused(
            f'{file}: expected {{"version": N}}, got: {error}; restore it from a copy, or where there is none '
            "delete it: all steps are then done again, which changes nothing that is done"
        ) from error


def bring_up_to_date(home: Home, known: Mapping[int, Step] | None = None) -> list[int]:
    """Take the steps that the state folder lacks, under the locks of its writers; returns their numbers.

    Raises StateRefused for a folder of a newer version, or one whose restoring was not finished, and WarehouseBusy when
    a writer does not end in time.
    """
    known = steps() if known is None else known
    if (home.root / UNFINISHED_RESTORE).exists():
        raise StateRefused(
            f"{home.root}: a restore into it was not finished; do it again: aipolicy restore SRC --replace"
        )
    found, newest = version_of(home), latest(known)
    if found is None:
        _note(home, newest)
        return []
    _refuse_newer(home, found, newest)
    if found == newest:
        return []
    with staged_lock(home), writer_lock(home):
        lacking = [number for number in sorted(known) if number > (version_of(home) or 0)]
        for number in lacking:
            known[number](home)
            _note(home, number)
    return lacking


def _refuse_newer(home: Home, found: int, newest: int) -> None:
    if found > newest:
        raise StateRefused(
            f"{home.root}: its state is of version {found}, this code knows versions up to {newest}; install the newer "
            "code again, or restore a backup that was made before the upgrade into another folder"
        )


def _holds_anything(home: Home) -> bool:
    return home.warehouse.exists() or any(home.archive.glob("*/*")) or home.editions.exists()


def _note(home: Home, version: int) -> None:
    write_whole(state_file(home), orjson.dumps({"version": version}) + b"\n")


def _number(name: str) -> int:
    found = re.match(r"m(\d{4})_", name)
    if found is None:
        raise ValueError(f"pipelines/ops/migrations/{name}.py: expected a name such as m0002_what_it_does")
    return int(found[1])
