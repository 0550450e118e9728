"""The history of one document as decided: what its source said, and from when on what people decided.

Pure: versions and decisions in, versions out, in the order of the moments at which they were seen or decided. Numbers
follow that order, whatever was loaded first, so a rebuild counts as the first build did. Belongs here: that order. Does
not belong here: tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from scrapers.contracts import PolicyDocument


@dataclass(frozen=True)
class Place:
    """The answer that a version was read from."""

    crawl_id: str
    fetch_id: str
    fetched_url: str
    payload_sha256: str
    warc_file: str
    warc_offset: int


@dataclass(frozen=True)
class Version:
    """One version of a document."""

    content_sha256: str
    change_origin: str
    is_history: bool
    first_seen_at: datetime
    place: Place
    source_version_no: int | None = None
    """That of the source; None of one that the source's own rows do not hold."""
    document: PolicyDocument | None = None
    """What it says where that is not what the source's rows say."""
    override_id: str | None = None


Amend = Callable[[Version, Mapping[str, Any]], PolicyDocument]
"""The document of a version of the source with other fields."""


@dataclass(frozen=True)
class Act:
    """A decision that brings a document, or amends what its source says of it."""

    override_id: str
    decided_at: datetime
    brings: Version | None = None
    amends: Mapping[str, Any] = field(default_factory=dict)
    faulty: frozenset[int] = frozenset()
    """Versions of the source that show the fault which was decided about."""


def arranged(versions: Iterable[Version], acts: Iterable[Act], amend: Amend) -> list[Version]:
    """All versions, the oldest first; an act that finds nothing to change leaves none."""
    events: list[tuple[datetime, int, Version | Act]] = [
        *((version.first_seen_at, 0, version) for version in versions),
        *((act.decided_at, 1, act) for act in acts),
    ]
    told: list[Version] = []
    standing: Version | None = None
    known: list[Act] = []
    for moment, _, event in sorted(events, key=lambda one: (one[0], one[1], _tie(one[2]))):
        if isinstance(event, Version) or event.brings is not None:
            standing = event if isinstance(event, Version) else event.brings
        else:
            known.append(event)
        if standing is None:
            continue
        says = _amended(standing, known, amend)
        if isinstance(event, Act) and event.brings is None:
            if says is standing or not _is_about(event, standing):
                continue
            says = replace(says, change_origin="override", is_history=False, first_seen_at=moment)
        if told and told[-1].override_id is not None and told[-1].content_sha256 == says.content_sha256:
            continue
        told.append(says)
    return told


def _amended(standing: Version, known: Sequence[Act], amend: Amend) -> Version:
    """A version of the source with all that is decided about faults which it shows."""
    acts = [act for act in known if _is_about(act, standing)]
    if not acts:
        return standing
    fields = {name: value for act in acts for name, value in act.amends.items()}
    document = amend(standing, fields)
    return replace(
        standing, document=document, content_sha256=document.content_sha256, override_id=acts[-1].override_id
    )


def _is_about(act: Act, version: Version) -> bool:
    return version.source_version_no is not None and version.source_version_no in act.faulty


def _tie(event: Version | Act) -> str:
    return event.override_id if isinstance(event, Act) else f"{event.source_version_no:09}"
