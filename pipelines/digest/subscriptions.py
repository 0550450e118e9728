"""Subscriptions: which lines of an issue a reader asked for, and why each of them matched.

Belongs here: the file of subscriptions and what it selects. Does not belong here: sending (pipelines/delivery.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.digest import wording
from pipelines.digest.build import summary
from pipelines.digest.model import AmountLine, ChangeLine, Digest, DueLine, NewLine

Line = TypeVar("Line", NewLine, ChangeLine, DueLine)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Importance = Literal["any", "policies", "binding"]


class BadSubscriptions(ValueError):
    """The file of subscriptions cannot be used."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Smtp(_Strict):
    """The mail server. Its password, where it wants one, is in the environment as AIPOLICY_SMTP_PASSWORD."""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: Text | None = None


class Subscription(_Strict):
    """One reader or group of readers. Empty lists ask for everything."""

    id: Name
    mail: tuple[Text, ...] = ()
    notify: tuple[Variable, ...] = ()
    """Environment variables that hold addresses in the form of apprise: webhooks and chats, which are secrets."""
    tracks: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    include: tuple[Text, ...] = ()
    """Words or phrases, one of which must stand in a line."""
    exclude: tuple[Text, ...] = ()
    """Words or phrases, none of which may."""
    phrase: Text | None = None
    """Words that must stand in a line in this order."""
    minimum: Importance = "any"

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Subscription:
        if not self.mail and not self.notify:
            raise ValueError(f"{self.id}: expected addresses in mail or notify, got none")
        if unknown := sorted(set(self.tracks) - set(wording.TRACKS)):
            raise ValueError(f"{self.id}: expected tracks of {', '.join(wording.TRACKS)}, got {', '.join(unknown)}")
        return self


class Subscriptions(_Strict):
    """The whole file."""

    sender: Text
    unsubscribe: Text
    """Where a reader ends a subscription: an https or mailto address, which stands in every mail."""
    smtp: Smtp | None = None
    subscriptions: tuple[Subscription, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Subscriptions:
        names = [one.id for one in self.subscriptions]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"expected an id once, got {', '.join(twice)} more often")
        if self.smtp is None and any(one.mail for one in self.subscriptions):
            raise ValueError("expected smtp with the mail server's host, since a subscription has mail; got none")
        return self


def read_subscriptions(path: Path) -> Subscriptions:
    """The subscriptions of a YAML file.

    Raises FileNotFoundError without one, BadSubscriptions where it says something else than a file may.
    """
    try:
        return Subscriptions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSubscriptions(f"{path}: expected YAML, got {error}; see docs/readers.md") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadSubscriptions(f"{path}: {where}: {first['msg']}; see docs/readers.md") from error


def selected(digest: Digest, wanted: Subscription) -> Digest:
    """The issue with the lines that a subscription asks for, each with why; looks and totals stay whole."""
    new = tuple(
        replace(group, lines=_selected(group.lines, wanted, _new_text, _new_importance)) for group in digest.new
    )
    changes = _selected(digest.changes, wanted, _change_text, _change_importance)
    documents = {line.document_id for group in new for line in group.lines} | {line.document_id for line in changes}
    kept = {line.anchor for group in new for line in group.lines} | {line.anchor for line in changes}

    def due(lines: Iterable[DueLine]) -> tuple[DueLine, ...]:
        return _selected(lines, wanted, _due_text, _due_importance)

    issue = replace(
        digest,
        subscription=wanted.id,
        new=tuple(group for group in new if group.lines),
        changes=changes,
        top=tuple(line for line in digest.top if line.anchor in kept),
        passed=due(digest.passed),
        coming=due(digest.coming),
        later=due(digest.later),
        ahead=due(digest.ahead),
        lapsing=due(digest.lapsing),
        money=tuple(
            replace(group, lines=lines) for group in digest.money if (lines := _of_documents(group.lines, documents))
        ),
    )
    return replace(issue, summary=summary(issue))


def _of_documents(lines: Iterable[AmountLine], documents: set[str | None]) -> tuple[AmountLine, ...]:
    return tuple(line for line in lines if line.document_id in documents)


def _selected(
    lines: Iterable[Line],
    wanted: Subscription,
    text_of: Callable[[Line], str],
    importance_of: Callable[[Line], Importance],
) -> tuple[Line, ...]:
    found = []
    for line in lines:
        why = _why(line, text_of(line), importance_of(line), wanted)
        if why is not None:
            found.append(replace(line, why=why))
    return tuple(found)


def _why(line: NewLine | ChangeLine | DueLine, text: str, importance: Importance, wanted: Subscription) -> str | None:
    """Why a line matches, in words; None where it does not."""
    levels: tuple[Importance, ...] = ("any", "policies", "binding")
    if levels.index(importance) < levels.index(wanted.minimum) or any(_holds(text, word) for word in wanted.exclude):
        return None
    words = [word for word in wanted.include if _holds(text, word)]
    named = [code for code in wanted.jurisdictions if wording.jurisdiction(code) == line.jurisdiction]
    if (
        (wanted.tracks and line.track not in wanted.tracks)
        or (wanted.jurisdictions and not named)
        or (wanted.include and not words)
        or (wanted.phrase and not _holds(text, wanted.phrase))
    ):
        return None
    reasons = [
        *([f"track {wording.track_title(line.track)}"] if wanted.tracks else []),
        *([f"jurisdiction {line.jurisdiction}"] if named else []),
        *(f"“{word}”" for word in words),
        *([f"“{wanted.phrase}”"] if wanted.phrase else []),
        *([f"importance {wanted.minimum}"] if wanted.minimum != "any" else []),
    ]
    return wording.listing(reasons) if reasons else "everything"


def _holds(text: str, phrase: str) -> bool:
    """Whether words stand in a text in their order, whole, whatever their case and the blanks between them."""
    words = r"\W+".join(re.escape(word) for word in phrase.split())
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def _importance(instrument: str | None, policy_id: str | None) -> Importance:
    if wording.is_binding(instrument):
        return "binding"
    return "policies" if policy_id else "any"


def _new_text(line: NewLine) -> str:
    deeds = (target.title for deed in line.deeds for target in deed.targets)
    return "\n".join((line.what.title, line.abstract or "", line.instrument, *line.agencies, *deeds))


def _new_importance(line: NewLine) -> Importance:
    return _importance(line.instrument_code, line.policy_id)


def _change_text(line: ChangeLine) -> str:
    by = line.by.title if line.by else ""
    return "\n".join((line.what.title, line.verb, by, line.quote or "", line.note or "", line.instrument))


def _change_importance(line: ChangeLine) -> Importance:
    return _importance(line.instrument_code, line.policy_id)


def _due_text(line: DueLine) -> str:
    return "\n".join((line.what.title, line.label, line.instrument, *line.agencies))


def _due_importance(line: DueLine) -> Importance:
    return _importance(line.instrument_code, line.policy_id)
