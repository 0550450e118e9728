"""Delivery: to real servers on loopback, each issue at most once, whatever dies in between."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import duckdb
import pytest
from aiosmtpd.controller import Controller

from pipelines import delivery
from pipelines.delivery import Delivery, deliver, deliver_week, half_sent, not_sent
from pipelines.digest.chat import to_chat
from pipelines.digest.known import last_look
from pipelines.digest.model import CorrectionLine, Digest, Reference, Week
from pipelines.digest.proof import Line
from pipelines.digest.reader import read_digest
from pipelines.digest.render import escape_markdown
from pipelines.digest.subscriptions import (
    BadSubscriptions,
    Smtp,
    Subscription,
    Subscriptions,
    read_subscriptions,
    selected,
)
from pipelines.digest.wording import JURISDICTIONS
from pipelines.digest.words import as_actor
from pipelines.home import Home
from pipelines.notify import MaybeSent
from scrapers.registry import sources
from tests.unit.edition_fixture import make_edition

WEEK = Week.parse("2026-W40")


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    return read_digest(make_edition(tmp_path_factory.mktemp("edition") / "e1", crowd=0), WEEK, None)


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    """A week in which GOV.UK could not be looked at."""
    edition = make_edition(tmp_path_factory.mktemp("blind") / "e1", crowd=0)
    return read_digest(edition, Week.parse("2026-W43"), None)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    """A week of hostile titles, one of which calls everybody."""
    edition = make_edition(tmp_path_factory.mktemp("hostile") / "e1", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("update documents set title = title || ' @everyone'")
        connection.execute("update policies set title = title || ' @everyone'")
    return read_digest(edition, Week.parse("2026-W42"), None)


class Mailbox:
    """A mail server's memory; `answer` is what it says to a message."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], bytes]] = []
        self.answer = "250 taken"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the server's own name for it
        if self.answer.startswith("250"):
            self.got.append((envelope.rcpt_tos, envelope.content))
        return self.answer


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Smtp]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, Smtp(host="127.0.0.1", port=port, security="none")
    controller.stop()


class Hook(BaseHTTPRequestHandler):
    got: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        Hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.got.clear()
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def wanted(smtp: Smtp | None = None, **subscription: Any) -> Subscriptions:
    one = Subscription.model_validate({"id": "readers", **subscription})
    return Subscriptions(
        sender="AI policy <digest@example.org>",
        unsubscribe="mailto:digest@example.org?subject=unsubscribe",
        smtp=smtp,
        subscriptions=(one,),
    )


def outcomes(made: Iterator[Delivery]) -> list[str]:
    return [one.outcome for one in made]


def test_a_mail__arrives_once_with_its_unsubscribe_line(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    asked = wanted(smtp, mail=["a@example.org", "b@example.org"])
    assert outcomes(deliver(issue, asked, tmp_path)) == ["sent", "sent"]
    assert outcomes(deliver(issue, asked, tmp_path)) == ["already_sent", "already_sent"]
    assert [recipients for recipients, _ in box.got] == [["a@example.org"], ["b@example.org"]]
    message = message_from_bytes(box.got[0][1], policy=policy.default)
    assert message["List-Unsubscribe"] == "<mailto:digest@example.org?subject=unsubscribe>"
    body = message.get_body(("plain",))
    assert body is not None
    assert "mailto:digest@example.org?subject=unsubscribe" in body.get_content()


def test_an_address_to_leave_by__is_sent_as_one_however_long(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    asked = wanted(smtp, mail=["firstname.lastname@department.example.org"])
    asked = asked.model_copy(
        update={"unsubscribe": "https://news.example.org/unsubscribe?reader={address}&from=digest"}
    )
    assert outcomes(deliver(issue, asked, tmp_path)) == ["sent"]
    address = b"https://news.example.org/unsubscribe?reader=firstname.lastname%40department.example.org&from=digest"
    assert b"<" + address + b">" in box.got[0][1]


def test_a_mail__refused_by_the_server_may_be_tried_again(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    asked = wanted(smtp, mail=["a@example.org"])
    box.answer = "451 later"
    [failed] = deliver(issue, asked, tmp_path)
    assert (failed.outcome, "refused" in (failed.reason or "")) == ("failed", True)
    box.answer = "250 taken"
    assert outcomes(deliver(issue, asked, tmp_path)) == ["sent"]
    assert len(box.got) == 1


def test_a_server_that_is_not_there__is_told_and_others_are_served(
    issue: Digest, hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_CHAT", hook)
    asked = wanted(Smtp(host="127.0.0.1", port=9, security="none"), mail=["a@example.org"], notify=["TEAM_CHAT"])
    made = list(deliver(issue, asked, tmp_path))
    assert [one.outcome for one in made] == ["failed", "sent"]
    assert "cannot be reached" in (made[0].reason or "")
    assert Hook.got[0]["title"] == "AI policy, week 40 of 2026 (28 September to 4 October)"
    assert Hook.got[0]["message"].startswith(str(escape_markdown(issue.summary)))


@pytest.mark.parametrize(
    ("scheme", "limit"),
    [
        ("mmost://127.0.0.1:{port}/abcdefghijklmnop", 4000),
        ("rocket://abcdefghijklmnop/abcdefghijklmnopqrst@127.0.0.1:{port}/#room", 1000),
    ],
)
def test_a_chat__gets_the_issue_in_short_within_its_limit(
    hostile: Digest, hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, limit: int
) -> None:
    monkeypatch.setenv("TEAM_CHAT", scheme.format(port=urlsplit(hook).port))
    issue = replace(hostile, site="https://example.org/site/")
    assert outcomes(deliver(issue, wanted(notify=["TEAM_CHAT"]), tmp_path)) == ["sent"]
    [got] = Hook.got
    assert "AI policy, week 42 of 2026" in json.dumps(got)
    text = next(value for name, value in got.items() if name in ("text", "message"))
    assert len(text) <= limit
    assert f"<{issue.top[0].what.url}>" in text
    assert "<https://example.org/site/>" in text
    assert "@" not in text
    assert "[x](" not in text


def test_a_long_issue__keeps_whole_items_in_a_chat(issue: Digest) -> None:
    whole = to_chat(issue, 100_000)
    for limit in range(200, len(whole) + 1, 7):
        short = to_chat(issue, limit)
        assert len(short) <= limit
        assert whole.startswith(short) or short.endswith("…")
    assert whole.count("<http") == len(issue.top)


def test_what_was_not_sent__is_on_record_until_it_is_sent_or_nobody_wants_it(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    folder = tmp_path / "2026-W40"
    asked = wanted(smtp, mail=["a@example.org"])
    box.answer = "451 not now"
    for tries in (1, 2):
        assert outcomes(deliver(issue, asked, folder)) == ["failed"]
        (found,) = not_sent(tmp_path)
        assert (found.week, found.subscriptions, found.tries) == ("2026-W40", ("readers",), tries)
    assert half_sent(folder) == []
    box.answer = "250 taken"
    assert outcomes(deliver(issue, asked, folder)) == ["sent"]
    assert not_sent(tmp_path) == []
    box.answer = "451 not now"
    assert outcomes(deliver(issue, wanted(smtp, mail=["b@example.org"]), folder)) == ["failed"]
    assert outcomes(deliver(issue, asked, folder)) == ["already_sent"]
    assert not_sent(tmp_path) == [], "nobody wants it any more"


@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b'{"state": "se'])
def test_a_record_that_cannot_be_read__is_of_what_may_have_been_sent(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, damage: bytes
) -> None:
    _, smtp = mailbox
    folder, asked = tmp_path / "2026-W40", wanted(smtp, mail=["a@example.org"])
    assert outcomes(deliver(issue, asked, folder)) == ["sent"]
    (record,) = folder.glob("*.json")
    record.write_bytes(damage)
    assert not_sent(tmp_path) == []
    assert half_sent(folder) == ["readers"]
    assert outcomes(deliver(issue, asked, folder)) == ["unknown"]


def test_a_sender_that_dies_while_sending__never_sends_twice(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, smtp = mailbox
    asked = wanted(smtp, mail=["a@example.org"])
    send = delivery._hand_over

    def send_and_die(*arguments: Any) -> None:
        send(*arguments)
        raise SystemExit

    monkeypatch.setattr(delivery, "_hand_over", send_and_die)
    with pytest.raises(SystemExit):
        list(deliver(issue, asked, tmp_path))
    monkeypatch.setattr(delivery, "_hand_over", send)
    [one] = deliver(issue, asked, tmp_path)
    assert (one.outcome, "--again" in (one.reason or "")) == ("unknown", True)
    assert len(box.got) == 1
    assert outcomes(deliver(issue, asked, tmp_path, again=frozenset({"readers"}))) == ["sent"]
    assert len(box.got) == 2


def test_sending_again__reaches_only_whom_nothing_is_known_to_have_reached(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, smtp = mailbox
    asked = wanted(smtp, mail=["a@example.org", "b@example.org", "c@example.org"])
    send = delivery._hand_over

    def lose_one(server: Smtp, message: bytes) -> None:
        if b"To: b@example.org" in message:
            raise MaybeSent("lost")
        send(server, message)

    monkeypatch.setattr(delivery, "_hand_over", lose_one)
    assert outcomes(deliver(issue, asked, tmp_path)) == ["sent", "unknown", "sent"]
    monkeypatch.setattr(delivery, "_hand_over", send)
    again = frozenset({"readers"})
    assert outcomes(deliver(issue, asked, tmp_path, again=again)) == ["already_sent", "sent", "already_sent"]
    assert outcomes(deliver(issue, asked, tmp_path, again=again)) == ["already_sent"] * 3
    assert [recipients for recipients, _ in box.got] == [[f"{who}@example.org"] for who in "acb"]


def test_a_connection_lost_with_the_mail__is_not_known_to_be_sent(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, smtp = mailbox

    def lose(*arguments: object) -> None:
        raise ConnectionResetError("reset")

    monkeypatch.setattr("smtplib.SMTP.send_message", lose)
    asked = wanted(smtp, mail=["a@example.org"])
    assert outcomes(deliver(issue, asked, tmp_path)) == ["unknown"]
    assert outcomes(deliver(issue, asked, tmp_path)) == ["unknown"]


@pytest.mark.parametrize("value", ["", "no address"])
def test_a_variable_without_an_address__is_told(
    issue: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("TEAM_CHAT", value)
    [one] = deliver(issue, wanted(notify=["TEAM_CHAT"]), tmp_path)
    assert one.outcome == "failed"
    assert "TEAM_CHAT" in (one.reason or "")


def test_a_password_that_is_missing__is_told_and_nothing_sent(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIPOLICY_SMTP_PASSWORD", raising=False)
    box, smtp = mailbox
    [one] = deliver(issue, wanted(smtp.model_copy(update={"user": "me"}), mail=["a@example.org"]), tmp_path)
    assert (one.outcome, box.got) == ("failed", [])
    assert "AIPOLICY_SMTP_PASSWORD" in (one.reason or "")


def test_a_mail_that_cannot_be_made__is_not_half_sent_and_stops_nobody(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    good = wanted(smtp, mail=["a@example.org"])
    [reader] = good.subscriptions
    unread = reader.model_copy(update={"id": "unread", "mail": ("x@example.org\nBcc: y@example.org",)})
    bad = good.model_copy(update={"subscriptions": (unread, reader)})
    made = list(deliver(issue, bad, tmp_path))
    assert [one.outcome for one in made] == ["failed", "sent"]
    assert "no mail can be made" in (made[0].reason or "")
    mended = good.model_copy(update={"subscriptions": (unread.model_copy(update={"mail": ("x@example.org",)}),)})
    assert outcomes(deliver(issue, mended, tmp_path)) == ["sent"]
    assert [recipients for recipients, _ in box.got] == [["a@example.org"], ["x@example.org"]]


def test_a_host_that_is_no_name__is_told(issue: Digest, tmp_path: Path) -> None:
    [one] = deliver(issue, wanted(Smtp(host="mail..example", port=25), mail=["a@example.org"]), tmp_path)
    assert (one.outcome, "cannot be reached" in (one.reason or "")) == ("failed", True)


def test_two_senders_at_once__send_each_mail_once(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, smtp = mailbox
    addresses = [f"reader-{number}@example.org" for number in range(3)]
    asked = wanted(smtp, mail=addresses)
    both_have_begun = threading.Barrier(2)
    send = delivery._hand_over

    def send_when_the_other_looks(*arguments: Any) -> None:
        # Without a lock the other sender gets here too; with one it waits outside, and nobody comes to the barrier.
        with suppress(threading.BrokenBarrierError):
            both_have_begun.wait(timeout=0.3)
        send(*arguments)

    monkeypatch.setattr(delivery, "_hand_over", send_when_the_other_looks)
    made: list[str] = []
    senders = [threading.Thread(target=lambda: made.extend(outcomes(deliver(issue, asked, tmp_path)))) for _ in "ab"]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert Counter(made) == {"sent": 3, "already_sent": 3}
    assert sorted(recipients[0] for recipients, _ in box.got) == addresses


def test_two_subscriptions_of_one_reader__are_two_messages(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    one = wanted(smtp, mail=["a@example.org"], tracks=["cloud_access"])
    other = wanted(smtp, id="other", mail=["a@example.org"], tracks=["executive_orders"])
    both = one.model_copy(update={"subscriptions": one.subscriptions + other.subscriptions})
    assert outcomes(deliver(issue, both, tmp_path)) == ["sent", "sent"]
    first, second = (message_from_bytes(content, policy=policy.default)["Message-ID"] for _, content in box.got)
    assert first != second


def test_who_asked_for_what_is_not_there__is_told_that_it_is_not(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path
) -> None:
    box, smtp = mailbox
    assert outcomes(deliver(issue, wanted(smtp, mail=["a@example.org"], include=["no such words"]), tmp_path)) == [
        "sent"
    ]
    message = message_from_bytes(box.got[0][1], policy=policy.default)
    assert "0 items, 4 of 4 sources checked" in message["Subject"]
    body = message.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "Of what was asked for, nothing is new, nothing changed" in text
    assert "Nothing this week" not in text


def test_who_wants_no_quiet_weeks__gets_none(issue: Digest, tmp_path: Path) -> None:
    asked = wanted(Smtp(host="127.0.0.1", port=9), mail=["a@example.org"], include=["no such words"], quiet_weeks=False)
    assert outcomes(deliver(issue, asked, tmp_path)) == ["nothing_matched"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("told", "outcome"),
    [({}, "sent"), ({"tracks": ("Export controls",)}, "sent"), ({"tracks": ("Funding",)}, "nothing_matched")],
    ids=["of a track that nobody knows", "of a track asked for", "of another track"],
)
def test_who_wants_no_quiet_weeks__gets_a_correction(
    issue: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, told: dict[str, Any], outcome: str
) -> None:
    line = CorrectionLine(
        "correction-x", "2026-W39", Reference("Act", None), "final rule", "taken_back", (), "Why", **told
    )
    corrected = replace(issue, corrections=(line,))
    asked = wanted(mailbox[1], mail=["a@example.org"], tracks=["export_controls"], phrase="no such", quiet_weeks=False)
    assert outcomes(deliver(corrected, asked, tmp_path)) == [outcome]
    subjects = [message_from_bytes(content, policy=policy.default)["Subject"] for _, content in mailbox[0].got]
    assert all("0 items, 1 correction to earlier issues" in subject for subject in subjects)


@pytest.mark.parametrize(
    ("jurisdiction", "outcome"),
    [("GB", "sent"), ("US", "nothing_matched"), ("US-CA", "nothing_matched"), ("CA", "sent")],
    ids=["its source was blind", "its sources were seen", "those of its country were", "no source of it was looked at"],
)
def test_a_blind_source__is_told_to_whom_it_concerns(
    blind: Digest, mailbox: tuple[Mailbox, Smtp], tmp_path: Path, jurisdiction: str, outcome: str
) -> None:
    box, smtp = mailbox
    asked = wanted(
        smtp, mail=["a@example.org"], jurisdictions=[jurisdiction], include=["no such words"], quiet_weeks=False
    )
    assert outcomes(deliver(blind, asked, tmp_path)) == [outcome]
    for _, content in box.got:
        body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
        assert body is not None
        assert "1 not at all (could not look: GOV.UK)" in " ".join(body.get_content().split())


def test_every_source__is_of_a_jurisdiction_that_can_be_asked_for() -> None:
    assert {config.publisher.jurisdiction for config in sources().values()} <= set(JURISDICTIONS)


def titles(digest: Digest) -> list[str]:
    lines: tuple[Line, ...] = (*digest.new_lines, *digest.changes, *digest.due)
    return sorted({line.what.title for line in lines})


def only(issue: Digest, **subscription: Any) -> Digest:
    return selected(issue, Subscription.model_validate({"id": "x", "mail": ["a@b.c"], **subscription}))


def test_a_week_that_was_not_looked_at_to_its_end__is_not_sent(tmp_path: Path) -> None:
    home, edition = Home(tmp_path), make_edition(tmp_path / "editions" / "e1", crowd=0)
    home.subscriptions.write_text(GOOD, encoding="utf-8")
    running = Week.parse(f"{last_look(edition, None).date():%G-W%V}")
    with pytest.raises(ValueError, match="expected a week that was looked at to its end"):
        list(deliver_week(edition, running.name, home, home.subscriptions))
    assert not home.deliveries.exists()


def test_without_a_wish__everything_matches(issue: Digest) -> None:
    assert titles(only(issue)) == titles(issue)
    assert {line.why for line in only(issue).new_lines} == {"everything"}


def test_a_track__keeps_its_lines_and_says_why(issue: Digest) -> None:
    tracks = {line.track for line in issue.new_lines if line.track}
    for track in tracks:
        lines = only(issue, tracks=[track]).new_lines
        assert lines
        assert {line.track for line in lines} == {track}
        assert all(line.why and line.why.startswith("track ") for line in lines)


def test_a_track__tells_how_many_items_without_one_it_leaves_out(issue: Digest) -> None:
    titles = [line.what.title for line in issue.new_lines if not line.track]
    told = f". {len(titles)} items of no track are left out."
    assert only(issue, tracks=["executive_orders"]).summary.endswith(told)
    one_less = only(issue, tracks=["executive_orders"], exclude=titles[1:]).summary
    assert one_less.endswith(". 1 item of no track is left out.")
    assert "left out" not in only(issue, tracks=["executive_orders"], exclude=titles).summary
    assert "left out" not in only(issue).summary


def test_words__are_whole_and_excluded_ones_win(issue: Digest) -> None:
    [line, *_] = issue.new_lines
    word = max(line.what.title.split(), key=len)
    found = only(issue, include=[word.upper()])
    assert line.what.title in titles(found)
    assert f"“{word.upper()}”" in (found.new_lines[0].why or "")
    assert line.what.title not in titles(only(issue, include=[word], exclude=[word]))
    assert line.what.title not in titles(only(issue, include=[word[:-1]]))


def test_a_phrase__must_stand_in_its_order(issue: Digest) -> None:
    title = next(line.what.title for line in issue.new_lines if len(line.what.title.split()) >= 3)
    words = title.split()
    assert title in titles(only(issue, phrase="  ".join(words[:2])))
    assert title not in titles(only(issue, phrase=f"{words[1]} {words[0]}"))


@pytest.mark.parametrize("name", ["Executive Order 14434", "eo 14434", "91 FR 63129"])
def test_an_official_name__finds_the_item_what_it_did_and_what_follows_it(issue: Digest, name: str) -> None:
    found = only(issue, include=[name])
    [order] = [line for line in found.new_lines if line.policy_id == "us-eo-14434"]
    assert order.why == f"“{name}”"
    assert [line.by_policy_id for line in found.changes] == ["us-eo-14434"]
    under_it = {line.policy_id for line in (*found.new_lines, *found.due)} - {"us-eo-14434"}
    assert under_it == {"us-fr-2026-20100"}, "what implements it, with its deadline"
    assert "us-eo-14434" not in {line.policy_id for line in only(issue, exclude=[name]).new_lines}


def test_what_an_actor_says_of_itself__finds_nothing_that_it_acted_on(issue: Digest) -> None:
    [change] = [line for line in issue.changes if line.by_policy_id == "us-eo-14434"]
    known = f"{issue.words[as_actor('us-eo-14434')]} {issue.words[change.policy_id or '']} {change!r}".casefold()
    said = (word.strip(".,").casefold() for word in issue.words["us-eo-14434"].split())
    foreign = [word for word in said if len(word) > 4 and word not in known]
    assert foreign
    for word in foreign:
        assert change.anchor not in {line.anchor for line in only(issue, include=[word]).changes}, word


def test_words__find_and_leave_out_an_item_with_its_deadlines(issue: Digest) -> None:
    def told(of: Digest) -> list[str]:
        lines: tuple[Line, ...] = (*of.new_lines, *of.due)
        return [line.anchor for line in lines if line.policy_id == "us-fr-2026-20100"]

    both = told(issue)
    assert len(both) == 2
    assert told(only(issue, phrase="require cloud providers")) == both, "of its abstract, which no deadline shows"
    assert told(only(issue, exclude=["require cloud providers"])) == []


def test_binding_acts_alone__leave_out_speeches(issue: Digest) -> None:
    binding = only(issue, minimum="binding")
    assert 0 < len(binding.new_lines) < len(issue.new_lines)
    assert {line.instrument_code for line in binding.new_lines} <= {
        "executive_order", "final_rule", "interim_final_rule", "statute", "presidential_memorandum", "proclamation",
        "eu_regulation", "eu_directive", "eu_decision", "secondary_legislation", "omb_memorandum", "treaty",
    }  # fmt: skip


def test_in_short__is_chosen_from_what_a_subscription_asks_for(issue: Digest) -> None:
    some = only(issue, exclude=[issue.top[0].what.title])
    assert issue.top[0].anchor not in {line.anchor for line in some.top}
    assert {line.anchor for line in some.top} == {line.anchor for line in some.new_lines}


def test_looks_and_money__of_what_is_kept_stay(issue: Digest) -> None:
    some = only(issue, minimum="binding")
    assert some.sources == issue.sources
    policies = {line.policy_id for line in some.new_lines}
    lines: tuple[Line, ...] = (*some.new_lines, *some.changes)
    kept = {line.document_id for line in lines}
    money = [line for group in some.money for line in group.lines]
    assert all(line.document_id in kept or line.policy_id in policies for line in money)


GOOD = """
sender: AI policy <digest@example.org>
unsubscribe: https://example.org/unsubscribe
smtp: {host: mail.example.org, user: digest}
subscriptions:
  - {id: export, mail: [a@example.org], tracks: [export_controls], exclude: [speech]}
  - {id: chat, notify: [TEAM_CHAT]}
"""


def test_a_file__is_read(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(GOOD, encoding="utf-8")
    read = read_subscriptions(tmp_path / "s.yml")
    assert [one.id for one in read.subscriptions] == ["export", "chat"]
    assert read.smtp == Smtp(host="mail.example.org", port=587, security="starttls", user="digest")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("tracks: [export_controls]", "tracks: [exports]"), "tracks.0: expected one of .*, got 'exports'"),
        (("exclude: [speech]", "excluded: [speech]"), "excluded"),
        (("id: chat", "id: export"), "expected an id once"),
        (("notify: [TEAM_CHAT]", "tracks: []"), "expected addresses"),
        (("smtp: {host: mail.example.org, user: digest}", ""), "expected smtp"),
        (("notify: [TEAM_CHAT]", "notify: ['json://secret']"), "notify"),
        (("sender:", "sender: ["), "expected YAML"),
        (("exclude: [speech]", "exclude: ['']"), "exclude"),
        (("sender: AI policy <digest@example.org>", "sender: digest"), "sender: expected one address .*, got 'digest'"),
        (("sender: AI policy", 'sender: "AI\\npolicy"'), "YAML|sender: expected one address"),
        (("https://example.org/unsubscribe", "digest@example.org"), "unsubscribe: expected .*, got 'digest@example"),
        (("https://example.org/unsubscribe", "http://example.org/"), "unsubscribe: expected"),
        (
            ("mail: [a@example.org]", "mail: [not an address]"),
            r"mail\.0: expected one address .*, got 'not an address'",
        ),
        (("mail: [a@example.org]", "mail: ['a@x.org, b@x.org']"), r"mail\.0: expected one address"),
        (("mail: [a@example.org]", 'mail: ["a@x.org\\nBcc: b@x.org"]'), r"mail\.0: expected one address"),
        (("mail: [a@example.org]", "mail: ['a@']"), r"mail\.0: expected one address"),
        (("tracks: [export_controls]", "jurisdictions: [USA]"), "jurisdictions.0: expected one of US, .*, got 'USA'"),
        (("tracks: [export_controls]", "jurisdictions: [us]"), "expected one of US, .*, got 'us'"),
        (("tracks: [export_controls]", "jurisdictions: [UK]"), "expected one of US, .*, got 'UK'"),
        (("tracks: [export_controls]", "minimum: high"), "minimum: .*got 'high'"),
    ],
)
def test_a_file_that_says_something_else__is_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    (tmp_path / "s.yml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadSubscriptions, match=told):
        read_subscriptions(tmp_path / "s.yml")


@pytest.mark.parametrize(
    "change",
    [
        ("notify: [TEAM_CHAT]", "notify: ['tgram://123:c4nary']"),
        ("notify: [TEAM_CHAT]", "notify: 'tgram://123:c4nary'"),
        ("mail: [a@example.org]", "mail: ['mailtos://me:c4nary@example.org']"),
        ("https://example.org/unsubscribe", "http://example.org/c4nary"),
        ("user: digest}", "user: digest, password: c4nary}"),
        ("user: digest}", "user: digest, 'json://c4nary': 1}"),
        ("smtp: {host: mail.example.org, user: digest}", "smtp: 'smtps://digest:c4nary@example.org'"),
        ("smtp: {host: mail.example.org, user: digest}", "smtp: {host: [c4nary"),
    ],
)
def test_a_file_with_a_secret_in_it__is_refused_without_it(tmp_path: Path, change: tuple[str, str]) -> None:
    (tmp_path / "s.yml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadSubscriptions) as refused:
        read_subscriptions(tmp_path / "s.yml")
    assert "c4nary" not in str(refused.value)
    assert refused.value.__suppress_context__, "what it was raised from holds the words, and goes to the event log"
