"""Publish a staged edition: verify its audit, move it into place, switch `current` in one rename.

Readers resolve `editions/current` once and then see one edition, whatever is published meanwhile.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.home import Home
from pipelines.publish.audit import TOKEN, AuditToken, read_token
from pipelines.publish.stage import (
    BOOKKEEPING,
    StagedEdition,
    file_sums,
    is_whole,
    read_about,
    sealed_files,
    staged_edition,
)
from pipelines.warehouse import connect_warehouse, staged_lock, writer_lock
from scrapers.durable import sync_folder

MADE_BY_DBT = ("source_coverage", "source_looks")
"""Bookkeeping that is a view over the raw tables; the rest is exported as it was loaded."""


class DamagedEdition(Exception):
    """The current edition's files are not those that were published."""


class PublishRefused(Exception):
    """The staged edition may not be published; the last good edition stays as it is."""


@dataclass(frozen=True)
class Published:
    """What readers see now."""

    folder: Path
    edition_id: str
    is_new: bool


def publish(home: Home, required: Collection[str]) -> Published:
    """Make the staged edition the current one; `required` are the checks that its audit must have made.

    Raises PublishRefused without a readable token, with a token of other bytes or of fewer checks, or with a failed,
    broken or missing check.
    """
    with staged_lock(home):
        return _publish(home, required)


def _publish(home: Home, required: Collection[str]) -> Published:
    staged, token = _audited(home)
    staged_sha256 = file_sums(staged.folder)[1]
    if (token.edition_id, token.staged_sha256) != (staged.edition_id, staged_sha256):
        raise PublishRefused(
            f"the audit was of {token.edition_id} with other bytes, staged is {staged.edition_id}; run: aipolicy run"
        )
    if left_out := sorted(set(required) - set(token.expected)):
        raise PublishRefused(
            f"the audit of {staged.edition_id} knew nothing of {len(left_out)} checks, first {left_out[0]}; "
            "run: aipolicy run"
        )
    if faults := token.faults():
        raise PublishRefused(f"the audit of {staged.edition_id} did not pass: " + "; ".join(faults[:5]))
    target = home.editions / staged.edition_id
    home.editions.mkdir(parents=True, exist_ok=True)
    is_new = not target.exists()
    if is_new:
        staged.folder.rename(target)
        sync_folder(home.editions)
    elif not is_whole(target):
        raise PublishRefused(
            f"{target.name} was published before and its files are damaged; move it away and publish again"
        )
    switch_current(home, target.name)
    return Published(target, staged.edition_id, is_new)


def _audited(home: Home) -> tuple[StagedEdition, AuditToken]:
    """The staged edition and its token."""
    if not home.staged.exists():
        raise PublishRefused(f"nothing is staged in {home.root}; {_what_is_current(home)}; to make one: aipolicy run")
    try:
        return staged_edition(home), read_token(home.staged)
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        raise PublishRefused(
            f"expected a staged and audited edition in {home.staged}, {missing} is missing; run: aipolicy run"
        ) from error
    except ValueError as error:
        why = str(error).splitlines()[0]
        raise PublishRefused(
            f"expected EDITION.json and {TOKEN} of the staged edition to be readable, got: {why}; run: aipolicy run"
        ) from error


def _what_is_current(home: Home) -> str:
    """The current edition in a clause, for who asks why there is nothing to publish."""
    try:
        return f"the current edition is {current_edition(home).name}"
    except FileNotFoundError:
        return "no edition is current"


def switch_current(home: Home, name: str) -> None:
    """Point `editions/current` at an edition, in one rename."""
    temporary = home.editions / f".current.{secrets.token_hex(4)}"
    temporary.symlink_to(name)
    os.replace(temporary, home.editions / "current")
    sync_folder(home.editions)


def current_edition(home: Home) -> Path:
    """The folder of the current edition, resolved once.

    Raises FileNotFoundError when nothing was published yet, or the edition was moved away.
    """
    link = home.editions / "current"
    if not link.is_symlink():
        raise FileNotFoundError(
            f"no edition was published yet in {home.editions}; run: aipolicy run, or name another state folder with "
            "--home"
        )
    if not link.exists():
        raise FileNotFoundError(f"the current edition {link.readlink().name} is not there any more; run: aipolicy run")
    return link.resolve(strict=True)


def edition_named(home: Home, name: str) -> Path:
    """The folder of an edition by its id, or of `current`.

    Raises FileNotFoundError when there is none of that name.
    """
    if name == "current":
        return current_edition(home)
    folder = home.editions / name
    if name not in (path.name for path in home.editions.glob("*")) or not folder.is_dir():
        raise FileNotFoundError(
            f"expected an edition of {home.editions}, got {name!r}; to list them: aipolicy editions"
        )
    return folder


def whole_edition(home: Home) -> Path:
    """The current edition, after every file was compared with what was published.

    Raises FileNotFoundError as `current_edition` does, and DamagedEdition when a file was changed or lost.
    """
    folder = current_edition(home)
    if not is_whole(folder):
        raise DamagedEdition(
            f"damaged: the files of {folder} are not those that were published; move it away and run again"
        )
    return folder


def is_up_to_date(home: Home, input_fingerprint: str) -> bool:
    """Whether the current edition was made from exactly these inputs and is whole; one of others is not read."""
    try:
        folder = current_edition(home)
        is_of_these = read_about(folder)["input_fingerprint"] == input_fingerprint
        return is_of_these and _was_whole(folder, _states(folder))
    except (FileNotFoundError, LookupError, TypeError, ValueError):
        return False


@lru_cache(maxsize=8)
def _was_whole(folder: Path, _: tuple[object, ...]) -> bool:
    """Whether an edition was whole when its files were in these states; each step of a run asks, one reads them."""
    return is_whole(folder)


def _states(folder: Path) -> tuple[object, ...]:
    """What changes of a file with its bytes, of all files of an edition."""
    files = [*sealed_files(folder), folder / "SHA256SUMS", folder / TOKEN]
    stats = ((path, path.stat()) for path in files)
    return tuple((path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for path, stat in stats)


def fresh_looks(home: Home) -> Path | None:
    """The looks of all crawls so far, also those after which no edition was made; None before the first."""
    path = home.bookkeeping / "source_looks.parquet"
    return path if path.exists() else None


def refresh_bookkeeping(home: Home) -> None:
    """Export coverage, sightings and fetches beside the editions; no dbt, no copy of the edition."""
    home.bookkeeping.mkdir(parents=True, exist_ok=True)
    with writer_lock(home):
        connection = connect_warehouse(home, read_only=True)
        try:
            for table in BOOKKEEPING:
                path = home.bookkeeping / f"{table}.parquet"
                temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
                quoted = str(temporary).replace("'", "''")
                source = f"marts.{table}" if table in MADE_BY_DBT else f"raw.{table}"
                connection.execute(f"copy (select * from {source} order by all) to '{quoted}' (format parquet)")
                os.replace(temporary, path)
        finally:
            connection.close()
    sync_folder(home.bookkeeping)
