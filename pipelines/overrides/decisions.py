"""The record of decisions: a file each, written once, never changed.

A decision names its row by a key that is the same in every crawl and after every replay. The file's name ends with the
hash of what it says, and decisions about one row form a chain, so an edited, lost or foreign file is noticed. Nothing
is loaded until it is put right, since an edition without a decision that somebody made would be another edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AwareDatetime, Field, ValidationError

from pipelines.home import Home, StateRefused
from pipelines.overrides.wording import is_plain
from scrapers.contracts import Contract, content_sha256
from scrapers.durable import write_whole
from scrapers.locks import lock

ID_CHARS = 16
MAX_CHARS = 1_000
"""Of an author's name or a reason."""
Said = Annotated[str, Field(min_length=1, max_length=MAX_CHARS)]
Verdict = Literal["accept", "correct", "reject", "undo"]


class DecisionsRefused(StateRefused):
    """A file of a decision is not what was written; the message names it and what to do."""


class NotDecided(Exception):
    """A decision that cannot be taken; the message says what was expected and what to do."""


class Decision(Contract):
    """What somebody decided about one quarantined row."""

    record_key: str
    source_id: str
    item: str
    """The document or the place in answers that the row is about."""
    error: str
    body_sha256: str
    """Hash of what the source said."""
    verdict: Verdict
    fields: dict[str, Any] = Field(default_factory=dict)
    """Fields of the document that a correction states, as JSON."""
    author: Said
    reason: Said
    decided_at: AwareDatetime
    supersedes: str | None = None
    """The decision about the same row that this one takes the place of."""

    @property
    def names(self) -> Mapping[str, str]:
        """What tells the row that it is about."""
        return self.model_dump(include={"record_key", "source_id", "item", "error", "body_sha256"})

    @property
    def override_id(self) -> str:
        """Hash of all that it says."""
        return content_sha256(self.model_dump(mode="json"))[:ID_CHARS]

    @property
    def file_name(self) -> str:
        """Sorts by time."""
        return f"{self.decided_at:%Y%m%dT%H%M%S%fZ}-{self.override_id}.json"


def read_decisions(home: Home) -> list[Decision]:
    """All decisions, the oldest first.

    Raises DecisionsRefused for a file that is not what was written, and for one that lacks the decision before it.
    """
    decisions = [_read(home, name) for name in sorted(path.name for path in home.overrides.glob("[!.]*.json"))]
    _require_chains(home, decisions)
    return decisions


def in_force(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each row, by the row's key; what was undone holds no more."""
    chains = _last(decisions)
    return {key: last for key, last in chains.items() if last.verdict != "undo"}


def decide(
    home: Home,
    about: Mapping[str, str],
    verdict: Verdict,
    author: str,
    reason: str,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
) -> Decision:
    """Write a decision about a row, which is told by what every decision holds of its row (`names`)."""
    (decision,) = decide_each(home, [about], verdict, author, reason, now, fields)
    return decision


def decide_each(
    home: Home,
    abouts: Sequence[Mapping[str, str]],
    verdict: Verdict,
    author: str,
    reason: str,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
) -> list[Decision]:
    """Write the same decision about each of several rows, or none where one of them cannot be decided so.

    Two deciders take turns, and the second is told of the first. Raises NotDecided for a row that is decided already,
    or an undo where nothing is; DecisionsRefused when what was decided before cannot be read.
    """
    for what, said in (("author", author), ("reason", reason)):
        if not said.strip() or len(said) > MAX_CHARS or not is_plain(said):
            raise NotDecided(
                f"{what}: expected 1 to {MAX_CHARS:,} characters on one line without control characters, got "
                f"{said[:80]!r}; say it in plain words"
            )
    with lock(home.root / "locks" / "overrides.lock"):
        last = _last(read_decisions(home))
        for about in abouts:
            _require_turn(last.get(about["record_key"]), verdict, about["record_key"], now)
        decisions = [
            Decision(
                **about,
                verdict=verdict,
                fields=dict(fields or {}),
                author=author.strip(),
                reason=reason.strip(),
                decided_at=now,
                supersedes=last[about["record_key"]].override_id if about["record_key"] in last else None,
            )
            for about in abouts
        ]
        for decision in decisions:
            write_whole(
                home.overrides / decision.file_name,
                orjson.dumps(decision.model_dump(mode="json"), option=orjson.OPT_INDENT_2) + b"\n",
            )
    return decisions


def _require_turn(last: Decision | None, verdict: Verdict, key: str, now: datetime) -> None:
    is_decided = last is not None and last.verdict != "undo"
    if verdict == "undo" and not is_decided:
        raise NotDecided(
            f"{key}: expected a decided row, got one about which nothing holds; see: aipolicy quarantine list"
        )
    if verdict != "undo" and last is not None and is_decided:
        raise NotDecided(
            f"{key}: expected an undecided row, got one that {last.author} decided at {last.decided_at:%Y-%m-%d %H:%M} "
            f"({last.verdict}: {last.reason}); take that back first: aipolicy quarantine undo {key}"
        )
    if last is not None and now <= last.decided_at:
        raise NotDecided(
            f"{key}: expected a moment after the last decision, {last.decided_at:%Y-%m-%d %H:%M:%S}, got "
            f"{now:%Y-%m-%d %H:%M:%S}; set the clock: aipolicy doctor"
        )


def _read(home: Home, name: str) -> Decision:
    path = home.overrides / name
    try:
        decision = Decision.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise DecisionsRefused(f"{path}: expected a decision, got at {where}: {fault['msg']}; {_MEND}") from error
    if decision.file_name != name:
        raise DecisionsRefused(
            f"{path}: expected what was written under {decision.file_name}, got another name; {_MEND}"
        )
    return decision


def _require_chains(home: Home, decisions: Iterable[Decision]) -> None:
    """Each decision about a row stands on the one before it, and no two on the same."""
    last: dict[str, str | None] = {}
    for decision in decisions:
        before = last.get(decision.record_key)
        if decision.supersedes != before:
            raise DecisionsRefused(
                f"{home.overrides / decision.file_name}: expected it to follow {before or 'no decision'}, got one that "
                f"follows {decision.supersedes or 'no decision'}; {_MEND}"
            )
        last[decision.record_key] = decision.override_id


def _last(decisions: Iterable[Decision]) -> dict[str, Decision]:
    return {decision.record_key: decision for decision in decisions}


_MEND = "restore the folder from a copy (aipolicy restore); nothing is loaded until then, and nothing was deleted"
