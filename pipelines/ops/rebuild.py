"""The warehouse and the current edition made again from the archive, and what came out otherwise.

The old warehouse is set aside until the new one is good, and put back when it is not; the editions on the shelf stay as
they are. Belongs here: the order of steps and the comparison. Does not belong here: the replay itself, which is a run.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.home import Home
from pipelines.lake import ANEW, VARIABLE, lake_of
from pipelines.publish.difference import compared_tables, row_changes
from pipelines.publish.edition import current_edition
from pipelines.publish.stage import is_whole, read_about, stage
from pipelines.warehouse import WarehouseBusy, staged_lock, turn_lock, writer_lock

DAMAGED = ".damaged-"
"""Begins the name of an edition that was moved out of the way because its files are not those that were published."""


PUT_BACK_SECONDS = 600.0
"""So long a rebuild that failed waits for others, to take the warehouse of before again."""


class NotRebuilt(Exception):
    """The rebuild failed; the warehouse is the one of before, or the message says where that lies."""


@dataclass(frozen=True)
class Rebuilt:
    """What came out of a rebuild."""

    edition_id: str
    content_sha256: str
    before: str | None
    """The edition that was current before; None when there was none to compare with."""
    changes: Mapping[tuple[str, str], int]
    """Rows by table and by what became of them (added, changed, removed); empty when the content is the same."""


def set_aside(home: Home) -> Path:
    """Where the warehouse of before a rebuild lies while it is under way."""
    return home.warehouse.with_name("before-rebuild")


def rebuild(home: Home, replay: Callable[[], bool]) -> Rebuilt:
    """Build anew; `replay` reads the archive and publishes, and says whether it ended well. A run that takes the turn
    once a failed replay has given it back is waited for, not for long.

    Must be called by the holder of the run's lock. Raises NotRebuilt when nothing good came out or the warehouse is no
    file of the state folder, and WarehouseBusy naming the process whose turn at the warehouse it is.
    """
    if lake_of(home) is not None:
        raise NotRebuilt(
            f"the warehouse is the lake of {VARIABLE}, a rebuild is of a file. To have it made again {ANEW}; where the "
            "edition is damaged, move it away and run: aipolicy publish"
        )
    with turn_lock(home, wait_seconds=0):  # given back before the replay, whose run takes its own
        before = _current(home)
        if before is not None and not is_whole(before):
            before.rename(before.with_name(f"{DAMAGED}{before.name}"))
            before = None
        _move_aside(home)
    try:
        made = _built(home, replay, before)
    except Exception as failed:
        try:
            _put_back(home)
        except WarehouseBusy as busy:
            raise NotRebuilt(
                f"{failed}. The warehouse of before could not be put back ({busy}): it lies in {set_aside(home)}, and "
                "what stands in its place is half rebuilt. Run aipolicy rebuild again then"
            ) from failed
        raise
    shutil.rmtree(set_aside(home), ignore_errors=True)
    return made


def _built(home: Home, replay: Callable[[], bool], before: Path | None) -> Rebuilt:
    if not replay():
        raise NotRebuilt("the replay failed; see its lines above. The warehouse is that of before")
    after = current_edition(home)
    content = str(read_about(after)["content_sha256"])
    if after == before and (got := _made_again(home, after)) != content:
        raise NotRebuilt(
            f"expected the content of {after.name} again from the same inputs, {content[:8]}, got {got[:8]}; warehouse "
            "and editions are those of before; tell the maintainers"
        )
    return Rebuilt(after.name, content, before.name if before else None, _changes(before, after))


def _changes(before: Path | None, after: Path) -> Mapping[tuple[str, str], int]:
    if before is None or before == after:
        return {}
    changes = row_changes(before, after, compared_tables(before, after))
    return Counter((change.table, change.what) for change in changes)


def _made_again(home: Home, edition: Path) -> str:
    """The content hash of the new marts, where a run saw no reason to publish them: their inputs are the edition's."""
    with staged_lock(home):
        try:
            return stage(home, read_about(edition)["input_fingerprint"]).content_sha256
        finally:
            shutil.rmtree(home.staged, ignore_errors=True)


def _current(home: Home) -> Path | None:
    try:
        return current_edition(home)
    except FileNotFoundError:
        return None


def _move_aside(home: Home) -> None:
    """Set the warehouse aside; that of an earlier rebuild which was killed is the good one, and stays."""
    with staged_lock(home), writer_lock(home):
        aside = set_aside(home)
        is_second = aside.exists()
        aside.mkdir(exist_ok=True)
        for file in _files(home.warehouse.parent):
            file.unlink() if is_second else os.replace(file, aside / file.name)


def _put_back(home: Home) -> None:
    """Take the warehouse of before again; what dbt said of the other one is no word about it."""
    with (
        turn_lock(home, PUT_BACK_SECONDS),
        staged_lock(home, PUT_BACK_SECONDS),
        writer_lock(home, PUT_BACK_SECONDS),
    ):
        shutil.rmtree(home.dbt_target, ignore_errors=True)
        for file in _files(home.warehouse.parent):
            file.unlink()
        for file in _files(set_aside(home)):
            os.replace(file, home.warehouse.with_name(file.name))
        set_aside(home).rmdir()


def _files(folder: Path) -> list[Path]:
    """The database and its log; the log goes first, since a database without it is only older."""
    return sorted(folder.glob("warehouse.duckdb*"), key=lambda path: path.suffix != ".wal")
