"""All recordings of legislation.gov.uk: feeds and documents are read whole, feeds of effects are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from scrapers.contracts import Depth, NotADocument
from scrapers.families.legislation_gov_uk import TEXTS, TYPES
from scrapers.spiders.uk_legislation import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves, squeezed
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "uk_legislation")
ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "legislation Atom data.feed page (search listing)"
EFFECTS = "changes (effects) Atom feed"
DOCUMENTS = {"legislation.gov.uk data.xml (CLML)", "CLML sample by the publisher", "legislation feed / contents"}
NOT_KEPT = ("schemaLocation", "type")
"""Where the schema lies, and that a title is mark-up."""
CLEANED = {"invisible_escaped", "control_removed", "windows_1252_restored"}
FLAGS = {"text_is_introduction_only", *CLEANED}


def tree(recording: Recording) -> etree._Element:
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    return etree.fromstring(recording.path.read_bytes(), parser)


def said(element: etree._Element) -> Iterator[str]:
    """Every attribute and every text of an element and of all that it holds."""
    for inner in element.iter():
        yield from (value for name, value in inner.attrib.items() if etree.QName(name).localname not in NOT_KEPT)
        if not inner.prefix and inner.tag.startswith("{http://www.w3.org/1999/xhtml}"):
            continue
        yield "".join([inner.text or "", *(child.tail or "" for child in inner)])
    for inner in element.iter("{http://www.w3.org/1999/xhtml}span", "{http://www.w3.org/1999/xhtml}p"):
        if inner.attrib:
            yield "".join(str(piece) for piece in inner.itertext())


def as_instant(text: str) -> str | None:
    """An instant as the parser keeps it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment.tzinfo else None


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of legislation.gov.uk in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body, root = recording.path.read_bytes(), tree(recording)
    if recording.kind == EFFECTS:
        with pytest.raises(NotADocument, match="effects"):
            parse_answer(body)
        return
    answer = parse_answer(body)
    assert answer.rejected == ()
    if recording.kind == FEED:
        entries = root.findall(f"{ATOM}entry")
        assert len(answer.documents) == len(entries)
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert answer.next_url == links.get("next")
        for document, entry in zip(answer.documents, entries, strict=True):
            assert document.depth is Depth.LISTING
            assert entry.findtext(f"{ATOM}id", "").endswith(f"/id/{document.native_id}")
            assert document.title
            assert document.identifiers
            assert document.document_type in TYPES
            assert (document.published_at is None) == (entry.find(f"{ATOM}published") is None)
            assert document.unread_fields == ()
            assert document.text_flags == ()
            assert lost_leaves(list(said(entry)), document, [as_instant]) == []
        return
    assert recording.kind in DOCUMENTS, "this kind is new; say here what is due"
    (document,) = answer.documents
    assert document.unread_fields == ()
    assert set(document.text_flags) <= FLAGS
    assert document.document_type in {*TYPES, "ExplanatoryNotes"}
    metadata = next(child for child in root if etree.QName(child).localname == "Metadata")
    assert lost_leaves(list(said(metadata)), document) == []
    assert lost_leaves([value for name, value in root.attrib.items() if "chema" not in name], document) == []
    parts = {etree.QName(child).localname: child for child in root}
    held = next((parts[name] for name in TEXTS if name in parts), None)
    if held is None or CLEANED & set(document.text_flags):
        return
    whole = "".join(str(piece) for piece in held.itertext())
    kept = (document.body or "").replace("[repealed: ", "")
    assert squeezed(kept) == squeezed(whole)


def test_the_last_page_tells_a_total(shared: Path) -> None:
    answer = parse_answer((shared / "corpus/uk_legislation/feed_page_5063.xml").read_bytes())
    assert (answer.official_count, answer.next_url) == (101_244, None)


def test_parts_bear_the_identifier_of_no_policy() -> None:
    for recording in RECORDINGS:
        if recording.kind in DOCUMENTS:
            (document,) = parse_answer(recording.path.read_bytes()).documents
            is_part = any(relation.relation == "part_of" for relation in document.relations)
            assert is_part == (document.identifiers == ()), recording


def test_every_file_of_the_folder_is_listed(shared: Path) -> None:
    assert set((shared / "corpus/uk_legislation").iterdir()) == {recording.path for recording in RECORDINGS}
