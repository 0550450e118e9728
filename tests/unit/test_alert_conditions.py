"""Each kind of alert: a state that raises it and one that does not, and its runbook."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.alerts import heartbeat
from pipelines.alerts.conditions import CONDITIONS, FailedCheck, State, standing
from pipelines.alerts.keys import Secret
from pipelines.alerts.memory import Memory, Refusal, damaged_file, write_memory
from pipelines.alerts.model import Alert, Kind
from pipelines.alerts.runs import History
from pipelines.alerts.state import alerts_now, read_state
from pipelines.history import FailedRun
from pipelines.home import Home
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from pipelines.ops.state import bring_up_to_date, state_file
from pipelines.publish.audit import AuditToken, CheckOutcome, write_token
from pipelines.publish.stage import SPILL, is_whole
from pipelines.rounds import missed_deadlines
from scrapers.contracts import CrawlLedger, Novelty, Window
from scrapers.durable import write_whole
from scrapers.registry import SourceConfig, load_source, sources
from tests.crawl_fixture import SLUG, land
from tests.state_fixture import edition
from tests.unit.markdown_blocks import ROOT, anchors_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday; New York is five hours behind."""
WELL = Finding(OK, "disk", "much is free")
QUIET = State(NOW, WELL)
KEYED = next(config for config in sources().values() if config.key and not config.key.is_optional)
assert KEYED.key is not None
KEY = KEYED.key.variable
KEYLESS = "uk_govuk"
KEYS = {config.key.variable: "a-secret-key" for config in sources().values() if config.key}


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> dict[str, SourceConfig]:
    """The sources that are watched: one, to which a test may add others."""
    known = {SLUG: sources()[SLUG]}
    monkeypatch.setattr("pipelines.alerts.state.sources", lambda: known)
    return known


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def raised(state: State) -> list[tuple[str, str]]:
    return [(alert.key, alert.severity) for alert in standing(state)]


def now(home: Home, at: datetime = NOW, environment: dict[str, str] | None = None) -> dict[str, Alert]:
    """The alerts of a state folder, but for the disk of whoever runs this test."""
    found = alerts_now(home, at, KEYS if environment is None else environment, History())
    return {alert.key: alert for alert in found if alert.kind != Kind.DISK_LOW}


def look(home: Home, at: datetime, *, is_good: bool = True, slug: str = SLUG, **fields: object) -> CrawlLedger:
    """One crawl of a source that began at a moment and asked for that day."""
    day = at.astimezone(ZoneInfo(sources()[slug].time_zone)).date()
    ledger = land(home.root, [], is_good=is_good).model_copy(
        update={
            "crawl_id": f"{at:%Y%m%dT%H%M%S%f}Z-000000",
            "source_id": slug,
            "started_at": at,
            "ended_at": at + timedelta(minutes=2),
            "window": Window(since=day - timedelta(6), until=day),
            **fields,
        }
    )
    write_whole(home.archive / slug / f"{ledger.crawl_id}.ledger.json", ledger.model_dump_json().encode())
    return ledger


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


RUN = FailedRun("r1", "replay", "the UI", was_killed=False, published=False, ended_at=hours_ago(2))
CHECK = FailedCheck("x", "something fell", hours_ago(3))


def test_every_kind__has_a_condition_and_a_runbook() -> None:
    assert list(CONDITIONS) == list(Kind)
    assert {kind.anchor for kind in Kind} <= anchors_of(ROOT / "docs" / "operations.md")


def test_nothing__stands_of_a_quiet_state() -> None:
    assert raised(QUIET) == []


def test_a_failed_run__is_an_error_unless_it_had_published() -> None:
    assert raised(replace(QUIET, runs=(RUN,))) == [("run_failed:replay", "error")]
    [alert] = standing(replace(QUIET, runs=(replace(RUN, published=True, was_killed=True, earlier=2),)))
    assert (alert.severity, alert.since) == ("warning", RUN.ended_at)
    assert "The run r1 of the job replay, started by the UI, was killed" in alert.sentence
    assert alert.sentence.endswith("So did 2 of that job before it, which nothing has made good.")


def test_an_issue_that_was_not_sent__stands_by_its_week_until_it_is(home: Home) -> None:
    for week in ("2026-W45", "2026-W46"):
        write_whole(home.deliveries / week / "readers-0123456789abcdef.json", b'{"state": "failed", "tries": 2}')
    alert = now(home)["delivery_failed:2026-W45"]
    assert alert.severity == "error"
    assert "The issue of 2026-W45 could not be sent to readers, 2 times so far" in alert.sentence
    write_whole(home.deliveries / "2026-W46" / "readers-0123456789abcdef.json", b'{"state": "sent"}')
    assert set(now(home)) == {"delivery_failed:2026-W45"}, "a later success is none of an earlier week"


def test_a_refused_edition__blocks_until_an_audit_passes(home: Home) -> None:
    failed = CheckOutcome(
        check="dbt:t", tool="dbt", table="t", severity="error", outcome="failed", sentence="Two rows are of one key.",
        sample=({"source_id": "uk_govuk", "document_id": "govuk:1", "title": "A"}, {"source_id": "uk_govuk"}),
    )  # fmt: skip
    token = AuditToken(edition_id="e", staged_sha256="0", expected=("dbt:t",), outcomes=(failed,))
    write_token(home.staged, token)
    alert = now(home)["publish_blocked:edition"]
    assert alert.severity == "error"
    assert alert.sentence.endswith(": Two rows are of one key. Such as: uk_govuk govuk:1, uk_govuk.")
    write_token(home.staged, token.model_copy(update={"outcomes": (failed.model_copy(update={"outcome": "passed"}),)}))
    assert now(home) == {}
    (home.staged / "AUDIT.json").write_text("{")
    assert "cannot be read" in now(home)["publish_blocked:edition"].sentence


@pytest.mark.parametrize(
    ("last_good", "severity"),
    [
        ("2026-11-19 21:00", None),  # after the last round of Thursday
        ("2026-11-18 21:00", "warning"),  # Thursday's deadline has passed
        ("2026-11-17 21:00", "error"),  # Wednesday's too
    ],
)
def test_a_source_without_a_good_look__is_blind_by_its_own_rhythm(
    home: Home, last_good: str, severity: str | None
) -> None:
    good = look(home, datetime.fromisoformat(last_good).replace(tzinfo=UTC))
    look(home, hours_ago(1), is_good=False)
    alert = now(home).get(f"source_blind:{SLUG}")
    assert (alert and alert.severity) == severity
    if alert is not None:
        assert (alert.owner, alert.channel, alert.since) == (sources()[SLUG].owner, "operators", good.ended_at)
        assert "HTTP 500" in alert.sentence


def test_a_source_that_nobody_looks_at__is_blind_too(home: Home) -> None:
    look(home, hours_ago(24 * 6))
    assert "nobody has looked since" in now(home)[f"source_blind:{SLUG}"].sentence


def test_a_source_that_never_had_a_good_look__is_blind_since_the_first(home: Home) -> None:
    first = look(home, hours_ago(24 * 6), is_good=False)
    look(home, hours_ago(1), is_good=False)
    assert now(home)[f"source_blind:{SLUG}"].since == first.started_at


def test_a_good_look__ends_it_and_a_backfill_does_not(home: Home) -> None:
    look(home, hours_ago(24 * 6))
    long_gone = Window(since=date(2020, 1, 1), until=date(2020, 1, 7))
    look(home, hours_ago(2), window=long_gone)
    assert f"source_blind:{SLUG}" in now(home)
    look(home, hours_ago(1))
    assert f"source_blind:{SLUG}" not in now(home)


def test_a_source_that_is_silent_for_too_long__is_told_to_whom_its_contract_names(home: Home) -> None:
    look(home, hours_ago(1))
    silent = FailedCheck(SLUG, "The last news is a:1; 9 publishing days without anything new, 5 are allowed.", NOW)
    history = History(overdue=(silent, replace(silent, subject="a_source_that_is_gone")))
    [alert] = [one for one in alerts_now(home, NOW, KEYS, history) if one.kind == Kind.NEWS_OVERDUE]
    config = sources()[SLUG]
    assert (alert.subject, alert.severity, alert.since) == (SLUG, "warning", NOW)
    assert (alert.owner, alert.channel) == (config.owner, config.channel)
    assert alert.sentence.startswith(config.title)
    assert "9 publishing days" in alert.sentence


def test_a_damaged_edition__is_an_error_until_its_files_are_those_of_its_sums(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that finds it damaged ends before its check, so it is looked at here; hashed only when it was touched."""
    folder, hashed = edition(home), list[Path]()
    monkeypatch.setattr("pipelines.alerts.state.is_whole", lambda path: hashed.append(path) or is_whole(path))
    assert [set(now(home)) for _ in range(2)] == [set(), set()]
    assert len(hashed) == 1
    (folder / "policy.duckdb").write_bytes(b"other rows")
    alert = now(home)["edition_damaged:edition"]
    assert (alert.severity, alert.owner, "aipolicy rebuild" in alert.what_to_do) == ("error", "team:edition", True)
    (folder / "policy.duckdb").write_bytes(b"rows")
    assert now(home) == {}
    assert len(hashed) == 3
    (folder / SPILL).mkdir()
    assert now(home) == {}
    assert len(hashed) == 3, "what a reader's DuckDB writes is not of the edition"
    (folder / "SHA256SUMS").write_bytes(b"\xff\xfe")
    assert "edition_damaged:edition" in now(home)
    monkeypatch.setattr("pipelines.alerts.state.is_whole", unreadable)
    (folder / "SHA256SUMS").write_bytes(b"")
    assert "Input/output error" in now(home)["edition_damaged:edition"].sentence
    folder.rename(folder.with_name("gone"))
    assert "edition_damaged:edition" in now(home)


def unreadable(_: Path) -> bool:
    raise OSError(5, "Input/output error")


def test_stand_ins__are_never_overdue(home: Home) -> None:
    look(home, hours_ago(24 * 30), is_stand_in=True)
    write_whole(home.digests / "2026-W40" / "issue.json", b"{}")
    assert now(home) == {}
    silent = History(overdue=(FailedCheck(SLUG, "Nothing new.", NOW),))
    assert Kind.NEWS_OVERDUE not in {alert.kind for alert in alerts_now(home, NOW, KEYS, silent)}


@pytest.mark.parametrize(("hours", "severity"), [(39, None), (40, "warning"), (24 * 6, "error")])
def test_a_source_that_nobody_ever_looked_at__is_blind_since_the_first_crawl_of_the_folder(
    home: Home, watched: dict[str, SourceConfig], hours: int, severity: str | None
) -> None:
    watched[KEYLESS] = sources()[KEYLESS]
    first = look(home, hours_ago(hours))
    alert = now(home).get(f"source_blind:{KEYLESS}")
    assert (alert and alert.severity) == severity
    if alert is not None:
        assert (alert.since, "nobody has looked yet" in alert.sentence) == (first.started_at, True)


def test_a_folder_that_never_had_a_crawl__is_blind_since_it_was_first_used(home: Home) -> None:
    bring_up_to_date(home)
    os.utime(state_file(home), (hours_ago(24 * 30).timestamp(),) * 2)
    assert set(now(home)) == {f"source_blind:{SLUG}", "digest_overdue:digest"}


def test_a_source_that_was_not_asked__is_not_blind_for_that(home: Home, watched: dict[str, SourceConfig]) -> None:
    watched[KEYED.slug] = KEYED
    look(home, hours_ago(24 * 6), is_good=False, faults=(), not_asked="no key", slug=KEYED.slug)
    assert f"source_blind:{KEYED.slug}" not in now(home)


@pytest.mark.parametrize(
    ("days", "seen", "missed"),
    [
        ("daily", "2026-11-17 10:00", 2),
        ("mon-fri", "2026-11-13 10:00", 4),
        ("mon", "2026-11-09 10:00", 1),
        ("mon", "2026-11-16 10:00", 0),
        ("sun", "2026-11-08 10:00", 1),
    ],
)
def test_deadlines__are_those_of_the_days_of_a_rhythm(days: str, seen: str, missed: int) -> None:
    config = sources()[SLUG].model_copy(update={"time_zone": "UTC"})
    rhythm = config.rhythm.model_copy(update={"days": days, "at": ("09:00", "22:30")})
    config = config.model_copy(update={"rhythm": rhythm})
    assert missed_deadlines(config, datetime.fromisoformat(seen).replace(tzinfo=UTC), NOW) == missed


def test_what_a_source_never_showed__is_drift(home: Home) -> None:
    look(home, hours_ago(2), novelties=(Novelty(name="agencies.mood", documents=2, example="fr:1"),))
    alert = now(home)[f"schema_drift:{SLUG}"]
    assert (alert.severity, "agencies.mood (on fr:1 and 1 more)" in alert.sentence) == ("warning", True)
    look(home, hours_ago(1))
    assert now(home) == {}


def test_a_contract_that_is_broken__is_drift_of_its_source(home: Home) -> None:
    look(home, hours_ago(2))
    history = History(drifted=(FailedCheck(SLUG, "documents.title: gone", hours_ago(5)),))
    found = [alert for alert in alerts_now(home, NOW, KEYS, history) if alert.kind == Kind.SCHEMA_DRIFT]
    assert [(alert.subject, alert.since) for alert in found] == [(SLUG, hours_ago(5))]
    assert "documents.title: gone" in found[0].sentence


def test_a_key_that_is_needed__is_missing_or_there(home: Home) -> None:
    alert = now(home, environment=KEYS | {KEY: " "})[f"key_missing:{KEY}"]
    assert (alert.severity, alert.owner) == ("warning", KEYED.owner)
    assert now(home) == {}


@pytest.mark.parametrize(
    ("expires", "severity", "told"),
    [
        ("2026-12-05", None, ""),
        ("2026-12-04", "warning", "its last day is 2026-12-04"),
        ("2026-11-20", "warning", "its last day is 2026-11-20"),
        ("2026-11-19", "error", "has expired"),
        ("next year", "warning", "expected to be a day such as"),
    ],
)
def test_a_key__expires_on_the_day_that_is_set(home: Home, expires: str, severity: str | None, told: str) -> None:
    alert = now(home, environment=KEYS | {f"{KEY}_EXPIRES": expires}).get(f"key_expires:{KEY}")
    assert (alert and alert.severity) == severity
    if alert is not None:
        assert told in alert.sentence


def test_secrets_of_delivery_and_alerts__are_keys_too(home: Home) -> None:
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS_CHAT]}}")
    subscriptions = "{sender: a@b.c, unsubscribe: 'mailto:a@b.c', subscriptions: [{id: x, notify: [NEWS_CHAT]}]}"
    write_whole(home.subscriptions, subscriptions.encode())
    assert set(now(home)) == {"key_missing:OPS_CHAT", "key_missing:NEWS_CHAT"}
    chats = {"OPS_CHAT": "json://x", "NEWS_CHAT": "json://y", "AIPOLICY_SMTP_PASSWORD": "p"}
    assert now(home, environment=KEYS | chats) == {}
    expired = {f"{name}_EXPIRES": "2026-01-01" for name in chats}
    assert set(now(home, environment=KEYS | chats | expired)) == {f"key_expires:{name}" for name in chats}


def test_a_key_that_is_missing__does_not_expire_as_well() -> None:
    secret = Secret(KEY, "x", "team:x", "operators", is_needed=True, is_present=False, expires="2026-01-01")
    assert raised(replace(QUIET, secrets=(secret,))) == [(f"key_missing:{KEY}", "warning")]


def test_a_score_below_the_recorded_one__is_told() -> None:
    assert raised(replace(QUIET, fallen=(CHECK,))) == [("benchmark_drop:x", "warning")]


@pytest.mark.parametrize(("expected", "severity"), [(WARN, "warning"), (FAIL, "error")])
def test_a_disk_that_runs_full__is_told_as_the_doctor_finds_it(expected: str, severity: str) -> None:
    disk = Finding(expected, "disk", "1 GB free", "run: aipolicy gc --dry-run")  # type: ignore[arg-type]  # of the two
    assert raised(replace(QUIET, disk=disk)) == [("disk_low:state", severity)]


def copied(home: Home, at: datetime, faults: int = 0) -> None:
    write_whole(home.last_backup, json.dumps({"made_at": at.isoformat(), "dest": "/b", "faults": faults}).encode())


def test_copies_that_are_made_no_more__are_told(home: Home) -> None:
    look(home, NOW)
    assert now(home) == {}, "the doctor alone says that none was ever made"
    copied(home, NOW - timedelta(7))
    assert now(home) == {}
    later = NOW + timedelta(hours=25)
    look(home, later)
    assert list(now(home, later)) == ["backup_stale:state"]
    copied(home, later)
    assert now(home, later) == {}
    copied(home, later, faults=1)
    assert list(now(home, later)) == ["backup_stale:state"]


@pytest.mark.parametrize(
    ("moment", "severity"),
    [("2026-11-16 13:59", None), ("2026-11-16 14:01", "warning"), ("2026-11-17 14:01", "error")],
)
def test_an_issue_that_is_not_there__is_overdue(
    home: Home, moment: str, severity: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIPOLICY_TIME_ZONE", raising=False)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    look(home, at - timedelta(hours=1))
    assert now(home, at) == {}, "the first issue is that of the week in which the folder was first used"
    write_whole(home.digests / "2026-W45" / "issue.json", b"{}")
    alert = now(home, at).get("digest_overdue:digest")
    assert (alert and alert.severity) == severity
    write_whole(home.digests / "2026-W46" / "issue.json", b"{}")
    assert now(home, at) == {}


def test_the_first_issue_of_all__is_overdue_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIPOLICY_TIME_ZONE", raising=False)
    look(home, datetime(2026, 11, 15, 12, tzinfo=UTC))
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    look(home, monday)
    assert now(home, monday + timedelta(hours=14)) == {}
    assert set(now(home, monday + timedelta(hours=14, minutes=1))) == {"digest_overdue:digest"}


def test_a_channel_that_refuses__is_a_fault_of_the_alerter(home: Home) -> None:
    refusal = Refusal(since=hours_ago(1), times=3, retry_at=NOW, reason="OPS_CHAT: the other end did not confirm it")
    write_memory(home, Memory(refusals={"OPS_CHAT": refusal}))
    alert = now(home)["alerter_fault:OPS_CHAT"]
    assert (alert.since, "3 times so far" in alert.sentence) == (refusal.since, True)
    write_memory(home, Memory())
    assert now(home) == {}


def test_what_the_alerter_cannot_read__is_its_fault(home: Home) -> None:
    write_whole(home.alerts_settings, b"default: nobody")
    write_whole(damaged_file(home), b"{")
    assert set(now(home)) == {"alerter_fault:alerts.yml", "alerter_fault:memory"}


def test_an_address_that_does_not_take_the_heartbeat__is_its_fault(home: Home) -> None:
    heartbeat.beat(home, NOW, 0, (), {heartbeat.HEARTBEAT_VARIABLE: "ftp://example.org/"})
    assert set(now(home)) == {f"alerter_fault:{heartbeat.HEARTBEAT_VARIABLE}"}
    heartbeat.beat(home, NOW, 0, (), {})
    assert now(home) == {}


def test_no_alert__holds_a_secret(home: Home) -> None:
    look(home, hours_ago(24 * 6), is_good=False, faults=("asked https://hooks.example/T0/B1/secret with a-secret-key",))
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS_CHAT]}}")
    chat = {"OPS_CHAT": "json://hooks.example/T0/B1/secret"}
    sentence = now(home, environment=KEYS | chat)[f"source_blind:{SLUG}"].sentence
    assert "redacted" in sentence
    assert not any(secret in sentence for secret in ("T0/B1/secret", "a-secret-key"))


def test_the_channel__is_that_of_the_contract(
    home: Home, tmp_path: Path, watched: dict[str, SourceConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "scrapers" / "sources" / f"{SLUG}.yml").read_text(encoding="utf-8")
    text = text.replace("channel: operators", "channel: newsroom")
    (tmp_path / f"{SLUG}.yml").write_text(text, encoding="utf-8")
    config = load_source(tmp_path / f"{SLUG}.yml")
    watched[SLUG] = config
    monkeypatch.setattr("pipelines.alerts.channels.sources", lambda: {SLUG: config})
    look(home, hours_ago(24 * 6))
    assert now(home)[f"source_blind:{SLUG}"].channel == "newsroom"
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS_CHAT]}}")
    fault = now(home)["alerter_fault:newsroom"]
    assert (fault.severity, f"which the contract of {SLUG} names" in fault.sentence) == ("error", True)


def test_reading__leaves_the_warehouse_closed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    look(home, hours_ago(1))
    monkeypatch.setattr("duckdb.connect", None)
    assert read_state(home, NOW, os.environ, History()).sources[0].config.slug == SLUG
