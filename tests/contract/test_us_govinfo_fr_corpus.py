"""Every recorded file of Federal Register XML is read as its kind in the manifest says, and nothing is lost."""

from __future__ import annotations

import csv
import html
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, Truncated
from scrapers.families.federal_register_xml import TYPES
from scrapers.spiders.us_govinfo_fr import parse_answer

SHARED = Path(os.environ.get("AIPOLICY_SHARED", Path(__file__).parents[2] / "../shared"))
CORPUS = SHARED / "corpus"
FOLDER = "federal_register_xml"
NOT_PRINTED = ("PRTPAGE", "FTREF")
ISSUE = f"{FOLDER}/FR-2016-04-15.xml"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no recorded corpus at {CORPUS}; set AIPOLICY_SHARED")


def rows(*kinds: str) -> list[str]:
    manifest = CORPUS / "MANIFEST.tsv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8") as stream:
        table = [row for row in csv.DictReader(stream, delimiter="\t") if row["path"].startswith(f"{FOLDER}/")]
    return [row["path"] for row in table if row["kind"] in kinds]


@cache
def parsed(path: str) -> ParsedAnswer:
    return parse_answer((CORPUS / path).read_bytes())


def elements(path: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
    return etree.fromstring((CORPUS / path).read_bytes(), parser).iter(*TYPES)


def squeezed(text: str) -> str:
    return "".join(text.split())


def said(document: PolicyDocument) -> str:
    return squeezed("\n".join([document.title or "", document.body or "", *kept(document.source_fields)]))


def kept(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from kept(item)
    else:
        yield str(value)


def test_every_kind_of_the_manifest_is_covered() -> None:
    covered = rows("bulk_daily_issue_xml", "document_full_text_xml", "xml_fragment", "schema_doc")
    assert sorted(covered) == sorted(f"{FOLDER}/{file.name}" for file in (CORPUS / FOLDER).iterdir())


@pytest.mark.parametrize("path", rows("bulk_daily_issue_xml"))
def test_a_daily_issue_is_read_whole(path: str) -> None:
    answer = parsed(path)
    assert answer.rejected == ()
    assert Counter(document.document_type for document in answer.documents) == {
        "Notice": 132, "Rule": 9, "Proposed Rule": 4, "Presidential Document": 1,
    }  # fmt: skip
    assert all(document.title and document.body and document.publishers for document in answer.documents)
    day = re.search(r"\d{4}-\d{2}-\d{2}", path)
    assert day
    assert {str(document.published_date) for document in answer.documents} == {day[0]}
    assert len({document.document_id for document in answer.documents}) == len(answer.documents)


def test_numbers_and_pages_of_an_issue_agree_with_its_table_of_contents() -> None:
    contents: dict[str, set[str]] = {}
    root = next(elements(ISSUE)).getroottree().getroot()
    for entry in root.iter("FRDOCBP"):
        pages = [page for node in entry.itersiblings("PGS", preceding=True) for page in (node.text or "").split(", ")]
        contents.setdefault((entry.text or "").strip(), set()).update(pages)
    documents = parsed(ISSUE).documents
    assert {document.native_id for document in documents} == set(contents)
    for document in documents:
        pages = document.source_fields["pages"]
        spans = [tuple(int(page) for page in span.split("-")) for span in contents[document.native_id]]
        assert any(span[0] <= int(pages["start"]) <= int(pages["end"]) <= span[-1] for span in spans)


@pytest.mark.parametrize("path", rows("document_full_text_xml"))
def test_a_full_text_file_is_one_document_with_the_number_of_its_frdoc(path: str) -> None:
    """Parts of one document (-1, -2, -3) each print the number of the whole; none takes one from a citation."""
    (document,) = parsed(path).documents
    number = re.match(r"\d{4}-\d{2}-\d{2}-(\d{4}-\d{5})", Path(path).name)
    assert number
    assert document.native_id == number[1]
    assert document.document_id == f"fr:{number[1]}"
    assert document.published_date is None
    assert all((document.title, document.abstract, document.body, document.publishers))
    assert document.source_fields["filed_at"]


@pytest.mark.parametrize("path", rows("xml_fragment"))
def test_a_fragment_of_an_issue_is_read(path: str) -> None:
    answer = parsed(path)
    assert len(answer.documents) == len(list(elements(path)))
    assert answer.rejected == ()


@pytest.mark.parametrize("path", rows("schema_doc"))
def test_the_guide_is_no_document(path: str) -> None:
    with pytest.raises(NotADocument):
        parse_answer((CORPUS / path).read_bytes())


@pytest.mark.parametrize("path", rows("bulk_daily_issue_xml", "document_full_text_xml", "xml_fragment"))
def test_all_visible_text_is_kept(path: str) -> None:
    for document, element in zip(parsed(path).documents, elements(path), strict=True):
        kept_text = said(document)
        printed = [squeezed(text) for text in element.itertext()]
        assert [text for text in printed if text not in kept_text] == []
        missing = Counter("".join(printed)) - Counter(kept_text)
        assert not missing, f"{document.native_id}: {missing}"


@pytest.mark.parametrize("path", rows("bulk_daily_issue_xml", "document_full_text_xml"))
def test_page_breaks_and_footnotes_do_not_cut_sentences(path: str) -> None:
    for document, element in zip(parsed(path).documents, elements(path), strict=True):
        lines = [squeezed(line) for line in (document.body or "").splitlines()]
        for page in element.iter("PRTPAGE"):
            paragraph = page.getparent()
            if paragraph is None or paragraph.tag not in ("P", "FP") or len(paragraph) != 1:
                continue
            sentence = squeezed("".join(paragraph.itertext()))
            assert any(sentence in line for line in lines)


@pytest.mark.parametrize("share", [0.0001, 0.1, 0.35, 0.77, 0.999999])
def test_a_cut_issue_is_truncated_never_half_read(share: float) -> None:
    body = (CORPUS / ISSUE).read_bytes().rstrip()
    with pytest.raises(Truncated):
        parse_answer(body[: int(len(body) * share)])


def test_an_issue_issued_again_with_hyphens_is_unchanged() -> None:
    """Up to March 2024 numbers and filing dates had en dashes; the files were then replaced."""
    body = (CORPUS / ISSUE).read_bytes()
    dashed = re.sub(rb"(?<=FR Doc\. )[^<]+", lambda match: match[0].replace(b"-", "–".encode()), body)
    assert dashed != body
    before, after = parsed(ISSUE).documents, parse_answer(dashed).documents
    assert [document.document_id for document in before] == [document.document_id for document in after]
    assert [document.content_sha256 for document in before] == [document.content_sha256 for document in after]


def test_known_defects_of_the_official_xml_are_read_and_named() -> None:
    """What the Office corrects by hand (federal_register_corrections): the residue of an editor's tool, an agency
    tagged as a subject."""
    for patch in sorted((CORPUS / "federal_register_corrections").glob("*.patch")):
        added = [line[1:] for line in patch.read_text(encoding="utf-8").splitlines() if re.match(r"-\s", line)]
        body = f"<NOTICE><PREAMB>{''.join(added)}</PREAMB><FRDOC>[FR Doc. 2016-00001 Filed 1-4-16]</FRDOC></NOTICE>"
        (document,) = parse_answer(body.encode()).documents
        assert ("editor_residue" in document.text_flags) == ("TAG FOUND" in body)


def hunks() -> Iterator[str]:
    """What stood in the official XML before each of its corrections."""
    for patch in sorted((CORPUS / "federal_register_corrections").glob("*.patch")):
        for hunk in re.split(r"^@@.*$", patch.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            yield "\n".join(line[1:] for line in hunk.splitlines() if line[:1] in (" ", "-"))


@pytest.mark.parametrize("hunk", list(hunks()))
def test_a_defect_of_the_official_xml_loses_no_word(hunk: str) -> None:
    """A hunk begins and ends amid elements, so that its tags are wrongly nested as well."""
    notice = f"<NOTICE>{hunk}<FRDOC>[FR Doc. 2016-00001 Filed 1-4-16]</FRDOC></NOTICE>"
    answer = parse_answer(f"<FEDREG><NOTICES>{notice}</NOTICES></FEDREG>".encode())
    text = "".join(said(document) for document in answer.documents) + "".join(one.raw for one in answer.rejected)
    words = re.findall(r"\w+", html.unescape(re.sub(r"<[^<>]*>", " ", hunk)))
    assert [word for word in words if word not in text] == []
