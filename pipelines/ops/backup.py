"""Copies of a state folder: incremental, verified, complete or absent, and the way back.

A backup folder holds `objects/<2>/<sha256>`, each file once however many copies have it, and `copies/<id>.json`, a list
of the files of one copy, written last: what has no list is no copy. The id of a list ends with the beginning of its own
hash, so every byte is verified by a name. Files are only ever added, so any tool may carry the folder elsewhere.

A copy may be made while a run is under way. Files of the state folder are whole or bear temporary names, and are listed
in the order in which a crawl's are trusted: whatever account is in a copy, the bytes it speaks of are there too. SQLite
files of Dagster are copied through SQLite. Left out is what is made again from the rest: the warehouse, what is staged,
what dbt wrote, locks.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson

from pipelines.accounts import readable_ledgers
from pipelines.home import Home
from pipelines.ops.state import UNFINISHED_RESTORE
from scrapers.durable import file_sha256, sync_folder, write_whole
from scrapers.locks import lock

FORMAT = 1
LEFT_OUT = ("warehouse", "staged", "dbt", "dbt-log", "locks", "run.lock", "run.log", "archive_readings.json")
"""Made again by `aipolicy run`, or true of one process alone."""
REPLACED = ".replaced-"
"""Begins the folder in which `restore` keeps what was there before."""
_MOMENT = "%Y%m%dT%H%M%SZ"
_SEALED = ((".manifest.json", ".jsonl"), (".ledger.json", ".warc.gz"))
"""Accounts of crawls, and the file beside each whose bytes it seals."""
_BESIDE = "{}: the file beside it is not the one it speaks of; copied as it is: aipolicy doctor"
_SETTLES = 3
"""So often files are copied again that changed while they were copied."""


class BackupRefused(Exception):
    """Nothing was copied, or not all of it; the message says why and what to do."""


class CopyDamaged(BackupRefused):
    """The list of a copy is not what was written."""


@dataclass(frozen=True)
class Entry:
    """One file of a copy."""

    sha256: str
    bytes: int
    mode: int
    mtime_ns: int


@dataclass(frozen=True)
class Copy:
    """The list of one copy: files and links by their path below the state folder."""

    made_at: str
    files: dict[str, Entry]
    links: dict[str, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What a backup did."""

    copy_id: str
    files: int
    bytes: int
    new_files: int
    new_bytes: int
    left_out: tuple[str, ...]
    faults: tuple[str, ...]
    """What is wrong with the copy, since something is wrong with the state folder; each says what to do."""
    healed: tuple[str, ...]
    """Files that were copied again, since the backup folder held other bytes under their hash."""


def backup(home: Home, dest: Path, now: datetime, keep: int | None = None) -> Made:
    """Add a copy of the state folder to a backup folder; with `keep`, older copies than the last so many go.

    What the folder holds of the new copy already is read and, where it is damaged, copied again. None goes when the new
    copy has faults. The state folder notes the day and the place. Raises BackupRefused when there is nothing to copy,
    or one folder lies in the other.
    """
    _require_apart(home.root, dest)
    if not home.archive.is_dir():
        raise BackupRefused(f"{home.root}: expected a state folder with an archive, found none; name it with --home")
    dest.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock(dest / "backup.lock"):
        for left in dest.glob("*/.*.tmp"):
            left.unlink()
        known, damaged = _lists(dest)
        copier = _Copier(home.root, dest, known[-1].files if known else {})
        copy, faults = copier.copy(now)
        faults = (*damaged, *faults)
        content = orjson.dumps(asdict(copy) | {"format": FORMAT}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        copy_id = f"{now:{_MOMENT}}-{hashlib.sha256(content).hexdigest()[:16]}"
        write_whole(dest / "copies" / f"{copy_id}.json", content)
        if keep is not None and not faults:
            _forget(dest, keep)
    about = {"made_at": now.isoformat(), "dest": str(dest.resolve()), "copy_id": copy_id, "faults": len(faults)}
    try:
        write_whole(home.last_backup, orjson.dumps(about))
    except OSError as error:
        said = (
            f"{home.last_backup}: the copy is made, but expected to note its day for the doctor, got: {error.strerror}"
        )
        faults = (*faults, f"{said}; mend the folder's disk or rights")
    total = sum(entry.bytes for entry in copy.files.values())
    healed = tuple(dict.fromkeys(copier.healed))
    return Made(copy_id, len(copy.files), total, copier.new_files, copier.new_bytes, copy.left_out, faults, healed)


def last_backup(home: Home) -> tuple[datetime, str, int] | None:
    """When a state folder was last copied, to where, and with how many faults.

    None where nothing, or nothing that can be read, tells.
    """
    try:
        noted = orjson.loads(home.last_backup.read_bytes())
        return datetime.fromisoformat(noted["made_at"]), str(noted["dest"]), int(noted.get("faults", 0))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def copies(dest: Path) -> list[str]:
    """The ids of the copies in a backup folder, oldest first."""
    return sorted(path.stem for path in (dest / "copies").glob("[0-9]*.json"))


def read_copy(dest: Path, copy_id: str) -> Copy:
    """The list of a copy.

    Raises BackupRefused when there is none of that id, or it is not what was written.
    """
    path = dest / "copies" / f"{copy_id}.json"
    if copy_id not in copies(dest):
        known = ", ".join(copies(dest)[-3:]) or "none"
        raise BackupRefused(
            f"{dest}: expected a copy {copy_id}, found {known}; name another with --copy, or another SRC"
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest()[:16] != copy_id.rpartition("-")[2]:
        raise CopyDamaged(f"{path}: its hash differs from the one in its name; take another copy with --copy")
    held = orjson.loads(content)
    if held["format"] != FORMAT:
        raise BackupRefused(
            f"{path}: expected format {FORMAT}, got {held['format']}; restore with the code that made it"
        )
    files = {name: Entry(**entry) for name, entry in held["files"].items()}
    return Copy(held["made_at"], files, held["links"], tuple(held["left_out"]))


def faults_of(dest: Path, copy: Copy) -> list[str]:
    """What is wrong with the bytes of a copy, by reading all of them."""
    found = []
    for name, entry in copy.files.items():
        path = _object(dest, entry.sha256)
        if not path.exists():
            found.append(f"{name}: {path} is missing")
        elif file_sha256(path) != entry.sha256:
            found.append(f"{name}: {path} holds other bytes than its name says")
    return found


def restore(home: Home, dest: Path, now: datetime, copy_id: str | None = None, *, replace: bool = False) -> Copy:
    """Bring a copy (the last one) into a state folder that is empty, or with `replace` in place of what is there.

    Everything is read, verified and put beside before anything takes its place; what was there stays in a folder
    `.replaced-<moment>`. Raises BackupRefused when the target is not empty or bytes are not those of the copy.
    """
    _require_apart(home.root, dest)
    if not copies(dest):
        raise BackupRefused(f"{dest}: expected a backup folder with copies, found none; make one: aipolicy backup DEST")
    copy = read_copy(dest, copy_id or copies(dest)[-1])
    home.root.mkdir(parents=True, exist_ok=True)
    present = [path for path in home.root.iterdir() if not path.name.startswith(".")]
    if present and not replace:
        names = ", ".join(sorted(path.name for path in present)[:4])
        raise BackupRefused(f"{home.root}: expected an empty folder, found {names}; name another, or add --replace")
    with lock(home.root / ".restore.lock", wait_seconds=0):
        beside = home.root / UNFINISHED_RESTORE
        is_second = beside.exists()
        shutil.rmtree(beside, ignore_errors=True)
        try:
            _bring(dest, copy, beside)
        except (BackupRefused, OSError):
            shutil.rmtree(beside, ignore_errors=True)
            if is_second:
                beside.mkdir()  # what an earlier restore has put in its place is not whole yet
            raise
        if present:
            _move_all(present, home.root / f"{REPLACED}{now:{_MOMENT}}")
        # The version comes last: the folder is refused for work until all the rest is there.
        _move_all(sorted(beside.iterdir(), key=lambda path: (path.name == "STATE.json", path.name)), home.root)
        beside.rmdir()
        sync_folder(home.root)
    return copy


def _bring(dest: Path, copy: Copy, into: Path) -> None:
    into.mkdir()
    for name, entry in copy.files.items():
        path = _below(into, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        source = _object(dest, entry.sha256)
        if not source.exists():
            raise BackupRefused(f"{source}: missing ({name}); take another copy with --copy")
        with source.open("rb") as stream, path.open("xb") as target:
            found = _pour(stream, target)
        if found != entry.sha256:
            raise BackupRefused(
                f"{source}: holds other bytes than its name says ({name}); take another copy with --copy"
            )
        path.chmod(entry.mode)
        os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))
    for name, target_name in copy.links.items():
        path = _below(into, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target_name)


def _below(folder: Path, name: str) -> Path:
    """A path of a list, which must not lead out of the folder."""
    path = Path(os.path.normpath(folder / name))
    is_below = path.is_relative_to(folder) and path != folder
    if not is_below or not path.parent.resolve().is_relative_to(folder.resolve()):  # nor through a link
        raise BackupRefused(
            f"expected paths below the state folder, got {name!r}; the list was not written by a backup"
        )
    return path


def _move_all(paths: list[Path], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in paths:
        path.rename(folder / path.name)


class _Copier:
    """Takes the files of one copy into the store."""

    def __init__(self, root: Path, dest: Path, known: dict[str, Entry]) -> None:
        self._root = root
        self._dest = dest
        self._known = known
        self._whole: set[str] = set()
        self._unread: dict[str, str] = {}
        self.healed: list[str] = []
        self.new_files = self.new_bytes = 0

    def copy(self, now: datetime) -> tuple[Copy, tuple[str, ...]]:
        """Copy until accounts and bytes agree; what does not agree in the end is copied as it is, and named."""
        for _ in range(_SETTLES):
            links = {self._name(path): str(path.readlink()) for path in self._walk() if path.is_symlink()}
            files = dict(self._entries())
            faults = tuple(self._unsettled(files, links))
            if not faults:
                break
        return Copy(f"{now:{_MOMENT}}", files, links, self._left_out()), (*self._unread.values(), *faults)

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        for path in self._in_order():
            name = self._name(path)
            try:
                yield name, self._entry(path)
            except FileNotFoundError:
                continue  # gone since it was listed: an edition that was let go, a log that was rotated
            except OSError as error:
                if _is_readable(path):
                    raise
                # One bad sector does not leave all the rest without a copy.
                before = self._known.get(name)
                held = before is not None and self._holds(before.sha256)
                kept = "the copy keeps its bytes of the last one" if held else "the copy lacks it"
                self._unread[name] = f"{name}: cannot be read ({error.strerror}), {kept}: aipolicy doctor"
                if before is not None and held:
                    yield name, before

    def _in_order(self) -> Iterator[Path]:
        """Accounts before what they speak of: what is listed later is there when what speaks of it is."""
        for wanted in (*(end for end, _ in _SEALED), ""):
            for path in self._walk():
                end = next((end for end, _ in _SEALED if path.name.endswith(end)), "")
                if end == wanted and not path.is_symlink():
                    yield path

    def _unsettled(self, files: dict[str, Entry], links: dict[str, str]) -> Iterator[str]:
        """Accounts that are in the copy beside other bytes: replaced while they were copied, or damaged."""
        for name, entry in files.items():
            end, sealed_end = next((pair for pair in _SEALED if name.endswith(pair[0])), ("", ""))
            sealed_name = f"{name.removesuffix(end)}{sealed_end}"
            if not end or all(files.get(one) == self._known.get(one) is not None for one in (name, sealed_name)):
                continue
            for account in readable_ledgers([_object(self._dest, entry.sha256)]):
                sealed = account.landing if sealed_end == ".jsonl" else account.archive
                beside = files.get(sealed_name)
                if beside is None or beside.sha256 != sealed.sha256:
                    yield _BESIDE.format(name)
        for name, target in links.items():
            if not any(path.startswith(f"{os.path.normpath(Path(name).parent / target)}/") for path in files):
                yield _BESIDE.format(name)

    def _walk(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self._root):
            is_top = Path(folder) == self._root
            folders[:] = sorted(name for name in folders if not (is_top and _stays(name)))
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in sorted((*names, *links)):
                if not (is_top and _stays(name)) and not name.endswith((".tmp", ".db-wal", ".db-shm", ".db-journal")):
                    yield Path(folder, name)

    def _left_out(self) -> tuple[str, ...]:
        return tuple(sorted(path.name for path in self._root.iterdir() if _stays(path.name)))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _entry(self, path: Path) -> Entry:
        """The file's entry; one that looks as in the last copy is not read again, where the store holds it whole."""
        about, before = path.stat(), self._known.get(self._name(path))
        if (
            before is not None
            and (before.bytes, before.mtime_ns) == (about.st_size, about.st_mtime_ns)
            and not _has_log(path)
            and self._holds(before.sha256)
        ):
            return before
        sha256, size = self._take(path)
        return Entry(sha256, size, about.st_mode & 0o777, about.st_mtime_ns)

    def _holds(self, sha256: str) -> bool:
        """Whether the store has these bytes: a file under their name proves nothing until it was read."""
        path = _object(self._dest, sha256)
        if sha256 not in self._whole and path.exists() and file_sha256(path) == sha256:
            self._whole.add(sha256)
        return sha256 in self._whole

    def _take(self, path: Path) -> tuple[str, int]:
        """Copy a file's bytes into the store; returns their hash and number."""
        temporary = self._dest / "objects" / f".{secrets.token_hex(8)}.tmp"
        temporary.parent.mkdir(exist_ok=True)
        try:
            if path.suffix == ".db":
                _copy_database(path, temporary)
                sha256 = file_sha256(temporary)
            else:
                with path.open("rb") as stream, temporary.open("xb") as target:
                    sha256 = _pour(stream, target)
            size = temporary.stat().st_size
            if not self._holds(sha256):
                final = _object(self._dest, sha256)
                final.parent.mkdir(exist_ok=True)
                self.healed += [self._name(path)] if final.exists() else []
                _settle(temporary, final)
                self._whole.add(sha256)
                self.new_files += 1
                self.new_bytes += size
            return sha256, size
        finally:
            temporary.unlink(missing_ok=True)


def _is_readable(path: Path) -> bool:
    try:
        file_sha256(path)
    except FileNotFoundError:
        return True  # gone meanwhile, which is no fault of its disk
    except OSError:
        return False
    return True


def _settle(temporary: Path, final: Path) -> None:
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    os.replace(temporary, final)
    sync_folder(final.parent)


def _forget(dest: Path, keep: int) -> None:
    """Let older copies go, and the bytes that no copy has."""
    for copy_id in copies(dest)[:-keep]:
        (dest / "copies" / f"{copy_id}.json").unlink()
    needed = {entry.sha256 for copy_id in copies(dest) for entry in read_copy(dest, copy_id).files.values()}
    for path in (dest / "objects").glob("*/*"):
        if path.name not in needed:
            path.unlink()


def _lists(dest: Path) -> tuple[list[Copy], list[str]]:
    """The lists of earlier copies, oldest first, and what is wrong with those that cannot be read."""
    lists, damaged = [], []
    for copy_id in copies(dest):
        try:
            lists.append(read_copy(dest, copy_id))
        except CopyDamaged as refused:
            damaged.append(f"{refused}, and delete that file: until then no older copy goes")
        except BackupRefused as refused:
            damaged.append(f"{refused}; until then no older copy goes")
    return lists, damaged


def _stays(name: str) -> bool:
    """Whether something at the top of the state folder is left out of copies."""
    return name in LEFT_OUT or name.startswith(".")


def _has_log(path: Path) -> bool:
    """Whether a SQLite file has changes that stand beside it."""
    log = path.with_name(f"{path.name}-wal")
    return path.suffix == ".db" and log.exists() and log.stat().st_size > 0


def _copy_database(path: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(target)) as to,
    ):
        source.backup(to)


def _pour(stream: BinaryIO, target: BinaryIO) -> str:
    """Copy bytes; returns their hash."""
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def _object(dest: Path, sha256: str) -> Path:
    return dest / "objects" / sha256[:2] / sha256


def _require_apart(root: Path, dest: Path) -> None:
    here, there = root.resolve(), dest.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise BackupRefused(f"expected a folder apart from {here}, got {there}; name another, best on another disk")
