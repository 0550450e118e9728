"""All recordings of whitehouse.gov: feeds are read whole without the navigation in their texts, tables refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scrapers.contracts import Depth, NotADocument, PolicyDocument
from scrapers.families.feed import feed_instant, read_feed, text_part
from scrapers.spiders.us_white_house import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves, squeezed
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "us_white_house", "whitehouse")
FEEDS = {"RSS", "rss excerpt"}
END_OF_NAVIGATION = re.compile(r"</nav>\s*</div>")


def as_instant(text: str) -> str | None:
    """A time as the parser keeps it."""
    try:
        return feed_instant(text).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def bare(raw: dict[str, Any]) -> dict[str, Any]:
    """An item without what the site puts around its texts, cut out by the strings that end and begin it."""
    content = END_OF_NAVIGATION.split(raw["content:encoded"], 1)[-1].rpartition("<p>The post <a href=")
    description = raw["description"].rpartition("<p>The post <a href=")
    return {
        **{name: value for name, value in raw.items() if name not in ("guid", "content:encoded", "description")},
        "guid": re.sub(r"\D", "", text_part(raw["guid"])),
        "content:encoded": content[0] or content[2],
        "description": description[0] or description[2],
    }


def feed_of(recording: Recording) -> tuple[list[dict[str, Any]], tuple[PolicyDocument, ...]]:
    body = recording.path.read_bytes()
    answer = parse_answer(body)
    assert answer.rejected == ()
    return [bare(raw) for raw in read_feed(body).entries], answer.documents


def test_there_are_recordings(shared: object) -> None:
    assert RECORDINGS, f"no recordings of whitehouse.gov in {shared}"
    assert any(recording.kind == "RSS" for recording in RECORDINGS)


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    if recording.kind not in FEEDS:
        with pytest.raises(NotADocument):
            parse_answer(recording.path.read_bytes())
        return
    raw, documents = feed_of(recording)
    assert len(documents) == len(raw) > 0
    for document, record in zip(documents, raw, strict=True):
        assert document.document_id == f"whitehouse:{record['guid']}"
        assert document.unread_fields == ()
        assert document.text_flags == ()
        assert document.source_fields == {}
        assert document.depth is Depth.FULL
        assert document.published_date is not None
        assert {document.document_type, document.document_subtype} - {None} == {
            name.replace("&amp;", "&") for name in record["category"]
        }
        assert lost_leaves(record, document, [as_instant]) == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_nothing_of_the_site_is_read_as_text(recording: Recording) -> None:
    if recording.kind not in FEEDS:
        pytest.skip("no feed")
    raw, documents = feed_of(recording)
    for document, record in zip(documents, raw, strict=True):
        text = re.sub(r"<[^<>]*>", " ", record["content:encoded"])
        assert squeezed(document.body or "") == squeezed(text), "no word more and none less"
        assert "appeared first on" not in f"{document.body} {document.abstract}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_the_place_in_the_feed_does_not_change_a_hash(recording: Recording) -> None:
    if recording.kind not in FEEDS:
        pytest.skip("no feed")
    body = recording.path.read_bytes()
    moved = re.sub(rb"(__input|__mobile)-(\d+)", lambda m: b"%s-%d" % (m[1], int(m[2]) + 8), body)
    assert moved != body or b"__input-" not in body
    hashes = [[document.content_sha256 for document in parse_answer(one).documents] for one in (body, moved)]
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_orders_are_signed_on_the_day_under_their_signature(recording: Recording) -> None:
    if recording.kind != "RSS":
        pytest.skip("no whole feed")
    for record, document in zip(*feed_of(recording), strict=True):
        stated = re.search(
            r"THE WHITE HOUSE,(?:\s|&nbsp;|<[^<>]*>)*([A-Z][a-z]+ \d{1,2}, \d{4})", record["content:encoded"]
        )
        assert bool(stated) == bool(document.signed_date)
        if stated and document.signed_date:
            assert f"{document.signed_date:%B} {document.signed_date.day}, {document.signed_date.year}" == stated[1]


def test_every_file_of_the_folders_is_listed(shared: Any) -> None:
    files = {path for folder in ("us_white_house", "whitehouse") for path in (shared / "corpus" / folder).iterdir()}
    assert files == {recording.path for recording in RECORDINGS}
