"""All that the site tells of an edition, read once and laid out by policy.

Belongs here: reading and grouping. Does not belong here: SQL (queries.py), what a page says of it (pages.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.digest.known import DATABASE
from pipelines.digest.model import CHECKED, Digest, Week
from pipelines.digest.queries import Row, ask
from pipelines.digest.reader import read_digest
from pipelines.site import queries

COVERAGE_DAYS = 28
CALENDAR_DAYS = 365
"""How far back the calendar tells of days that have passed."""

Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Facts:
    """One edition; rows by policy where a page is about a policy."""

    edition: Row
    digest: Digest
    last_full_week: Digest | None
    """The latest week before that with anything to tell, where the digest's own week has nothing."""
    policies: Mapping[str, Row]
    events: Rows
    acting: Rows
    """Relations by the policy that acts."""
    acted_on: Rows
    """Relations by the policy that is acted on."""
    named_documents: Mapping[str, Row]
    """Documents that are no policy's, by the identifier by which a relation names them."""
    obligations: Rows
    amounts: Sequence[Row]
    money: Rows
    members: Rows
    aliases: Rows
    versions: Sequence[Row]
    policy_versions: Rows
    deadlines: Sequence[Row]
    sources: Sequence[Row]
    coverage: Mapping[str, Mapping[date, Row]]
    looks: Mapping[str, Row]
    quarantined: Mapping[str, int]
    evidence: Mapping[str, Row]
    files: Sequence[str]
    """The edition's other files, by their path in it."""

    @property
    def day(self) -> date:
        """The day of which the edition speaks, UTC."""
        day: date = self.edition["day"]
        return day

    @property
    def changed_versions(self) -> list[Row]:
        """Versions in which something differs from the one before, the latest first."""
        return [row for row in self.versions if row["change_kind"] is not None]


def read_facts(folder: Path) -> Facts:
    """Read an edition's folder.

    Raises FileNotFoundError where it holds no edition.
    """
    database = folder / DATABASE
    if not database.is_file():
        raise FileNotFoundError(
            f"expected an edition with {DATABASE} in {folder}, found none; stage an edition or name its folder"
        )
    with duckdb.connect(str(database), read_only=True) as connection:
        (edition,) = ask(connection, queries.EDITION)
        digest, last_full_week = _weeks(folder, connection, edition["day"])
        return _read(folder, connection, edition, digest, last_full_week)


def _read(
    folder: Path, connection: duckdb.DuckDBPyConnection, edition: Row, digest: Digest, last_full_week: Digest | None
) -> Facts:
    day = edition["day"]
    policies = ask(connection, queries.POLICIES, day=day)
    events = ask(connection, queries.EVENTS)
    relations = ask(connection, queries.RELATIONS)
    obligations = ask(connection, queries.OBLIGATIONS, day=day)
    amounts = ask(connection, queries.AMOUNTS)
    versions = ask(connection, queries.VERSIONS)
    cited = {
        *(row["evidence_id"] for rows in (policies, events, relations, obligations, amounts, versions) for row in rows),
        *(row["status_evidence_id"] for row in policies),
    }
    evidence = ask(connection, queries.EVIDENCE, ids=sorted(one for one in cited if one))
    coverage: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in ask(connection, queries.COVERAGE, since=day - timedelta(COVERAGE_DAYS - 1), until=day):
        coverage[row["source_id"]][row["day"]] = row
    return Facts(
        edition=edition,
        digest=digest,
        last_full_week=last_full_week,
        policies={row["policy_id"]: row for row in policies},
        events=_by("policy_id", events),
        acting=_by("from_policy_id", relations),
        acted_on=_by("to_policy_id", relations),
        named_documents={row["identifier"]: row for row in ask(connection, queries.NAMED_DOCUMENTS)},
        obligations=_by("policy_id", obligations),
        amounts=amounts,
        money=_by("policy_id", amounts),
        members=_by("policy_id", ask(connection, queries.MEMBERS)),
        aliases=_by("policy_id", ask(connection, queries.ALIASES)),
        versions=versions,
        policy_versions=_by("policy_id", versions),
        deadlines=ask(connection, queries.DEADLINES, day=day, since=day - timedelta(CALENDAR_DAYS)),
        sources=ask(connection, queries.SOURCES),
        coverage=coverage,
        looks={row["source_id"]: row for row in ask(connection, queries.LOOKS, checked=CHECKED)},
        quarantined={row["source_id"]: row["records"] for row in ask(connection, queries.QUARANTINED)},
        evidence={row["evidence_id"]: row for row in evidence},
        files=_files(folder),
    )


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            grouped[row[column]].append(row)
    return dict(grouped)


def _weeks(folder: Path, connection: duckdb.DuckDBPyConnection, day: date) -> tuple[Digest, Digest | None]:
    """The digest of the last complete week, and where that has nothing to tell, of the last week that has."""
    monday = day - timedelta(day.weekday() + 7)
    digest = read_digest(folder, _week(monday), None)
    if has_news(digest):
        return digest, None
    for row in ask(connection, queries.WEEKS_WITH_NEWS, before=monday):
        earlier = read_digest(folder, _week(row["monday"]), None)
        if has_news(earlier):
            return digest, earlier
    return digest, None


def has_news(digest: Digest) -> bool:
    """Whether a week brought anything but days that had been set before."""
    return bool(digest.new or digest.changes)


def _week(monday: date) -> Week:
    return Week.parse(f"{monday:%G-W%V}")


def _files(folder: Path) -> list[str]:
    """What stands in the edition beside the site, without what is written about it after the site."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    left_out = ("site", "SHA256SUMS", "AUDIT.json", "quality.html", "quality.json")
    return sorted(path.as_posix() for path in paths if path.parts[0] not in left_out)
