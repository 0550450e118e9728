"""What was told of alerts: once to each channel, again when due, ended once; whatever dies, refuses or flaps."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner

from pipelines.alerts import heartbeat
from pipelines.alerts.channels import BadAlertSettings, read_settings
from pipelines.alerts.memory import damaged_file, memory_file, read_memory
from pipelines.alerts.model import Alert, Kind
from pipelines.alerts.teller import MAX_CHARS, SEE_ALL, Round, one_round
from pipelines.cli import main
from pipelines.home import Home
from pipelines.notify import MaybeSent, NotSent, Send
from pipelines.ops.doctor import FAIL, OK, WARN
from scrapers.durable import write_whole
from scrapers.locks import Held, lock
from tests.receivers import Receiver, receiver
from tests.unit.markdown_blocks import blocks
from tests.unit.test_delivery import Mailbox

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = 24 * 60
BLIND = Alert(
    Kind.SOURCE_BLIND, "uk_govuk", "warning", "GOV.UK had no *good* look.", "Look.", "team:united_kingdom", NOW,
)  # fmt: skip
WORSE = replace(BLIND, severity="error")
OTHER = replace(BLIND, kind=Kind.DISK_LOW, subject="state", severity="error")
SETTINGS = "{default: operators, channels: {operators: [OPS], newsroom: [NEWS, OPS]}}"


class Sent:
    """Messages that would be sent, by target; a target in `faults` does not take them."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, str]] = []
        self.faults: dict[str, Exception] = {}

    def make(self, target: str, title: str, body: str) -> Send:
        def send() -> None:
            if target in self.faults:
                raise self.faults[target]
            self.messages.append((target, title, body))

        return send

    def taken(self) -> list[tuple[str, str]]:
        """Targets and titles since the last time."""
        found = [(target, title.removeprefix("AI policy tracker: ")) for target, title, _ in self.messages]
        self.messages.clear()
        return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    write_whole(home.alerts_settings, SETTINGS.encode())
    return home


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def after(home: Home, sent: Sent) -> Callable[..., list[tuple[str, str]]]:
    """A round so many minutes after the first; what was told in it."""

    def rounds(minutes: float, *standing: Alert) -> list[tuple[str, str]]:
        one_round(home, NOW + timedelta(minutes=minutes), standing, {}, sent.make)
        return sent.taken()

    return rounds


After = Callable[..., list[tuple[str, str]]]


def test_an_alert__is_told_once_and_its_end_once(after: After) -> None:
    assert after(0, BLIND) == [("OPS", "1 new")]
    assert after(5, BLIND) == []
    assert after(10) == []
    assert after(24) == []
    assert after(25) == [("OPS", "1 ended")], "it has stayed away for a quarter of an hour"
    assert after(30) == []


def test_news_of_a_round__are_one_message_with_errors_first(home: Home, sent: Sent) -> None:
    one_round(home, NOW, [BLIND, OTHER], {}, sent.make)
    [(target, title, body)] = sent.messages
    assert (target, title) == ("OPS", "AI policy tracker: 2 new")
    assert body == (
        "Error, new: disk_low:state, since 2026-11-20T12:00:00Z, owner team:united_kingdom\n"
        "GOV.UK had no *good* look.\nWhat to do: Look.\n"
        "https://github.com/aipolicy/aipolicy/blob/main/docs/operations.md#disk-low\n\n"
        "Warning, new: source_blind:uk_govuk, since 2026-11-20T12:00:00Z, owner team:united_kingdom\n"
        "GOV.UK had no *good* look.\nWhat to do: Look.\n"
        "https://github.com/aipolicy/aipolicy/blob/main/docs/operations.md#source-blind"
    )


@pytest.mark.parametrize("count", [7, 21, 100])
def test_a_message_of_many_alerts__is_short_enough_for_a_chat_and_counts_what_it_does_not_name(
    home: Home, sent: Sent, count: int
) -> None:
    many = [replace(BLIND, subject=f"source_{number:03d}") for number in range(count)]
    one_round(home, NOW, many, {}, sent.make)
    [(_, title, body)] = sent.messages
    assert title.endswith(f"{count} new")
    assert len(body) <= MAX_CHARS
    assert (SEE_ALL in body) == (count > 7)
    left = re.search(r"\nAnd (\d+) more\Z", body)
    assert body.count("source_blind:") + (int(left[1]) if left else 0) == count
    assert body.count("source_blind:") >= min(count, 30)


def test_an_alert_that_grew_worse__is_told_again_once(after: After) -> None:
    after(0, BLIND)
    assert after(5, WORSE) == [("OPS", "1 worse")]
    assert after(10, WORSE) == after(15, BLIND) == after(20, WORSE) == []


def test_what_still_stands__is_told_again_after_its_time(after: After) -> None:
    after(0, WORSE, replace(OTHER, severity="warning"))
    assert after(DAY - 1, WORSE, replace(OTHER, severity="warning")) == []
    assert after(DAY, WORSE, replace(OTHER, severity="warning")) == [("OPS", "1 still standing")]
    assert after(DAY + 5, WORSE, replace(OTHER, severity="warning")) == []
    assert after(7 * DAY, WORSE, replace(OTHER, severity="warning")) == [("OPS", "2 still standing")]


def test_an_alert_that_flaps__is_one_alert(after: After) -> None:
    told = [news for minutes in range(0, 300, 10) for news in after(minutes, *[BLIND] * (minutes // 10 % 2))]
    assert told == [("OPS", "1 new")]


def test_an_alert_that_comes_back__must_stay_away_longer_each_time(after: After) -> None:
    after(0, BLIND)
    after(5)
    assert after(20) == [("OPS", "1 ended")]
    assert after(30, BLIND) == [("OPS", "1 new")]
    after(35)
    assert after(94) == []
    assert after(95) == [("OPS", "1 ended")], "an hour"


def test_an_alert_that_comes_back_after_days__is_another_one(home: Home, after: After) -> None:
    after(0, BLIND)
    after(5)
    after(20)
    after(5 + DAY)
    assert read_memory(home).alerts == {}
    later = replace(BLIND, since=NOW + timedelta(minutes=2 * DAY))
    after(2 * DAY, later)
    entry = read_memory(home).alerts[BLIND.key]
    assert (entry.since, entry.returns) == (later.since, 0)


def test_since_when_it_stands__is_when_it_was_first_seen(home: Home, after: After) -> None:
    for minutes in (0, 5, 10):
        after(minutes, replace(BLIND, since=NOW + timedelta(minutes=minutes)))
    assert read_memory(home).alerts[BLIND.key].since == NOW


def test_a_channel__hears_of_its_own_and_the_default_of_the_rest(after: After) -> None:
    mine = replace(BLIND, channel="newsroom")
    assert after(0, mine, replace(OTHER, channel="nowhere")) == [("OPS", "2 new"), ("NEWS", "1 new")]


def test_a_target__is_not_told_that_it_is_out_of_order(after: After) -> None:
    fault = replace(OTHER, kind=Kind.ALERTER_FAULT, subject="OPS", channel="newsroom")
    assert after(0, fault) == [("NEWS", "1 new")]


def test_a_target_that_comes_later__hears_what_stands(home: Home, after: After) -> None:
    after(0, BLIND)
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [PAGER]}}")
    assert after(5, BLIND) == [("PAGER", "1 new")]
    assert list(read_memory(home).alerts[BLIND.key].told) == ["PAGER"]


@pytest.mark.parametrize("settings", [None, b"channels: {"])
def test_without_channels__nobody_is_told_and_nothing_forgotten(
    home: Home, after: After, settings: bytes | None
) -> None:
    after(0, BLIND)
    home.alerts_settings.unlink()
    if settings:
        write_whole(home.alerts_settings, settings)
    assert after(5, BLIND, OTHER) == []
    write_whole(home.alerts_settings, SETTINGS.encode())
    assert after(10, BLIND, OTHER) == [("OPS", "1 new")]


@pytest.mark.parametrize("fault", [NotSent("no address"), MaybeSent("not confirmed")])
def test_a_channel_that_refuses__is_tried_again_ever_more_seldom(
    home: Home, sent: Sent, after: After, fault: Exception
) -> None:
    sent.faults["OPS"] = fault
    tried = 0
    for minutes in range(0, 300, 5):
        after(minutes, BLIND)
        times = read_memory(home).refusals["OPS"].times
        if times > tried:
            tried = times
    assert tried == 8, "after 0, 5, 15, 35, 75, 135, 195 and 255 minutes"
    sent.faults.clear()
    assert after(315, BLIND) == [("OPS", "1 new")]
    assert read_memory(home).refusals == {}


def test_a_refused_end__is_told_later_and_a_refused_reminder_too(sent: Sent, after: After) -> None:
    after(0, WORSE)
    sent.faults["OPS"] = MaybeSent("not confirmed")
    assert after(DAY, WORSE) == []
    sent.faults.clear()
    assert after(DAY + 5, WORSE) == [("OPS", "1 still standing")]
    after(DAY + 10)
    sent.faults["OPS"] = MaybeSent("not confirmed")
    assert after(DAY + 25) == []
    sent.faults.clear()
    assert after(DAY + 30) == [("OPS", "1 ended")]


@pytest.mark.parametrize("has_arrived", [True, False])
def test_an_alerter_that_dies_while_telling__never_tells_twice(
    home: Home, sent: Sent, after: After, has_arrived: bool
) -> None:
    def die(target: str, title: str, body: str) -> Send:
        def send() -> None:
            if has_arrived:
                sent.make(target, title, body)()
            raise SystemExit

        return send

    with pytest.raises(SystemExit):
        one_round(home, NOW, [WORSE], {}, die)
    assert len(sent.taken()) == has_arrived
    assert after(5, WORSE) == []
    assert not read_memory(home).alerts[WORSE.key].told["OPS"].is_confirmed
    assert after(DAY, WORSE) == [("OPS", "1 still standing")], "the reminder makes up for what may be lost"
    after(DAY + 5)
    with pytest.raises(SystemExit):
        one_round(home, NOW + timedelta(minutes=DAY + 20), [], {}, die)
    sent.taken()
    assert after(DAY + 25) == []


def test_two_alerters_at_once__are_one(home: Home, sent: Sent) -> None:
    both = threading.Barrier(2)
    made: list[Round | str] = []

    def make(target: str, title: str, body: str) -> Send:
        both.wait(timeout=30)  # until the other has found the lock held
        return sent.make(target, title, body)

    def alerter() -> None:
        try:
            made.append(one_round(home, NOW, [BLIND], {}, make))
        except Held:
            made.append("held")
            both.wait(timeout=30)

    alerters = [threading.Thread(target=alerter) for _ in range(2)]
    for one in alerters:
        one.start()
    for one in alerters:
        one.join()
    assert sorted(map(str, made)) == sorted(["held", str(Round({"OPS": 1}, {}))])
    assert sent.taken() == [("OPS", "1 new")]


def test_a_record_that_cannot_be_read__is_set_aside_and_all_is_told_again(home: Home, after: After) -> None:
    after(0, BLIND)
    memory_file(home).write_text("{")
    assert after(5, BLIND) == [("OPS", "1 new")]
    assert damaged_file(home).read_text() == "{"


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server's memory, and its port."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_a_webhook_and_a_mail__arrive(
    home: Home, hook: Receiver, mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = mailbox
    monkeypatch.setenv("OPS", f"json://{hook.address}/T0/token-of-the-hook")
    monkeypatch.setenv("NEWS", f"mailto://127.0.0.1:{port}/?from=a@example.org&to=b@example.org&mode=insecure")
    assert one_round(home, NOW, [replace(BLIND, channel="newsroom")], {}).told == {"OPS": 1, "NEWS": 1}
    assert hook.posted[0]["title"] == "AI policy tracker: 1 new"
    assert "GOV.UK had no *good* look." in hook.posted[0]["message"]
    [(recipients, content)] = box.got
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert (recipients, mail["Subject"]) == (["b@example.org"], "AI policy tracker: 1 new")
    assert "GOV.UK had no *good* look." in body.get_content()


def test_a_webhook_that_fails__is_refused_and_no_secret_is_told(
    home: Home, hook: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hook.status = 500
    monkeypatch.setenv("OPS", f"json://user:password-of-the-hook@{hook.address}/T0/token-of-the-hook")
    url = "https://127.0.0.1:9/token-of-the-heartbeat"
    made = one_round(home, NOW, [BLIND], {heartbeat.HEARTBEAT_VARIABLE: url})
    assert made.refused == {"OPS": "OPS: the other end did not confirm it"}
    kept = "".join(path.read_text() for path in home.alerts.iterdir())
    assert not any(secret in f"{kept}{caplog.text}{made}" for secret in ("password-of", "token-of", hook.address))
    hook.status = 200
    assert one_round(home, NOW + timedelta(minutes=5), [BLIND], {}).told == {"OPS": 1}


def test_a_variable_without_an_address__is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPS", raising=False)
    assert "set it" in one_round(home, NOW, [BLIND], {}).refused["OPS"]
    monkeypatch.setenv("OPS", "no address")
    refused = one_round(home, NOW + timedelta(minutes=5), [BLIND], {}).refused["OPS"]
    assert "expected an address in the form of apprise" in refused
    assert "no address" not in refused


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("default: operators\n[", "line 2: expected YAML"),
        ("channels: {operators: [OPS]}", "default: expected the name of a channel; got nothing"),
        ("{default: nobody, channels: {operators: [OPS]}}", "expected default to be one of operators, got 'nobody'"),
        ("{default: operators, channels: {operators: []}}", "with a list of at least one variable; got something else"),
        (
            "{default: operators, channels: {operators: [OPS]}, chanels: {}}",
            "expected one of the keys default, channels",
        ),
        (
            "{default: operators, channels: {operators: ['json://host/token']}}",
            r"line 1: channels\.\*\.\*: expected the name of a variable",
        ),
        ("{default: operators, channels: {'json://host/token': [OPS]}}", "a name in small letters, digits and hyphens"),
        ("default: x\nchannels:\n  x:\n    - json://host/token\n", "line 4: "),
        ("{default: operators, channels: {operators: [OPS]}, remind_hours: {error: 0}}", r"remind_hours\.error"),
        ("", "the file: expected a mapping with default and channels"),
        ("channels: 2024-99-99", "expected YAML"),
        ("channels: !!int ''", "expected YAML"),
        ("channels: !!bool x", "expected YAML"),
        ("[" * 5_000, "expected YAML"),
    ],
)
def test_a_file_that_says_something_else__is_refused_without_its_words(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "alerts.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadAlertSettings, match=told) as refused:
        read_settings(tmp_path / "alerts.yml")
    assert "see Alerts in docs/operations.md" in str(refused.value)
    assert "token" not in str(refused.value)


def test_a_file__is_read(home: Home, tmp_path: Path) -> None:
    settings = read_settings(home.alerts_settings)
    assert settings is not None
    assert settings.targets == ("OPS", "NEWS")
    assert (settings.remind_hours.error, settings.remind_hours.warning) == (24, 168)
    assert read_settings(tmp_path / "none") is None
    with pytest.raises(BadAlertSettings, match="expected a file that can be read"):
        read_settings(tmp_path)


def test_the_file_that_the_page_shows__can_be_used(tmp_path: Path) -> None:
    [shown] = [block for block in blocks("yaml") if "channels:" in block.text]
    (tmp_path / "alerts.yml").write_text(shown.text, encoding="utf-8")
    settings = read_settings(tmp_path / "alerts.yml")
    assert settings is not None
    assert settings.hears("OPERATORS_CHAT", "operators", "state")
    assert not settings.hears("OPERATORS_CHAT", "newsroom", "state")


def test_the_heartbeat__is_told_to_its_address(home: Home, hook: Receiver, sent: Sent) -> None:
    where = {heartbeat.HEARTBEAT_VARIABLE: f"http://{hook.address}/ping", "OPS": "an address"}
    one_round(home, NOW, [BLIND], where, sent.make)
    beat = heartbeat.read(home)
    assert beat == heartbeat.Beat(at=NOW, standing=1, refusing=(), ping="ok")
    assert hook.asked == ["/ping"]
    hook.status = 503
    one_round(home, NOW, [], where, sent.make)
    one_round(home, NOW, [], {}, sent.make)
    assert hook.asked == ["/ping"] * 2
    beat = heartbeat.read(home)
    assert beat is not None
    assert beat.ping == "none"


@pytest.mark.parametrize(
    ("settings", "address", "why"),
    [
        ("{default: operators, chanels: {operators: [OPS]}}", "json://127.0.0.1:9/", "channels: expected names"),
        ("{default: operators, channels: {operators: [OPS]}}", "", "OPS is not set"),
        ("{default: operators, channels: {operators: [OPS]}}", "json://127.0.0.1:9/", "did not confirm it"),
    ],
)
def test_an_alerter_whom_nobody_hears__gives_no_sign_of_life(
    home: Home, hook: Receiver, monkeypatch: pytest.MonkeyPatch, settings: str, address: str, why: str
) -> None:
    write_whole(home.alerts_settings, settings.encode())
    monkeypatch.setenv("OPS", address)
    monkeypatch.setenv(heartbeat.HEARTBEAT_VARIABLE, f"http://{hook.address}/ping")
    monkeypatch.setattr("pipelines.cli.alerting._now", lambda: NOW)
    one_round(home, NOW, [BLIND], os.environ)
    beat = heartbeat.read(home)
    assert beat is not None
    assert (beat.ping, why in (beat.unheard or ""), hook.asked) == ("withheld", True, [])
    code, output = call(home, "--watch-heartbeat")
    assert (code, why in output) == (1, True)
    home.alerts_settings.unlink()
    one_round(home, NOW, [BLIND], os.environ)
    assert (call(home, "--watch-heartbeat")[0], hook.asked) == (0, ["/ping"]), "nobody wants to be told"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x", "ftp://127.0.0.1/x", "file:///etc/hostname", "http://[", "https://127.0.0.1:9/",
        "https://user:secret@127.0.0.1/x", "https://127.0.0.1/a b",
    ],
)  # fmt: skip
def test_the_heartbeat__goes_out_by_https_alone(address: str) -> None:
    assert not heartbeat.is_taken(address)


def test_the_heartbeat__follows_no_redirect(hook: Receiver) -> None:
    hook.status, hook.location = 302, f"http://{hook.address}/elsewhere"
    assert not heartbeat.is_taken(f"http://{hook.address}/ping")
    assert hook.asked == ["/ping"]


def beat(home: Home, minutes: float, refusing: tuple[str, ...] = ()) -> None:
    heartbeat.beat(home, NOW - timedelta(minutes=minutes), 0, refusing, {})


@pytest.mark.parametrize(("minutes", "is_silent"), [(14, False), (16, True), (None, True)])
def test_silence__is_told_by_the_command(
    home: Home, minutes: float | None, is_silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.cli.alerting._now", lambda: NOW)
    if minutes is not None:
        beat(home, minutes)
    code, output = call(home, "--watch-heartbeat")
    assert (code, "minutes ago" in output) == (int(is_silent), minutes is not None)


def test_a_heartbeat_of_another_user__is_told_in_a_sentence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Home) -> None:
        raise PermissionError(13, "Permission denied", "heartbeat.json")

    monkeypatch.setattr(heartbeat, "read", refuse)
    code, output = call(home, "--watch-heartbeat")
    assert code == 1
    assert output.startswith("Error: heartbeat.json: expected a file that this user may read")


def test_silence__is_a_fault_for_the_doctor_while_the_ui_is_open(home: Home) -> None:
    assert heartbeat.finding(home, NOW).verdict == OK, "nobody was to look"
    with lock(home.ui_lock):
        later = datetime.now(UTC) + timedelta(hours=1)
        assert heartbeat.finding(home, datetime.now(UTC)).verdict == OK, "it has only just been opened"
        found = heartbeat.finding(home, later)
        assert (found.verdict, "no sign of life" in found.said) == (FAIL, True)
        heartbeat.beat(home, later, 0, ("OPS",), {})
        found = heartbeat.finding(home, later)
        assert (found.verdict, found.said.endswith("not taken by OPS")) == (WARN, True)
        heartbeat.beat(home, later, 0, (), {})
        assert heartbeat.finding(home, later).verdict == OK


def test_the_doctor__asks_for_the_heartbeat(home: Home) -> None:
    output = CliRunner().invoke(main, ["--home", str(home.root), "doctor"]).output
    assert "OK    alerts: the alerter has given no sign of life; the UI is not open, so nobody looks" in output


def call(home: Home, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--home", str(home.root), "alerts", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Alert]:
    """What stands, for the command."""
    standing: list[Alert] = []

    def alerts_now(*_: object) -> Sequence[Alert]:
        return standing

    monkeypatch.setattr("pipelines.alerts.state.alerts_now", alerts_now)
    return standing


def test_the_command__lists_what_stands_with_what_to_do(home: Home, shown: list[Alert]) -> None:
    assert call(home) == (0, "no alert stands\n")
    one_round(home, NOW, [replace(BLIND, since=NOW - timedelta(days=1))], {}, Sent().make)
    shown.append(BLIND)
    code, output = call(home)
    assert code == 0, "a warning"
    assert output == (
        "warning source_blind:uk_govuk, since 2026-11-19T12:00:00Z, team:united_kingdom, channel operators\n"
        "        GOV.UK had no *good* look.\n        Look. "
        "https://github.com/aipolicy/aipolicy/blob/main/docs/operations.md#source-blind\n"
    )
    shown.append(OTHER)
    code, output = call(home, "--json")
    assert code == 1
    assert [json.loads(line)["key"] for line in output.splitlines()] == ["source_blind:uk_govuk", "disk_low:state"]


def test_the_command__tests_a_channel(home: Home, hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS", f"json://{hook.address}/")
    monkeypatch.setenv("NEWS", "")
    assert call(home, "--test", "operators") == (0, "OPS: the other end took it\n")
    assert hook.posted[0]["title"] == "AI policy tracker: a test"
    code, output = call(home, "--test", "newsroom")
    assert (code, "NEWS, got none; set it" in output, "OPS: the other end took it" in output) == (1, True, True)
    assert not home.alerts.exists(), "a test is no round"


@pytest.mark.parametrize(
    ("settings", "arguments", "code", "told"),
    [
        (SETTINGS, ["--test", "nobody"], 2, "those of alerts.yml: operators, newsroom"),
        ("[", ["--test", "operators"], 1, "expected YAML"),
        (None, ["--test", "operators"], 1, "expected channels, found no file"),
        (SETTINGS, ["--test", "operators", "--watch-heartbeat"], 2, "exclude each other"),
    ],
)
def test_the_command__refuses(home: Home, settings: str | None, arguments: list[str], code: int, told: str) -> None:
    home.alerts_settings.unlink()
    if settings is not None:
        write_whole(home.alerts_settings, settings.encode())
    found = call(home, *arguments)
    assert (found[0], told in found[1]) == (code, True), found
