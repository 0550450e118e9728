"""Closed lists and patterns that column values are held against.

Belongs here: words and formats shared by several suites. The lists of the data model are read from their one home, the
seeds of the dbt project and the registry of sources; a word that a source invents never reaches a published column (it
is kept raw beside a null), so one found there is a fault of ours.
"""

from __future__ import annotations

import csv
from pathlib import Path

from scrapers.contracts import Availability, Depth
from scrapers.registry import identifier_schemes

SEEDS = Path(__file__).parents[1] / "dbt" / "seeds"


def seed(name: str, column: str, **conditions: str) -> tuple[str, ...]:
    """The distinct words in one column of a seed, in rows whose other columns have the values asked for.

    Raises FileNotFoundError without the seed, KeyError without a column and ValueError when no word is left: a list
    without words would let nothing pass, and a check that always fails is soon switched off.
    """
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[key] == value for key, value in conditions.items())]
    words = tuple(sorted({row[column] for row in rows if row[column]}))
    if not words:
        raise ValueError(f"{name}.csv: expected words in column {column}, got none; restore the seed")
    return words


AVAILABILITIES = tuple(sorted(Availability))
DEPTHS = tuple(sorted(Depth))
CHANGE_ORIGINS = ("parser", "source", "vocabulary")
DECIDED_ORIGINS = (*CHANGE_ORIGINS, "override")
"""Of versions in marts, where a correction makes one too."""
VERDICTS = ("accept", "correct", "reject", "undo")
OVERRIDE_STATES = ("applied", "not_applied", "rejected", "superseded", "undo")
COMPLETENESS = ("full", "full_text", "listing")
CADENCES = ("daily", "weekly")
LISTINGS = ("changes", "snapshot", "window")
FETCH_PURPOSES = ("count", "document", "listing", "robots")
COVERAGE_OUTCOMES = ("checked", "checked_nothing_found", "checked_nothing_kept", "could_not_look", "not_asked")
MEMBER_ROLES = ("lead", "member")
MEMBERSHIPS = ("number", "part", "title")
TEXT_DATE_ROLES = ("comment_close", "effective", "mentioned", "signed")
FACETS = ("instrument", "party", "topic")
CONFIDENCES = ("inferred", "official", "stated")
VERIFIED = ("documented", "recorded")

PAST_EVENTS = ("corrected", "filed", "proposed", "published", "signed")
"""Events that have happened once a source reports them; the others may be announced years ahead."""

INSTRUMENTS = seed("instrument", "instrument")
TOPICS = seed("topics", "topic")
TRACKS = seed("track", "track")
STATUSES = seed("status", "status")
EVENTS = seed("event", "event")
RELATIONS = seed("relation", "active_relation")
STATED_RELATIONS = (*seed("relation", "relation"), "other", "part_of")
"""Relations as a source states them, in either direction; ``other`` is one that a note states in free text."""
AMOUNT_KINDS = seed("amount_kind", "kind")
MONEY_KINDS = seed("amount_kind", "kind", is_funding="true")
IDENTIFIER_SCHEMES = tuple(sorted(identifier_schemes()))

PERIODS = r"\AP[0-9YMWDTH]+(?:; P[0-9YMWDTH]+)*\Z"
"""ISO 8601 durations, several parted by "; "."""

# \Z and not $: the latter lets a trailing newline through.
WORDS = r"\A\S(?:[^\r\n]*\S)?\Z"
OVERRIDE_ID = r"\A[0-9a-f]{16}\Z"
SHA256 = r"\A[0-9a-f]{64}\Z"
URL = r"\Ahttps?://[^\s/?#]+"
CRAWL_ID = r"\A[0-9]{8}T[0-9]{12}Z-[0-9a-f]{6}\Z"
SOURCE_ID = r"\A[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z"
DOCUMENT_ID = r"\A[a-z][a-z0-9_-]*:\S+\Z"
POLICY_ID = r"\A[a-z]{2,12}-[A-Za-z0-9._()-]+\Z"
SCHEME = r"\A[a-z][a-z0-9_]*\Z"
POLICY_PREFIX = r"\A[a-z]{2,12}-(?:[a-z0-9]+-)*\Z"
FIELD = r"\A[a-z][a-z0-9_]*\Z"
IDENTIFIER = r"\A[a-z][a-z0-9_-]*:\S(?:[^\r\n]*\S)?\Z"
ALIAS = rf"{IDENTIFIER}|{POLICY_ID}"
PARSER_VERSION = r"\A[a-z][a-z0-9_]*/[0-9]+\Z"
WARC_FILE = r"\A(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.warc(?:\.gz)?\Z"
FETCH_OUTCOME = r"\A(?:ok|retried|http_error|network_error|forbidden_by_robots|not_asked|refused:[A-Z][A-Za-z]*)\Z"
ERROR_NAME = r"\A[A-Z][A-Za-z]*\Z"
CURRENCY = r"\A[A-Z]{3}\Z"
LANGUAGE = r"\A[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z"
JURISDICTION = r"\A(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|multilateral)\Z"
GOVERNMENT = r"\A[A-Z]{2}\Z"
TIME_ZONE = r"\A(?:UTC|[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)\Z"

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
UNSAFE_TEXT = rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_INVISIBLE}]"
"""Control and invisible characters; read alike by Python and by DuckDB."""
UNSAFE_LINE = rf"[\x00-\x1f\x7f-\x9f{_INVISIBLE}]"
"""The same for texts of one line, where a newline or a tab is out of place as well."""
