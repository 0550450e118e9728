"""Delivery of issues by mail, webhook and chat: each at most once an issue, also when the sender dies in between.

What is sent is made before anything is recorded, so that a fault in the settings is none of the sending. Then a file
says that it is being sent; after it, that it was. What is found half done is never sent again by itself, since nobody
can know whether it arrived; it is told, and may be sent again by name. What certainly was not sent stays on record with
the times it was tried, until it is sent or nobody asks for it any more. Two senders take turns by a lock.

Belongs here: sending, and the record of it. Does not belong here: what is in an issue (pipelines/digest).
"""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from pipelines.digest.build import issue_of
from pipelines.digest.chat import MAX_CHARS, chat_title, to_chat
from pipelines.digest.known import last_look
from pipelines.digest.mail import to_mail
from pipelines.digest.model import Digest, Week
from pipelines.digest.subscriptions import Smtp, Subscription, Subscriptions, is_due, read_subscriptions, selected
from pipelines.home import Home
from pipelines.notify import MaybeSent, NotSent, Send, notification
from scrapers.durable import write_whole
from scrapers.locks import lock

PASSWORD_VARIABLE = "AIPOLICY_SMTP_PASSWORD"  # noqa: S105  # the name of a variable is no secret
SECONDS = 60.0
_AS_WRITTEN = policy.SMTP.clone(refold_source="none")
"""An address in a header that is folded anew is none any more."""
_HALF_DONE = "it may have been sent and is not sent again by itself; to do so name the subscription with --again"


@dataclass(frozen=True)
class Delivery:
    """What became of one issue for one address."""

    subscription: str
    channel: str
    """mail or notify"""
    address: str
    """A mail address, or the name of the variable that holds an address."""
    outcome: str
    """sent, already_sent, nothing_matched, failed, or unknown where it may have been sent."""
    reason: str | None = None


def deliver_week(
    edition: Path,
    week: str,
    home: Home,
    file: Path,
    *,
    looks: Path | None = None,
    again: frozenset[str] = frozenset(),
) -> Iterator[Delivery]:
    """Send the issue of a week to the subscriptions of a file.

    Raises FileNotFoundError without file or edition, BadSubscriptions and WeekError where they say something else than
    they may, and ValueError for a week that was not looked at to its end: part of it would be sent in place of it.
    """
    wanted = read_subscriptions(file)
    if unknown := sorted(again - {one.id for one in wanted.subscriptions}):
        raise ValueError(f"expected subscriptions of {file}, got {', '.join(unknown)}")
    asked, looked = Week.parse(week), last_look(edition, looks).date()
    if looked <= asked.until:
        raise ValueError(f"expected a week that was looked at to its end, got {week}, last looked at on {looked}")
    issue, _ = issue_of(edition, asked, None, home.digests, looks)
    yield from deliver(issue, wanted, home.deliveries / week, again=again)


def deliver(
    digest: Digest, wanted: Subscriptions, folder: Path, *, again: frozenset[str] = frozenset()
) -> Iterator[Delivery]:
    """Send an issue to all subscriptions; ``folder`` keeps the record of the issue's deliveries.

    Subscriptions named in ``again`` are sent also what an earlier sender may have sent, not what is known to be sent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tried = set()
    for subscription in wanted.subscriptions:
        issue = selected(digest, subscription)
        for channel, address, make in _sendings(issue, subscription, wanted):
            if not is_due(issue, subscription):
                yield Delivery(subscription.id, channel, address, "nothing_matched")
                continue
            record = folder / f"{subscription.id}-{_digest(channel, address)}.json"
            with lock(folder / ".lock"):
                tried.add(record)
                outcome, reason = _once(record, make, is_forced=subscription.id in again)
            yield Delivery(subscription.id, channel, address, outcome, reason)
    _forget(folder, tried)


def _sendings(
    issue: Digest, subscription: Subscription, wanted: Subscriptions
) -> Iterator[tuple[str, str, Callable[[], Send]]]:
    for address in subscription.mail:
        yield "mail", address, partial(_mail, issue, wanted, address)
    for variable in subscription.notify:
        yield "notify", variable, partial(_notification, issue, variable)


def _once(record: Path, make: Callable[[], Send], *, is_forced: bool) -> tuple[str, str | None]:
    """Make and send unless a record says that it was or may have been sent."""
    known = _record(record) if record.exists() else {}
    if known.get("state") == "sent":
        return "already_sent", None
    if known.get("state") == "sending" and not is_forced:
        return "unknown", _HALF_DONE
    failed = orjson.dumps({"state": "failed", "tries": known.get("tries", 0) + 1})
    try:
        send = make()
    except NotSent as error:
        if known.get("state") != "sending":  # what may have been sent stays known as that
            write_whole(record, failed)
        return "failed", str(error)
    write_whole(record, orjson.dumps({"state": "sending"}))
    try:
        send()
    except NotSent as error:
        write_whole(record, failed)
        return "failed", str(error)
    except MaybeSent as error:
        return "unknown", f"{error}; {_HALF_DONE}"
    write_whole(record, orjson.dumps({"state": "sent"}))
    return "sent", None


def half_sent(folder: Path) -> list[str]:
    """The subscriptions of an issue's deliveries that were begun and of which nobody knows whether they arrived."""
    return [_subscription(path) for path, _ in _records(folder, "sending")]


@dataclass(frozen=True)
class NotDelivered:
    """An issue that certainly did not reach all who ask for it."""

    week: str
    subscriptions: tuple[str, ...]
    tries: int
    """Of what was tried least often."""
    last_at: datetime


def not_sent(deliveries: Path) -> list[NotDelivered]:
    """The issues with deliveries that failed and were not made good, by their weeks."""
    found = []
    for folder in sorted(deliveries.glob("*/")):
        failed = _records(folder, "failed")
        if failed:
            who = tuple(dict.fromkeys(_subscription(path) for path, _ in failed))
            last_at = datetime.fromtimestamp(max(path.stat().st_mtime for path, _ in failed), UTC)
            found.append(NotDelivered(folder.name, who, min(record["tries"] for _, record in failed), last_at))
    return found


def _records(folder: Path, state: str) -> list[tuple[Path, dict[str, Any]]]:
    """The records of an issue's deliveries that are in a state."""
    read = [(path, _record(path)) for path in sorted(folder.glob("*.json"))]
    return [(path, record) for path, record in read if record["state"] == state]


def _record(path: Path) -> dict[str, Any]:
    """What is known of a delivery; of one whose record cannot be read nobody knows whether it was sent."""
    with suppress(OSError, ValueError):
        record = orjson.loads(path.read_bytes())
        if isinstance(record, dict) and "state" in record:
            return record
    return {"state": "sending"}


def _subscription(record: Path) -> str:
    return record.stem.rpartition("-")[0]


def _forget(folder: Path, tried: Collection[Path]) -> None:
    """Forget failures of addresses that nobody asks for any more."""
    for path in {path for path, _ in _records(folder, "failed")}.difference(tried):
        with lock(folder / ".lock"):
            path.unlink(missing_ok=True)


def _digest(channel: str, address: str) -> str:
    return hashlib.sha256(f"{channel} {address}".encode()).hexdigest()[:16]


def _mail(issue: Digest, wanted: Subscriptions, address: str) -> Send:
    """The issue as a mail; raises NotSent where none can be made of what the subscriptions say."""
    assert wanted.smtp is not None
    try:
        message = to_mail(issue, sender=wanted.sender, recipient=address, unsubscribe=wanted.unsubscribe)
    except ValueError as error:
        raise NotSent(f"no mail can be made: {error}") from error
    return partial(_hand_over, wanted.smtp, message)


def _hand_over(smtp: Smtp, message: bytes) -> None:
    """Hand a message to the mail server.

    Raises NotSent when the server cannot be reached or refuses it, MaybeSent when it was lost while it had the message.
    """
    try:
        server = _connected(smtp)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotSent(
            f"{smtp.host}:{smtp.port} cannot be reached: {error}; look at smtp in the subscriptions"
        ) from error
    try:
        server.send_message(message_from_bytes(message, policy=_AS_WRITTEN))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        raise NotSent(f"{smtp.host}:{smtp.port} refused the mail: {error}") from error
    except OSError as error:
        raise MaybeSent(f"{smtp.host}:{smtp.port} was lost while it had the mail: {error}") from error
    finally:
        server.close()


def _connected(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)
    if smtp.security == "starttls":
        server.starttls(context=context)
    if smtp.user is not None:
        password = os.environ.get(PASSWORD_VARIABLE)
        if password is None:
            server.close()
            raise NotSent(f"expected the password of {smtp.user} in {PASSWORD_VARIABLE}, got none; set it")
        server.login(smtp.user, password)
    return server


def _notification(issue: Digest, variable: str) -> Send:
    """The issue in short for a webhook or chat; raises NotSent when the variable holds no address."""
    return notification(
        variable, chat_title(issue), lambda room: to_chat(issue, min(MAX_CHARS, room)), is_markdown=True
    )
