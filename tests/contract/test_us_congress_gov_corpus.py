"""All recordings of bills: the API's and BILLSTATUS of every version are read whole, what is no bill is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from scrapers.contracts import Depth, NotADocument, Refusal, UpstreamError
from scrapers.spiders.us_congress_gov import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves, squeezed
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "us_congress_gov", "congress_gov", "billstatus_xml", "govinfo_api")
STATUS_FILES = [recording for recording in RECORDINGS if recording.kind == "BILLSTATUS xml"]
LISTS = ("v3 bill", "v3 bill list")
PARTS = ("actions", "amendments", "committees", "cosponsors", "titles")
OTHERS = {
    "v3 bill actions": "actions",
    "v3 house-vote": "houseRollCallVotes",
    "v3 nomination": "nominations",
    "api_sample": "govinfo API",
    "mods_xml": "mods",
}


def wrapped_bill(value: Any) -> dict[str, Any] | None:
    return value["bill"] if isinstance(value.get("bill"), dict) else None


def as_kept(text: str) -> str | None:
    """A chamber under its full name; a type by its letters."""
    return {"House": "United States House of Representatives", "Senate": "United States Senate"}.get(text)


def json_recordings() -> list[Recording]:
    return [recording for recording in RECORDINGS if recording.kind.startswith("v3")]


def test_there_are_recordings(shared: Path) -> None:
    assert len(STATUS_FILES) >= 10, f"no BILLSTATUS files in {shared}"
    assert json_recordings()


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if recording.kind in OTHERS:
        with pytest.raises(NotADocument, match=OTHERS[recording.kind]):
            parse_answer(body)
        return
    if recording.kind == "legacy html/xml":
        with pytest.raises(UpstreamError if recording.path.suffix == ".html" else NotADocument):
            parse_answer(body)
        return
    if recording.kind == "doc":
        with pytest.raises(Refusal):
            parse_answer(body)
        return
    if recording.kind == "BILLSTATUS xml":
        _check_status_file(body)
        return
    value = json.loads(body)
    if part := next((name for name in PARTS if name in value), None):
        with pytest.raises(NotADocument, match=part):
            parse_answer(body)
        return
    assert recording.kind in (*LISTS, "v3 sample output", "v3 law detail (bill object)"), "say here what is due"
    answer = parse_answer(body)
    assert answer.rejected == ()
    bill = wrapped_bill(value)
    raw = [bill] if bill else value["bills"]
    assert len(answer.documents) == len(raw)
    assert answer.official_count == value.get("pagination", {}).get("count")
    for document, record in zip(answer.documents, raw, strict=True):
        name = f"{record['congress']}-{record['type'].lower()}-{record['number']}"
        assert document.document_id == f"us-congress:{name}"
        assert document.depth == (Depth.FULL if bill else Depth.LISTING)
        assert document.unread_fields == ()
        assert document.text_flags == ()
        assert str(document.published_date) == str(record.get("introducedDate"))
        assert lost_leaves(record, document, [as_kept]) == []


def _check_status_file(body: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
    bill = etree.fromstring(body, parser).find("bill")
    assert bill is not None
    answer = parse_answer(body)
    assert answer.rejected == ()
    (document,) = answer.documents
    assert document.unread_fields == ()
    assert [flag for flag in document.text_flags if flag.startswith("unread")] == []
    assert document.published_date is not None
    assert str(document.published_date) == bill.findtext("introducedDate")
    assert document.title
    leaves = {element.tag: element.text.strip() for element in bill.iter() if (element.text or "").strip()}
    raw = [{element.tag: text} for element in bill.iter() if (text := (element.text or "").strip())]
    assert leaves
    kept = {squeezed(one) for one in _said(document.model_dump(mode="json"))}
    lost = [one for one in raw if not any(squeezed(form) in kept for form in _forms(next(iter(one.values()))))]
    assert lost == []
    notes = [note.note for note in document.change_history]
    spoken = [item for item in bill.findall("actions/item") if (item.findtext("text") or "").strip()]
    assert len(notes) == len(spoken)
    for note, item in zip(reversed(notes), spoken, strict=True):
        assert note.startswith(f"{item.findtext('actionDate')}: ")
        assert squeezed(item.findtext("text") or "") in squeezed(note)
    laws = {i.value for i in document.identifiers if i.scheme in ("public_law", "private_law")}
    assert laws == {number.text for number in bill.findall("laws/item/number")}
    urls = {url.text for url in bill.findall("textVersions/item/formats/item/url")}
    assert urls <= {attachment.url for attachment in document.attachments}
    assert len(document.relations) == len(bill.findall("relatedBills/item"))
    signed = [item for item in spoken if (item.findtext("text") or "").startswith("Signed by President")]
    assert (document.signed_date is not None) == bool(signed)
    assert document.abstract or not bill.findall(".//summaries//text")


def _forms(text: str) -> list[str]:
    return [text, kept] if (kept := as_kept(text)) else [text]


def _said(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _said(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _said(inner)]
    return [] if value is None else [str(value)]


def test_both_versions_of_one_bill_say_the_same(shared: Path) -> None:
    folder = shared / "corpus/billstatus_xml"
    old, new = (
        parse_answer((folder / f"formatChange__{name}__BILLSTATUS-117s35.xml").read_bytes()).documents[0]
        for name in ("current", "future")
    )
    for field in ("document_id", "title", "abstract", "published_date", "publishers", "identifiers", "subjects"):
        assert getattr(old, field) == getattr(new, field), field
    assert [note.note for note in old.change_history] == [note.note for note in new.change_history]


def test_a_veto_is_no_signature(shared: Path) -> None:
    body = (shared / "corpus/billstatus_xml/legacy__BILLSTATUS-114sjres8.xml").read_bytes()
    (document,) = parse_answer(body).documents
    assert b"<actionCode>E30000</actionCode>" in body
    assert document.signed_date is None


def test_every_file_of_the_folders_is_listed(shared: Path) -> None:
    for folder in ("us_congress_gov", "congress_gov", "billstatus_xml", "govinfo_api"):
        listed = {recording.path for recording in RECORDINGS if recording.path.parent.name == folder}
        assert set((shared / "corpus" / folder).iterdir()) == listed
