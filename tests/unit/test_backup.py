"""A backup is whole or none, takes only what is new, and comes back byte for byte or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.accounts import read_ledger
from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops import backup as module
from pipelines.ops import doctor
from pipelines.ops.backup import BackupRefused, backup, copies, faults_of, read_copy, restore
from pipelines.ops.state import UNFINISHED_RESTORE, bring_up_to_date, latest, state_file
from pipelines.publish.edition import whole_edition
from scrapers.durable import write_whole
from scrapers.locks import lock
from tests.crawl_fixture import SLUG, T0
from tests.state_fixture import crawl, edition


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A state folder with something of everything."""
    home = Home(tmp_path / "home")
    crawl(home)
    edition(home)
    write_whole(home.digests / "2026-W40" / "issue.json", b'{"said": []}')
    write_whole(home.subscriptions, b"subscriptions: []\n")
    write_whole(home.root / "something_of_later" / "file", b"unknown to this code")
    write_whole(home.warehouse, b"made again")
    write_whole(home.archive / SLUG / ".half.warc.gz.tmp", b"not finished")
    database = home.dagster / "history" / "runs.db"
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("create table runs (n)")
        connection.execute("insert into runs values (1)")
        connection.commit()
    state_file(home).write_text(f'{{"version": {latest()}}}')
    return home


def tree(root: Path) -> dict[str, bytes | str]:
    """Files by path, with their bytes, and links with their targets."""
    return {
        path.relative_to(root).as_posix(): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def test_a_copy__comes_back_as_it_was_but_for_what_is_made_again(home: Home, tmp_path: Path) -> None:
    made = backup(home, tmp_path / "backup", T0)
    back = Home(tmp_path / "back")
    restore(back, tmp_path / "backup", T0)
    before, after = tree(home.root), tree(back.root)
    made_again = {"warehouse/warehouse.duckdb", f"archive/{SLUG}/.half.warc.gz.tmp"}
    assert set(before) - set(after) == {*made_again, ".last-backup.json"}, "a copy is no copied folder"
    assert {name for name in after if after[name] != before.get(name)} == {
        ".restore.lock",
        "dagster/history/runs.db",
    }, "SQLite counts its changes anew"
    assert made.left_out == ("warehouse",)
    assert whole_edition(back).name == whole_edition(home).name
    assert bring_up_to_date(back) == []
    moments = [(base.archive / SLUG / crawl(home).archive.name).stat().st_mode for base in (home, back)]
    assert moments[0] == moments[1]


def test_a_second_copy__takes_only_what_is_new(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(home, tmp_path / "backup", T0)
    crawl(home, hours=5, answer=b"something new")
    read: list[str] = []
    pour = module._pour
    monkeypatch.setattr(
        module, "_pour", lambda stream, target: read.append(Path(stream.name).name) or pour(stream, target)
    )
    made = backup(home, tmp_path / "backup", T0 + timedelta(1))
    assert (made.new_files, len(read)) == (3, 4), "archive, landing and an account that stands in two places"
    assert len(copies(tmp_path / "backup")) == 2


def test_a_database_under_way__is_copied_with_its_log(home: Home, tmp_path: Path) -> None:
    database = home.dagster / "history" / "runs.db"
    backup(home, tmp_path / "backup", T0)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("insert into runs values (2)")
        connection.commit()
        backup(home, tmp_path / "backup", T0 + timedelta(1))
    restore(Home(tmp_path / "back"), tmp_path / "backup", T0)
    with closing(sqlite3.connect(Home(tmp_path / "back").dagster / "history" / "runs.db")) as connection:
        assert connection.execute("select n from runs order by n").fetchall() == [(1,), (2,)]


def test_a_crawl_that_ends_meanwhile__is_in_the_copy_whole_or_without_its_account(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, hours = module._Copier._take, iter(range(1, 100))

    def take_and_crawl(self: module._Copier, path: Path) -> tuple[str, int]:
        crawl(home, hours=next(hours))
        return take(self, path)

    monkeypatch.setattr(module._Copier, "_take", take_and_crawl)
    made = backup(home, tmp_path / "backup", T0)
    assert made.faults == ()
    files = read_copy(tmp_path / "backup", made.copy_id).files
    accounts = [name for name in files if name.endswith((".ledger.json", ".manifest.json"))]
    assert len(accounts) > 2, "crawls ended while the copy was made"
    for name in accounts:
        account = read_ledger(home.root / name)
        assert files[f"archive/{SLUG}/{account.archive.name}"].sha256 == account.archive.sha256
        assert files[f"landing/{SLUG}/{account.landing.name}"].sha256 == account.landing.sha256


def test_a_landing_replaced_meanwhile__is_copied_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay puts the new landing in its place before its account."""
    ledger = crawl(home)
    landing = home.landing / SLUG / ledger.landing.name
    manifest = home.landing / SLUG / f"{ledger.crawl_id}.manifest.json"
    ledger_file = home.archive / SLUG / f"{ledger.crawl_id}.ledger.json"
    take, is_replayed = module._Copier._take, []

    def take_and_replay(self: module._Copier, path: Path) -> tuple[str, int]:
        if path == ledger_file and not is_replayed:
            is_replayed.append(True)
            write_whole(landing, b'{"read": "anew"}\n')
            sealed = ledger.landing.model_copy(
                update={"bytes": landing.stat().st_size, "sha256": module.file_sha256(landing)}
            )
            write_whole(manifest, ledger.model_copy(update={"landing": sealed}).model_dump_json().encode())
        return take(self, path)

    monkeypatch.setattr(module._Copier, "_take", take_and_replay)
    made = backup(home, tmp_path / "backup", T0)
    assert (is_replayed, made.faults) == ([True], ())
    assert read_copy(tmp_path / "backup", made.copy_id).files[f"landing/{SLUG}/{landing.name}"].bytes == 17


def test_damage_at_the_origin__is_copied_as_it_is_told_and_pushes_no_good_copy_out(home: Home, tmp_path: Path) -> None:
    good = backup(home, tmp_path / "backup", T0).copy_id
    (home.archive / SLUG / crawl(home).archive.name).write_bytes(b"damaged")
    made = backup(home, tmp_path / "backup", T0 + timedelta(1), keep=1)
    assert [".ledger.json: the file beside it is not the one" in fault for fault in made.faults] == [True]
    assert copies(tmp_path / "backup") == [good, made.copy_id]


@pytest.mark.parametrize("was_copied", [True, False])
def test_a_file_that_cannot_be_read__ends_no_backup_of_the_rest(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was_copied: bool
) -> None:
    sealed = crawl(home)
    there, bad = tmp_path / "backup", home.archive / SLUG / sealed.archive.name
    if was_copied:
        backup(home, there, T0)
        os.utime(bad)  # so that it is read anew
    opened = Path.open

    def open_or_fail(path: Path, *arguments: Any, **named: Any) -> Any:
        if path == bad:
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", open_or_fail)
    made = backup(home, there, T0 + timedelta(1), keep=1)
    name, files = f"archive/{SLUG}/{bad.name}", read_copy(there, made.copy_id).files
    assert (name in files, f"landing/{SLUG}/{sealed.landing.name}" in files) == (was_copied, True)
    (told,) = [fault for fault in made.faults if fault.startswith(name)]
    assert ("keeps its bytes of the last one" in told) == was_copied
    assert len(copies(there)) == 1 + was_copied, "a copy with a fault pushes no other out"
    assert faults_of(there, read_copy(there, made.copy_id)) == []


def test_older_copies__go_with_the_bytes_that_only_they_have(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup", T0)
    write_whole(home.subscriptions, b"subscriptions: [] # changed\n")
    made = backup(home, tmp_path / "backup", T0 + timedelta(1), keep=1)
    assert copies(tmp_path / "backup") == [made.copy_id]
    stored = {path.read_bytes() for path in (tmp_path / "backup" / "objects").glob("*/*")}
    assert b"subscriptions: [] # changed\n" in stored
    assert b"subscriptions: []\n" not in stored
    assert faults_of(tmp_path / "backup", read_copy(tmp_path / "backup", made.copy_id)) == []


@pytest.mark.parametrize("damage", ["lost", "changed", "list"])
def test_a_damaged_backup__is_refused_and_nothing_takes_a_place(home: Home, tmp_path: Path, damage: str) -> None:
    made = backup(home, tmp_path / "backup", T0)
    victim = max((tmp_path / "backup" / "objects").glob("*/*"), key=lambda path: path.stat().st_size)
    if damage == "lost":
        victim.unlink()
    elif damage == "changed":
        victim.write_bytes(b"x" * victim.stat().st_size)
    else:
        victim = tmp_path / "backup" / "copies" / f"{made.copy_id}.json"
        victim.write_text(victim.read_text().replace("policy.duckdb", "policy.duckdc"))
    back = Home(tmp_path / "back")
    with pytest.raises(BackupRefused, match=victim.name[:16]):
        restore(back, tmp_path / "backup", T0)
    assert not back.archive.exists()
    call = CliRunner().invoke(main, ["--home", str(home.root), "backup", str(tmp_path / "backup"), "--check"])
    assert call.exit_code == 1, call.output


def test_damage_in_the_backup__is_copied_again_and_told(home: Home, tmp_path: Path) -> None:
    there = tmp_path / "backup"
    backup(home, there, T0)
    sealed = crawl(home).archive
    damaged = module._object(there, sealed.sha256)
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    call = CliRunner().invoke(main, ["--home", str(home.root), "backup", str(there), "--keep", "1"])
    assert (call.exit_code, f"archive/{SLUG}/{sealed.name}: {there} held other bytes" in call.output) == (0, True)
    (last,) = copies(there)
    assert faults_of(there, read_copy(there, last)) == []


def test_a_damaged_list__ends_no_backup_and_is_told(home: Home, tmp_path: Path) -> None:
    there = tmp_path / "backup"
    older = there / "copies" / f"{backup(home, there, T0).copy_id}.json"
    older.write_bytes(older.read_bytes().replace(b"policy.duckdb", b"policy.duckdc"))
    made = backup(home, there, T0 + timedelta(1), keep=1)
    assert made.faults[0].startswith(f"{older}: its hash differs")
    assert "lacks what could not be read" in doctor.backup(home, T0 + timedelta(1)).said
    assert older.exists(), "what it alone holds is not known"
    assert faults_of(there, read_copy(there, made.copy_id)) == []
    older.unlink()
    assert backup(home, there, T0 + timedelta(2), keep=1).faults == ()


def test_a_refused_restore__leaves_nothing_but_what_an_earlier_one_began(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup", T0)
    module._object(tmp_path / "backup", crawl(home).archive.sha256).unlink()
    back = Home(tmp_path / "back")
    for is_begun in (False, True):
        if is_begun:
            (back.root / UNFINISHED_RESTORE / "archive").mkdir(parents=True)
        with pytest.raises(BackupRefused, match="missing"):
            restore(back, tmp_path / "backup", T0)
        assert (back.root / UNFINISHED_RESTORE).exists() == is_begun
        assert not (back.root / UNFINISHED_RESTORE / "archive").exists()


def test_a_killed_backup__is_no_copy_and_the_next_one_goes_on(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_whole", lambda path, content: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            backup(home, tmp_path / "backup", T0)
    assert copies(tmp_path / "backup") == []
    (tmp_path / "backup" / "objects" / ".half.tmp").write_bytes(b"half")
    with pytest.raises(BackupRefused, match="found none"):
        restore(Home(tmp_path / "back"), tmp_path / "backup", T0)
    assert backup(home, tmp_path / "backup", T0).new_files == 0
    assert not list((tmp_path / "backup").rglob(".*.tmp"))


def test_a_folder_that_is_not_empty__is_replaced_only_when_asked_and_kept_aside(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup", T0)
    write_whole(home.subscriptions, b"of later")
    with pytest.raises(BackupRefused, match="expected an empty folder"):
        restore(home, tmp_path / "backup", T0)
    restore(home, tmp_path / "backup", T0, replace=True)
    assert home.subscriptions.read_bytes() == b"subscriptions: []\n"
    assert (home.root / ".replaced-20261009T120000Z" / "subscriptions.yml").read_bytes() == b"of later"
    assert not (home.root / UNFINISHED_RESTORE).exists()


def test_a_killed_restore__leaves_a_folder_that_is_refused_until_it_is_done_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, tmp_path / "backup", T0)
    back, rename = Home(tmp_path / "back"), Path.rename

    def dies(self: Path, target: Path) -> Path:
        if self.name == "landing":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            restore(back, tmp_path / "backup", T0)
    assert back.archive.exists()
    with pytest.raises(Exception, match="was not finished"):
        bring_up_to_date(back)
    restore(back, tmp_path / "backup", T0, replace=True)
    assert bring_up_to_date(back) == []


def test_a_list_that_leads_out_of_the_folder__is_refused(home: Home, tmp_path: Path) -> None:
    made = backup(home, tmp_path / "backup", T0)
    copy = read_copy(tmp_path / "backup", made.copy_id)
    for name in ("../evil", "/tmp/evil", "a/../../evil"):
        copy.files[name] = next(iter(copy.files.values()))
        with pytest.raises(BackupRefused, match="paths below the state folder"):
            module._bring(tmp_path / "backup", copy, tmp_path / "into")
        shutil.rmtree(tmp_path / "into")
        del copy.files[name]


def test_a_list_whose_links_lead_out_of_the_folder__writes_nothing_there(home: Home, tmp_path: Path) -> None:
    made = backup(home, tmp_path / "backup", T0)
    copy = read_copy(tmp_path / "backup", made.copy_id)
    (tmp_path / "outside").mkdir()
    copy.links.update({"a": str(tmp_path / "outside"), "a/planted": "/etc/passwd"})
    with pytest.raises(BackupRefused, match="paths below the state folder"):
        module._bring(tmp_path / "backup", copy, tmp_path / "into")
    assert list((tmp_path / "outside").iterdir()) == []


def test_wrong_folders__are_told(home: Home, tmp_path: Path) -> None:
    for dest in (home.root / "backup", home.root, home.root.parent):
        with pytest.raises(BackupRefused, match="apart"):
            backup(home, dest, T0)
    with pytest.raises(BackupRefused, match="expected a state folder"):
        backup(Home(tmp_path / "none"), tmp_path / "backup", T0)
    made = backup(home, tmp_path / "backup", T0)
    with pytest.raises(BackupRefused, match=made.copy_id):
        restore(Home(tmp_path / "back"), tmp_path / "backup", T0, "20200101T000000Z-0")


def test_the_commands__copy_check_and_restore(home: Home, tmp_path: Path) -> None:
    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*arguments])
        return result.exit_code, result.output

    there, back = str(tmp_path / "backup"), str(tmp_path / "back")
    assert call("--home", str(home.root), "backup", there, "--check")[0] == 1
    assert call("--home", str(home.root), "backup", there)[0] == 0
    assert call("--home", str(home.root), "backup", there, "--check")[0] == 0
    with lock(Home(Path(back)).ui_lock):
        code, output = call("--home", back, "restore", there)
    assert (code, "end it first" in output) == (1, True)
    shutil.rmtree(back)
    assert call("--home", back, "restore", there)[0] == 0
    assert call("--home", back, "restore", there)[0] == 1
