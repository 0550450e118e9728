"""All substantive changes are found, none of the cosmetic ones is reported: a new version is a new content hash."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from scrapers.families.wording import content_of, words_of_element
from scrapers.parse import parser_of
from tests.changes.edits import COSMETIC, EDITS, SUBSTANTIVE, Edit

FIXTURES = Path(__file__).parents[1] / "fixtures"


def hashes(slug: str, body: bytes) -> dict[str, str]:
    """What a load compares: the content hash of each document."""
    return {document.document_id: document.content_sha256 for document in parser_of(slug)(body).documents}


def before_and_after(edit: Edit) -> tuple[dict[str, str], dict[str, str]]:
    slug = edit.fixture.split("/")[0]
    body = (FIXTURES / edit.fixture).read_bytes()
    body = edit.base(body) if edit.base else body
    edited = edit.change(body)
    assert edited != body, "the edit changes nothing"
    return hashes(slug, body), hashes(slug, edited)


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit.kind == COSMETIC], ids=lambda edit: edit.name)
def test_a_cosmetic_edit_makes_no_version(edit: Edit) -> None:
    before, after = before_and_after(edit)
    assert after == before


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit.kind == SUBSTANTIVE], ids=lambda edit: edit.name)
def test_a_substantive_edit_makes_one(edit: Edit) -> None:
    before, after = before_and_after(edit)
    assert after != before


def test_the_table_is_wide_enough() -> None:
    kinds = Counter(edit.kind for edit in EDITS)
    assert kinds[COSMETIC] >= 30
    assert kinds[SUBSTANTIVE] >= 30
    names = Counter((edit.name, edit.fixture) for edit in EDITS)
    assert max(names.values()) == 1


def test_recorded_pages_change_where_people_saw_a_change(shared: Path) -> None:
    """Pairs of captures, named by those who compared them: truepos is a change, falsepos is noise."""
    folder = shared / "corpus" / "html_change_pairs"
    firsts = sorted(folder.glob("*-a.html"))
    assert len(firsts) >= 4
    for first in firsts:
        texts = [_words(file) for file in (first, first.with_name(first.name.replace("-a.html", "-b.html")))]
        assert (texts[0] != texts[1]) == first.name.startswith("truepos"), first.name


def _words(file: Path) -> str:
    content = content_of(html.document_fromstring(file.read_bytes()))
    assert content is not None
    return words_of_element(content)
