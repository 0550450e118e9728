"""The doctor names each fault with what to do, tells no secret, and changes nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.alerts import channels, keys
from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops import doctor
from pipelines.ops.backup import backup
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from pipelines.ops.rebuild import set_aside
from pipelines.ops.state import UNFINISHED_RESTORE, latest, state_file
from scrapers.durable import write_whole
from scrapers.locks import crawl_lock, lock
from scrapers.registry import sources
from tests.crawl_fixture import SLUG, T0
from tests.state_fixture import crawl, edition

NOW = T0 + timedelta(days=30)
KEYED = next(config for config in sources().values() if config.key and not config.key.is_optional)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def only(found: Iterator[Finding]) -> Finding:
    (one,) = found
    return one


def test_versions__other_than_locked_fail(tmp_path: Path) -> None:
    assert doctor.versions(doctor.LOCK).verdict == OK
    text = doctor.LOCK.read_text(encoding="utf-8")
    (tmp_path / "lock").write_text(text.replace(f"duckdb=={doctor._installed('duckdb')} ", "duckdb==0.1 "))
    found = doctor.versions(tmp_path / "lock")
    assert (found.verdict, found.to_do) == (FAIL, "run: make install")
    assert "(lock: 0.1)" in found.said


def test_a_missing_manifest__fails(tmp_path: Path) -> None:
    assert doctor.manifest(tmp_path / "none").verdict == FAIL
    assert doctor.manifest(Path(__file__)).verdict == OK


@pytest.mark.parametrize(
    ("record", "expected"),
    [(None, WARN), (f'{{"version": {latest()}}}', OK), ('{"version": 99}', FAIL), ("nonsense", FAIL)],
)
def test_the_state__is_of_this_code_or_not(home: Home, record: str | None, expected: str) -> None:
    crawl(home)
    if record:
        state_file(home).write_text(record)
    assert doctor.state_version(home).verdict == expected


def test_what_was_not_finished__is_told(home: Home) -> None:
    assert list(doctor.unfinished(home)) == []
    (home.root / UNFINISHED_RESTORE).mkdir(parents=True)
    (home.root / ".replaced-20261009T120000Z").mkdir()
    set_aside(home).mkdir(parents=True)
    assert [one.verdict for one in doctor.unfinished(home)] == [FAIL, WARN, WARN]
    with lock(home.run_lock):
        assert [one.about for one in doctor.unfinished(home)] == ["restore"] * 2, "a rebuild that is under way"


def test_disk__is_foreseen_by_the_growth_of_all_that_is_kept(home: Home) -> None:
    """Of most folders the archive grows least."""
    grown = {"archive": 10**9, "dagster": 7 * 10**9, "editions": 20 * 10**9, "staged": -(10**9), "landing": 10**9}
    days = {NOW.date() - timedelta(28): dict.fromkeys(grown, 2 * 10**9)}
    days[NOW.date()] = {name: 2 * 10**9 + more for name, more in grown.items()}
    write_whole(home.sizes, json.dumps({f"{day}": size for day, size in days.items()}).encode())
    found = doctor.disk(home, NOW, 59_000_000_000)
    assert (found.verdict, "full in 59 days" in found.said) == (WARN, True)
    assert "is 38 GB, grew by 28 GB in 28 days (most: editions 20 GB, dagster 7 GB, archive 1 GB)" in found.said
    assert doctor.disk(home, NOW, 61_000_000_000).verdict == OK


def test_disk__that_is_almost_full_is_told_whatever_the_growth(home: Home) -> None:
    assert doctor.disk(home, NOW, doctor.LOW_BYTES).verdict == OK
    assert doctor.disk(home, NOW, doctor.LOW_BYTES - 1).verdict == WARN
    assert doctor.disk(home, NOW, doctor.FULL_BYTES - 1).verdict == FAIL


def test_locks__name_their_holder(home: Home) -> None:
    assert only(doctor.locks(home)).verdict == OK
    with lock(crawl_lock(home.root, SLUG)):
        found = only(doctor.locks(home))
        assert (found.verdict, str(os.getpid()) in found.said, SLUG in found.said) == (OK, True, True)


def test_a_lock_of_a_dead_process__is_held_by_its_child(home: Home) -> None:
    with lock(home.run_lock) as handle:
        os.pwrite(handle, b"999999999", 0)
        found = only(doctor.locks(home))
    assert (found.verdict, "which is gone" in found.said) == (WARN, True)


def told_keys(home: Home, environment: dict[str, str]) -> dict[str, str]:
    return {one.said: one.verdict for one in keys.findings(home, environment, NOW)}


def test_keys__are_told_without_their_values(home: Home) -> None:
    assert KEYED.key is not None
    variable = KEYED.key.variable
    assert told_keys(home, {variable: " "})[f"{variable} of {KEYED.slug}: missing"] == WARN
    present = told_keys(home, {variable: "very-secret"})
    assert present[f"{variable} of {KEYED.slug}: present"] == OK
    assert "very-secret" not in str(present)


def test_keys_that_end_on_a_day__are_told_with_it(home: Home) -> None:
    assert KEYED.key is not None
    variable = KEYED.key.variable
    known = {variable: "very-secret"}
    said = f"{variable} of {KEYED.slug}: present, its last day is 2027-01-31"
    assert told_keys(home, known | {f"{variable}_EXPIRES": "2027-01-31"})[said] == OK
    soon = f"{variable} of {KEYED.slug} expires: its last day is {NOW.date()}"
    assert told_keys(home, known | {f"{variable}_EXPIRES": f"{NOW.date()}"})[soon] == WARN
    past = f"{variable} of {KEYED.slug} has expired: its last day was 2026-01-31"
    assert told_keys(home, known | {f"{variable}_EXPIRES": "2026-01-31"})[past] == FAIL


def test_keys_of_subscriptions__are_told_too(home: Home) -> None:
    home.root.mkdir()
    home.subscriptions.write_text(
        "sender: A <a@example.org>\nunsubscribe: mailto:a@example.org\n"
        "smtp: {host: h, port: 587, security: starttls, user: u}\n"
        "subscriptions: [{id: one, mail: [b@example.org], notify: [ROOM]}]\n"
    )
    found = told_keys(home, {"ROOM": "json://secret"})
    assert found["ROOM of the subscriptions: present"] == OK
    assert found["AIPOLICY_SMTP_PASSWORD of the subscriptions: missing"] == WARN
    home.subscriptions.write_text("sender: [")
    assert FAIL in told_keys(home, {}).values()


def test_variables_of_channels__are_told_too(home: Home) -> None:
    home.root.mkdir()
    home.alerts_settings.write_text("{default: operators, channels: {operators: [OPS_MAIL, OPS_CHAT]}}")
    found = told_keys(home, {"OPS_CHAT": "json://secret"})
    assert (found["OPS_MAIL of alerts.yml: missing"], found["OPS_CHAT of alerts.yml: present"]) == (WARN, OK)
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        (None, WARN, "there is no alerts.yml, so nobody is told of an alert"),
        ("default: operators\nchannels:\n  operators: OPS\n", FAIL, "alerts.yml, line 3"),
        ("{default: others, channels: {others: [OPS]}}", FAIL, "holds no channel 'operators', which the contract of"),
        ("{default: operators, channels: {operators: [OPS]}}", OK, "operators"),
    ],
)
def test_channels__lead_somewhere_or_not(home: Home, text: str | None, expected: str, told: str) -> None:
    home.root.mkdir()
    if text is not None:
        home.alerts_settings.write_text(text)
    first, *_ = channels.findings(home.alerts_settings)
    assert (first.verdict, told in first.said) == (expected, True), first.said


def test_a_clock_behind_the_newest_answer__fails(home: Home) -> None:
    assert doctor.clock(home, T0).verdict == OK, "nothing is stored"
    ended = crawl(home).ended_at
    assert doctor.clock(home, ended).verdict == OK
    assert doctor.clock(home, ended - timedelta(seconds=61)).verdict == FAIL


def test_the_archive__is_as_its_ledgers_say(home: Home) -> None:
    crawl(home), crawl(home, hours=1)
    found = only(doctor.archive(home))
    assert (found.verdict, found.said) == (OK, "2 crawls as their ledgers say")


@pytest.mark.parametrize("damage", ["lost", "longer", "changed", "no ledger", "bad ledger"])
def test_damage_of_the_archive__fails(home: Home, damage: str) -> None:
    older, newest = crawl(home), crawl(home, hours=1)
    folder = home.archive / SLUG
    match damage:
        case "lost":
            (folder / older.archive.name).unlink()
        case "longer":
            (folder / older.archive.name).write_bytes(b"longer than what the source said")
        case "changed":
            (folder / newest.archive.name).write_bytes(b"What the source said")
        case "no ledger":
            (folder / f"{older.crawl_id}.ledger.json").unlink()
        case "bad ledger":
            (folder / f"{older.crawl_id}.ledger.json").write_text("{}")
    assert FAIL in [one.verdict for one in doctor.archive(home)]


def test_the_edition__is_whole_or_not(home: Home) -> None:
    assert doctor.edition(home).verdict == OK, "nothing is published yet"
    folder = edition(home)
    assert doctor.edition(home).verdict == OK
    (folder / "policy.duckdb").write_bytes(b"others")
    assert doctor.edition(home).verdict == FAIL
    folder.rename(folder.with_name("gone"))
    assert doctor.edition(home).verdict == FAIL


def test_a_backup__is_missing_fresh_or_stale(home: Home, tmp_path: Path) -> None:
    assert doctor.backup(home, NOW).verdict == OK, "nothing is kept yet"
    crawl(home)
    missing = doctor.backup(home, NOW)
    assert (missing.verdict, missing.said) == (WARN, "no copy of this state folder was made")
    write_whole(home.last_backup, b"[]")
    assert doctor.backup(home, NOW) == missing
    home.last_backup.unlink()
    home.last_backup.mkdir()
    assert doctor.backup(home, NOW) == missing
    (unnoted,) = backup(home, tmp_path / "backup", NOW - timedelta(doctor.BACKUP_DAYS)).faults
    assert "the copy is made" in unnoted
    home.last_backup.rmdir()
    backup(home, tmp_path / "backup", NOW - timedelta(doctor.BACKUP_DAYS))
    fresh = doctor.backup(home, NOW)
    said = f"the last copy was made 7 days ago, on {NOW - timedelta(7):%Y-%m-%d}, to {tmp_path / 'backup'}"
    assert (fresh.verdict, fresh.said) == (OK, said)
    stale = doctor.backup(home, NOW + timedelta(1))
    assert (stale.verdict, f"aipolicy backup {tmp_path / 'backup'}" in str(stale.to_do)) == (WARN, True)
    assert stale in list(doctor.findings(home, NOW + timedelta(1)))


class Host(BaseHTTPRequestHandler):
    """Answers with the status that its path's host was made for."""

    status, asked = 200, 0

    def do_HEAD(self) -> None:
        type(self).asked += 1
        assert self.path == "/robots.txt"
        self.send_response(self.status)
        self.end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return "Fri, 09 Oct 2026 12:00:00 GMT"

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("status", "skew", "expected", "about"),
    [(200, 0, OK, "source"), (404, 0, OK, "source"), (503, 0, WARN, "source"), (200, 90, WARN, "clock")],
)
def test_a_host__is_asked_once(status: int, skew: int, expected: str, about: str) -> None:
    handler = type("Made", (Host,), {"status": status, "asked": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    found = only(doctor.reachability([host], lambda: T0 + timedelta(seconds=skew)))
    server.shutdown()
    server.server_close()
    assert (found.verdict, found.about, handler.asked) == (expected, about, 1)
    silent = only(doctor.reachability([host], lambda: T0))
    assert (silent.verdict, "no answer" in silent.said) == (WARN, True)


def test_the_command__ends_with_1_on_a_fault_and_tells_each_as_json(home: Home) -> None:
    crawl(home)
    good = CliRunner().invoke(main, ["--home", str(home.root), "doctor"])
    assert good.exit_code == 0, good.output
    assert f" of {KEYED.slug}: " in good.output
    assert "there is no alerts.yml" in good.output
    (home.archive / SLUG).joinpath(crawl(home).archive.name).unlink()
    bad = CliRunner().invoke(main, ["--home", str(home.root), "doctor", "--json"])
    told = [json.loads(line) for line in bad.output.splitlines()]
    assert bad.exit_code == 1
    assert [one["about"] for one in told if one["verdict"] == FAIL] == ["archive"]
    assert datetime.now(UTC) > T0, "the machine's clock is before the fixtures'"
