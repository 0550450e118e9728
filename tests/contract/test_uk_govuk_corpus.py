"""GOV.UK answers as recorded: every content item is read whole, everything else is refused by name.

The recordings lie beside the project (AIPOLICY_SHARED overrides where); without them these tests skip.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dateutil import parser as dateutil_parser
from lxml import html as lxml_html

from scrapers.contracts import Depth, PolicyDocument, Refusal
from scrapers.families.text import clean
from scrapers.spiders.uk_govuk import parse_answer

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("AIPOLICY_SHARED") or ROOT / ".." / "shared").resolve()
CORPUS = SHARED / "corpus"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*( [+-]\d{4})?")


def recordings(*sources: str) -> list[tuple[str, str]]:
    """Path and kind of every recording of the sources, by the corpus's manifest."""
    manifest = CORPUS / "MANIFEST.tsv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [(row["path"], row["kind"]) for row in rows if row["source"] in sources]
    return [(path, kind) for path, kind in found if (CORPUS / path).exists()]


ITEMS = [path for path, kind in recordings("govuk_content") if "content_item" in kind]
SEARCHES = [path for path, kind in recordings("uk_govuk_search") if kind.startswith("search.json")]
needs_corpus = pytest.mark.skipif(not ITEMS, reason=f"no recordings at {CORPUS}; set AIPOLICY_SHARED to find them")


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a JSON tree that says something, with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{position}")
    elif value is not None and not (isinstance(value, str) and not value.strip()):
        yield path, value


def squeezed(text: str) -> str:
    """Text as compared: cleaned as the parser cleans, without white space."""
    return "".join((clean(text, set()) or "").split())


def utc_second(text: str) -> datetime | None:
    """The instant that a text names, in any of the notations GOV.UK has used."""
    if not _INSTANT.fullmatch(text):
        return None
    return dateutil_parser.parse(text).astimezone(UTC)


class Said:
    """All that a parsed document says, ready to be searched."""

    def __init__(self, document: PolicyDocument) -> None:
        values = [value for _, value in leaves(document.model_dump(mode="json"))]
        texts = [value for value in values if isinstance(value, str)]
        self.scalars = {(type(value), value) for value in values}
        self.text = "\n".join(squeezed(text) for text in texts)
        self.instants = {instant for text in texts if (instant := utc_second(text))}

    def holds(self, value: object) -> bool:
        """Whether a raw value is present: as it is, as the same instant, or as the texts of its HTML."""
        if not isinstance(value, str):
            return (type(value), value) in self.scalars
        if squeezed(value) in self.text or utc_second(value) in self.instants:
            return True
        return "<" in value and all(text in self.text for text in texts_of_html(value))


def texts_of_html(fragment: str) -> list[str]:
    """Texts that a reader of the fragment would see, one an element."""
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    for hidden in root.xpath(".//script | .//style | .//noscript | .//comment()"):
        hidden.drop_tree()
    return [squeezed(text) for text in root.itertext()]


def lost(raw: Any, document: PolicyDocument) -> list[tuple[str, str]]:
    """Values of the raw record that the parsed document does not hold."""
    said = Said(document)
    return [(path, str(value)[:80]) for path, value in leaves(raw) if not said.holds(value)]


def is_links_only(raw: Any) -> bool:
    """Whether a payload is a publisher's set of links, not content."""
    return isinstance(raw, dict) and set(raw) <= {"links", "previous_version"}


@needs_corpus
@pytest.mark.parametrize("path", ITEMS)
def test_a_recorded_content_item_is_read_whole_or_refused_by_name(path: str) -> None:
    body = (CORPUS / path).read_bytes()
    raw = json.loads(body)
    if is_links_only(raw):
        with pytest.raises(Refusal) as refused:
            parse_answer(body)
        assert refused.type.__name__ == "NotADocument"
        return
    records = raw if isinstance(raw, list) else [raw]
    answer = parse_answer(body)
    assert not answer.rejected
    assert len(answer.documents) == len(records)
    for record, document in zip(records, answer.documents, strict=True):
        assert lost(record, document) == []
        assert document.unread_fields == ()
        assert document.depth is Depth.FULL


@needs_corpus
@pytest.mark.parametrize("path", ITEMS)
def test_housekeeping_does_not_change_the_hash_of_a_recorded_item(path: str) -> None:
    body = (CORPUS / path).read_bytes()
    raw = json.loads(body)
    if is_links_only(raw) or isinstance(raw, list):
        pytest.skip("not a single content item")
    moved = {**raw, "updated_at": "2031-01-01T00:00:00Z", "publishing_request_id": "moved", "rendering_app": "moved"}
    for entries in moved.get("links", {}).values():
        for entry in entries:
            if isinstance(entry, dict) and "public_updated_at" in entry:
                entry["public_updated_at"] = "2031-01-01T00:00:00Z"
    before, after = (parse_answer(json.dumps(one).encode()).documents[0] for one in (json.loads(body), moved))
    assert before.content_sha256 == after.content_sha256
    said = {**raw, "title": "Another title"}
    assert parse_answer(json.dumps(said).encode()).documents[0].content_sha256 != before.content_sha256


@needs_corpus
@pytest.mark.parametrize("path", SEARCHES)
def test_a_recorded_search_is_read_whole(path: str) -> None:
    body = (CORPUS / path).read_bytes()
    raw = json.loads(body)
    answer = parse_answer(body)
    assert answer.official_count == raw["total"]
    assert not answer.rejected
    assert len(answer.documents) == len(raw["results"])
    for hit, document in zip(raw["results"], answer.documents, strict=True):
        assert lost(hit, document) == []
        assert document.unread_fields == ()
        assert document.depth is Depth.LISTING


@needs_corpus
def test_ids_of_different_recorded_pages_differ() -> None:
    pages: dict[str, set[str | None]] = {}
    for path in ITEMS:
        if is_links_only(json.loads((CORPUS / path).read_bytes())):
            continue
        for document in parse_answer((CORPUS / path).read_bytes()).documents:
            pages.setdefault(document.document_id, set()).add(document.language)
    assert all(len(languages) == 1 for languages in pages.values())
