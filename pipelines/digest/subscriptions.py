"""Subscriptions: which lines of an issue a reader asked for, and why each of them matched.

Belongs here: the file of subscriptions and what it selects. Does not belong here: sending (pipelines/delivery.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.digest import wording
from pipelines.digest.mail import expect_address, expect_unsubscribe
from pipelines.digest.model import ChangeLine, CorrectionLine, Digest, DueLine, NewLine
from pipelines.digest.money import money_of
from pipelines.digest.press import folded, unfold
from pipelines.digest.ranking import top
from pipelines.digest.summary import summary
from pipelines.digest.words import as_actor

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Line = TypeVar("Line", NewLine, ChangeLine, DueLine)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Importance = Literal["any", "policies", "binding"]


def _address(stated: str) -> str:
    expect_address(stated)
    return stated


def _unsubscribe(stated: str) -> str:
    expect_unsubscribe(stated)
    return stated


def _track(stated: str) -> str:
    if stated not in wording.TRACKS:
        raise ValueError(f"expected one of {', '.join(wording.TRACKS)}, got {stated!r}")
    return stated


def _jurisdiction(stated: str) -> str:
    country, dash, part = stated.partition("-")
    if country not in wording.JURISDICTIONS or (dash and not re.fullmatch(r"[A-Z0-9]{1,3}", part)):
        raise ValueError(
            f"expected one of {', '.join(wording.JURISDICTIONS)}, or a part of one such as US-CA, got {stated!r}"
        )
    return stated


Address = Annotated[str, AfterValidator(_address)]
Unsubscribe = Annotated[str, AfterValidator(_unsubscribe)]
Track = Annotated[str, AfterValidator(_track)]
Jurisdiction = Annotated[str, AfterValidator(_jurisdiction)]


_HELP = "see Subscriptions in docs/operations.md"


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
    mail: tuple[Address, ...] = ()
    notify: tuple[Variable, ...] = ()
    """Environment variables that hold addresses in the form of apprise: webhooks and chats, which are secrets."""
    tracks: tuple[Track, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    include: tuple[Text, ...] = ()
    """Words or phrases, one of which must stand in a line."""
    exclude: tuple[Text, ...] = ()
    """Words or phrases, none of which may."""
    phrase: Text | None = None
    """Words that must stand in a line in this order."""
    minimum: Importance = "any"
    quiet_weeks: bool = True
    """Whether an issue comes also when nothing matches: that nothing was found where all was looked at is an answer."""

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Subscription:
        if not self.mail and not self.notify:
            raise ValueError("expected addresses in mail or notify, got none")
        return self


class Subscriptions(_Strict):
    """The whole file."""

    sender: Address
    unsubscribe: Unsubscribe
    """Where a reader ends a subscription: an https or mailto address, which stands in every mail and may name whose it
    is by ``{address}`` and ``{subscription}``."""
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

    Raises FileNotFoundError without one, BadSubscriptions where it says something else than a file may. What may be a
    secret in the wrong place is not repeated.
    """
    try:
        return Subscriptions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = [f"{path}: {_place(one['loc'])}: {_fault(one)}" for one in error.errors()]
        raise BadSubscriptions("\n".join(told) + f"; {_HELP}") from None
    except (yaml.YAMLError, ValueError, LookupError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadSubscriptions(f"{path}{line}: expected YAML in UTF-8, got something else; {_HELP}") from None


def _place(parts: Iterable[int | str]) -> str:
    named = (str(part) if re.fullmatch("[a-z_]{1,20}|[0-9]+", str(part)) else "another key" for part in parts)
    return ".".join(named) or "the file"


_REPEATED = {"minimum", "quiet_weeks", "port", "security"}
"""Keys whose values nobody takes for the place of a password or of an address that is a secret."""


def _fault(error: ErrorDetails) -> str:
    """What was expected and what was got; a rule of ours says both itself."""
    said = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error" or not _REPEATED.intersection(error["loc"]):
        return said
    return f"{said}, got {error['input']!r}"


def is_due(issue: Digest, wanted: Subscription) -> bool:
    """Whether a subscription's issue is sent: it has lines, or quiet weeks are wanted, or a source asked for was blind.

    Silence would say that nothing happened, which nobody knows where nobody could look; and whoever was told something
    hears what was wrong with it.
    """
    # A part of a country has no source of its own.
    named = {wording.jurisdiction(name) for code in wanted.jurisdictions for name in (code, code.partition("-")[0])}
    sources = [source for source in issue.sources if not named or source.jurisdiction in named]
    is_blind = any(source.count("could_not_look") for source in sources) or not any(
        source.checked_days for source in sources
    )
    is_corrected = any(_may_have_told(line, wanted) for line in issue.corrections)
    return wanted.quiet_weeks or is_blind or is_corrected or not issue.is_quiet


def _may_have_told(correction: CorrectionLine, wanted: Subscription) -> bool:
    """Whether a subscription may have got what is corrected: its track and place, where they are known, were wanted."""
    tracks = {wording.track_title(track) for track in wanted.tracks}
    places = {wording.jurisdiction(code) for code in wanted.jurisdictions}
    asked = ((tracks, correction.tracks), (places, correction.jurisdictions))
    return not any(names and told and names.isdisjoint(told) for names, told in asked)


def selected(digest: Digest, wanted: Subscription) -> Digest:
    """The issue with the lines that a subscription asks for, each with why; looks and totals stay whole."""
    new = tuple(replace(group, lines=_selected(group.lines, wanted, digest.words)) for group in unfold(digest.new))
    changes = _selected(digest.changes, wanted, digest.words)
    new = folded(new)

    def due(lines: Iterable[DueLine]) -> tuple[DueLine, ...]:
        return _selected(lines, wanted, digest.words)

    issue = replace(
        digest,
        subscription=wanted.id,
        new=new,
        changes=changes,
        passed=due(digest.passed),
        coming=due(digest.coming),
        later=due(digest.later),
        ahead=due(digest.ahead),
        lapsing=due(digest.lapsing),
        money=money_of(digest.money, (line for group in unfold(new) for line in group.lines), changes),
    )
    issue = replace(issue, top=top(new, changes, issue.due))
    return replace(issue, summary=" ".join(filter(None, (summary(issue), _without_track(digest, wanted)))))


def _without_track(digest: Digest, wanted: Subscription) -> str | None:
    """How many items a subscription of tracks leaves out for want of one alone; None where there are none."""
    if not wanted.tracks:
        return None
    whatever = wanted.model_copy(update={"tracks": ()})
    new = [line for group in unfold(digest.new) for line in group.lines if not line.track]
    changes = [line for line in digest.changes if not line.track]
    left_out = len(_selected(new, whatever, digest.words)) + len(_selected(changes, whatever, digest.words))
    # Only policies have a track.
    told = wording.count(left_out, "item of no track is", "items of no track are")
    return f"{told} left out." if left_out else None


def _selected(lines: Iterable[Line], wanted: Subscription, words: Mapping[str, str]) -> tuple[Line, ...]:
    found = []
    for line in lines:
        why = _why(line, _text(line, words), _importance(line), wanted)
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


def _importance(line: NewLine | ChangeLine | DueLine) -> Importance:
    if wording.is_binding(line.instrument_code):
        return "binding"
    return "policies" if line.policy_id else "any"


def _text(line: NewLine | ChangeLine | DueLine, words: Mapping[str, str]) -> str:
    """What a line says, the words of what it is about, and the names of who acted on it."""
    abouts = [line.policy_id or line.document_id]
    match line:
        case NewLine():
            own = [target.title for deed in line.deeds for target in deed.targets]
        case ChangeLine():
            own = [line.verb, line.by.title if line.by else "", line.quote or "", line.note or ""]
            abouts.append(line.by_policy_id and as_actor(line.by_policy_id))
        case DueLine():
            own = [line.label]
    return "\n".join((line.what.title, line.instrument, *own, *(words.get(about or "", "") for about in abouts)))
