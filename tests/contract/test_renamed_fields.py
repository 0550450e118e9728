"""No name that a source changes, and no block that it drops, changes a document in silence, however deep it stands.

Each key, element and attribute of each fixture is renamed, one path at a time. Then the documents are what they were,
or the change is told: by a refusal, a record or field set aside, a field that is reported as never seen, or a flag.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
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
RENAMES_ALLOWED: dict[str, tuple[str, str]] = {}
"""Paths by source that may change without being told, and why."""
ABSENCES_ALLOWED: dict[str, tuple[str, str]] = {}


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
            body = plain(case.answer.read_bytes())
        except (ValueError, RecursionError, etree.XMLSyntaxError):
            continue
        found = read(slug, body)
        if found is not None and found.documents:
            yield case, body


def sampled(changes: Iterable[Change]) -> list[Change]:
    """All of them, or always the same of many."""
    every = list(changes)
    return every if len(every) <= MOST else sorted(every, key=lambda change: zlib.crc32(change[0].encode()))[:MOST]


@pytest.mark.parametrize("slug", sources())
def test_a_renamed_field_is_told_or_changes_nothing(slug: str) -> None:
    silent = []
    for case, body in readable(slug):
        before = read(slug, body)
        assert before is not None
        for path, changed in sampled(renamed(body)):
            after = read(slug, changed)
            is_told = after is None or bool(after.signs - before.signs)
            if not is_told and after is not None and after.documents != before.documents:
                silent.append(f"{case}: {path}")
    assert [one for one in silent if not _is_allowed(slug, one, RENAMES_ALLOWED)] == []


@pytest.mark.parametrize("slug", sources())
def test_a_missing_block_costs_no_document_its_identity_in_silence(slug: str) -> None:
    silent = []
    for case, body in readable(slug):
        before = read(slug, body)
        assert before is not None
        for path, changed in sampled(without_block(body)):
            after = read(slug, changed)
            is_told = after is None or bool(after.signs - before.signs)
            if not is_told and after is not None and not _keeps(before, after):
                silent.append(f"{case}: {path}")
    assert [one for one in silent if not _is_allowed(slug, one, ABSENCES_ALLOWED)] == []


def _keeps(before: Told, after: Told) -> bool:
    """Whether the documents that are left are what they were; that a list is shorter is told by the source's count."""
    return set(after.identities) <= set(before.identities)


def _is_allowed(slug: str, found: str, allowed: dict[str, tuple[str, str]]) -> bool:
    path = found.partition(": ")[2]
    return slug in allowed and path == allowed[slug][0]
