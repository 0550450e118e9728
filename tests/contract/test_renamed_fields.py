"""No name that a source changes, and no block that it drops, changes a document in silence, however deep it stands.

Each key, element and attribute of each fixture is renamed, one path at a time. Then the documents are what they were,
or the change is told: by a refusal, a record or field set aside, a field that is reported as never seen, or a flag.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from lxml import etree

from scrapers.contracts import ParsedAnswer, Refusal
from scrapers.parse import parser_of
from scrapers.registry import sources
from tests.contract.cases import Case, cases_of
from tests.contract.renames import Change, plain, renamed, without_block

MOST = 120
"""Changes of one fixture that are tried; of more, those whose paths have the smallest checksums."""
NOT_SAID = frozenset({"source_fields", "content_sha256", "unread_fields", "text_flags", "parser_version"})
"""What says how a document was read and not what is read of it."""
IDENTITY = ("document_id", "title", "document_type", "published_date")
"""What no document may lose in silence when a block is gone."""
HOLD_NO_NAMES = ("html", "xhtml", "pdf", "csv", "zip")
"""Endings of fixtures without names of fields that could be renamed; what a zip holds, other fixtures hold outright."""
RENAMES_ALLOWED = re.compile(
    # Which elements of a feed are its entries is all that tells one from an empty feed.
    r"(?:ca_news|uk_legislation) /?feed/entry"
    r"|(?:eu_press_corner|int_oecd_ai|us_nist|us_white_house) /rss/channel/item"
)
"""Sources and paths of names that may change without being told."""
ABSENCES_ALLOWED = re.compile(
    # A row has no variable that is not bound, and a notice says what the Cellar knows: neither owes anything.
    r"eu_cellar (?:results/bindings/|/NOTICE/|/Envelope/).*"
    # A consolidated text has no name but its words.
    r"|eu_cellar /CONS\.ACT/.*"
    # An agency in the place of the subject is known by the block that repeats it.
    r"|us_govinfo_fr .*/PREAMB/AGY"
    # A notice that swallowed another is known by the number that the swallowed text ends with.
    r"|us_govinfo_fr /FEDREG/NOTICES/NOTICE/SUPLINF"
    # A bill that has not sat yet has no day.
    r"|uk_parliament_bills (?:items/#/)?currentStage(?:/stageSittings)?"
    # An opportunity that has a forecast and no synopsis is a forecast.
    r"|us_grants_gov data/synopsis"
)
"""Sources and paths of blocks that may be gone without being told."""


@dataclass(frozen=True)
class Told:
    """What is made of an answer, and what is told of it beside."""

    documents: tuple[str, ...]
    identities: tuple[tuple[str, ...], ...]
    signs: frozenset[tuple[str, ...]]
    """Records and fields set aside, fields never seen, and flags."""

    @classmethod
    def of(cls, answer: ParsedAnswer) -> Told:
        return cls(
            documents=tuple(document.model_dump_json(exclude=set(NOT_SAID)) for document in answer.documents),
            identities=tuple(
                tuple(str(getattr(document, field)) for field in IDENTITY) for document in answer.documents
            ),
            signs=frozenset(
                (
                    *((one.where, one.error, one.message) for one in answer.rejected),
                    *(("unread", name) for document in answer.documents for name in document.unread_fields),
                    *((document.document_id, flag) for document in answer.documents for flag in document.text_flags),
                )
            ),
        )


def read(slug: str, body: bytes) -> Told | None:
    """None for an answer that is refused."""
    try:
        return Told.of(parser_of(slug)(body))
    except Refusal:
        return None


def readable(slug: str) -> Iterator[tuple[Case, bytes]]:
    """Fixtures with names that hold documents, as they are written without a change."""
    for case in cases_of(slug):
        if case.answer.suffix.removeprefix(".") in HOLD_NO_NAMES:
            continue
        try:
            body = plain(plain(case.answer.read_bytes()))
        except (ValueError, RecursionError, etree.XMLSyntaxError):
            continue
        found = read(slug, body)
        if found is not None and found.documents:
            yield case, body


def sampled(changes: Iterable[Change]) -> list[Change]:
    """All of them, or always the same of many."""
    every = list(changes)
    return every if len(every) <= MOST else sorted(every, key=lambda change: zlib.crc32(change[0].encode()))[:MOST]


def untold(slug: str, changes: Callable[[bytes], Iterator[Change]]) -> Iterator[tuple[Case, str, Told, Told]]:
    """Changes of a source's fixtures that are read without a refusal and without a sign that was not there before."""
    for case, body in readable(slug):
        before = read(slug, body)
        for path, changed in sampled(changes(body)):
            after = read(slug, changed)
            if before is not None and after is not None and after.signs <= before.signs:
                yield case, path, before, after


@pytest.mark.parametrize("slug", sources())
def test_a_renamed_field_is_told_or_changes_nothing(slug: str) -> None:
    silent = [
        f"{case}: {path}"
        for case, path, before, after in untold(slug, renamed)
        if after.documents != before.documents and not RENAMES_ALLOWED.fullmatch(f"{slug} {path}")
    ]
    assert silent == []


@pytest.mark.parametrize("slug", sources())
def test_a_missing_block_costs_no_document_its_identity_in_silence(slug: str) -> None:
    silent = [
        f"{case}: {path}"
        for case, path, before, after in untold(slug, without_block)
        # That a list is shorter is told by the source's count.
        if not set(after.identities) <= set(before.identities) and not ABSENCES_ALLOWED.fullmatch(f"{slug} {path}")
    ]
    assert silent == []
