"""All recordings of the Cellar and of EUR-Lex's web service: everything is read whole, or refused by the right name."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UpstreamError
from scrapers.spiders.eu_cellar import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "eu_cellar")
REFUSED = {
    "eurlex_ws_error_response_authentication.xml": UpstreamError,
}


def tree_leaves(element: etree._Element) -> Any:
    """Every text and every attribute of a tree, by its path."""
    texts = [one.strip() for one in element.itertext() if one.strip()]
    attributes = [value for one in element.iter() for name, value in one.attrib.items() if "schemaLocation" not in name]
    return {"texts": texts, "attributes": attributes}


def letters(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", text).casefold()


def whole_text(document: PolicyDocument) -> str:
    return letters(f"{document.title} {document.body} {json.dumps(document.source_fields, ensure_ascii=False)}")


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of the Cellar in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if refusal := REFUSED.get(recording.path.name):
        with pytest.raises(refusal):
            parse_answer(body)
        return
    if re.search(rb"<PUBLICATION[\s>]", body[:500]):
        with pytest.raises(NotADocument, match="table of contents"):
            parse_answer(body)
        return
    answer = parse_answer(body)
    assert answer.rejected == ()
    assert all(document.unread_fields == () for document in answer.documents)
    if body.lstrip().startswith(b"{"):
        check_results(answer, json.loads(body)["results"]["bindings"])
    elif b"<html" in body[:2_000]:
        check_page(answer, body)
    elif b"Envelope" in body[:500]:
        check_envelope(answer, etree.fromstring(body))
    elif b"<NOTICE" in body[:500]:
        check_notice(answer, etree.fromstring(body))
    else:
        check_formex(answer, etree.fromstring(body, etree.XMLParser(remove_pis=True)))


def check_results(answer: ParsedAnswer, rows: list[dict[str, Any]]) -> None:
    """Each value of each row is held by the document of its work."""
    kept = [letters(document.model_dump_json()) for document in answer.documents]
    keys = ("celex", "eli", "manif")
    works = defaultdict(list)
    for row in rows:
        works[next(row[key]["value"] for key in keys if key in row)].append(row)
    assert len(works) == len(answer.documents)
    for text, group in zip(kept, works.values(), strict=True):
        assert all(letters(cell["value"]) in text for row in group for cell in row.values())


def check_notice(answer: ParsedAnswer, root: etree._Element) -> None:
    (document,) = answer.documents
    assert lost_leaves(tree_leaves(root), document) == []
    named = {one.get("VALUE") for one in _uris(root[0])}
    for scheme, part in (("eu_celex", "/celex/"), ("eu_procedure", "/procedure/"), ("eu_cellar", "/cellar/")):
        stated = {str(value).rsplit("/", 1)[-1] for value in named if part in str(value)}
        assert {one.value for one in document.identifiers if one.scheme == scheme} == stated
    if root[0].tag == "DOSSIER":
        english = {text for name in ("DOSSIER_TITLE", "TITLE") for text in _english(root[0], name)}
        assert not english or " ".join((document.title or "").split()) in english
        events = [*root.iterfind("EVENT"), *root[0].iterfind("EVENT")]
        assert len(document.change_history) == len(events)


def check_envelope(answer: ParsedAnswer, root: etree._Element) -> None:
    space = "{http://eur-lex.europa.eu/search}"
    hits = list(root.iter(f"{space}result"))
    total = root.findtext(f".//{space}totalhits")
    assert answer.official_count == (int(total) if total else None)
    assert len(hits) == len(answer.documents)
    for hit, document in zip(hits, answer.documents, strict=True):
        assert lost_leaves(tree_leaves(hit), document) == []
        assert document.native_id == re.sub("<.*?>", "", hit.findtext(f".//{space}ID_CELEX/{space}VALUE") or "")
        assert document.title == " ".join((hit.findtext(f".//{space}EXPRESSION_TITLE/{space}VALUE") or "").split())
        assert str(document.published_date) == hit.findtext(f".//{space}DATE_PUBLICATION/{space}VALUE")
        date = hit.find(f".//{space}WORK_DATE_DOCUMENT")
        assert date is not None
        parts = [int(date.findtext(f"{space}{part}") or 0) for part in ("YEAR", "MONTH", "DAY")]
        assert str(document.signed_date) == f"{parts[0]}-{parts[1]:02d}-{parts[2]:02d}"


def check_formex(answer: ParsedAnswer, root: etree._Element) -> None:
    """Every text of the file stands in the title, in the body or among the fields; the body keeps the order."""
    (document,) = answer.documents
    kept = whole_text(document)
    for element in root.iter():
        if any(one.tag in ("PAPER", "PDF") for one in (element, *element.iterancestors())):
            continue
        for text in (element.text, element.tail):
            assert letters(text or "") in kept, text
    stated = root.find("BIB.INSTANCE/DATE")
    stated = root.find("FMX/DOC.MAIN.PUB/DATE") if stated is None else stated
    assert stated is not None
    assert str(document.signed_date).replace("-", "") == stated.get("ISO")
    title = root.find(".//TITLE")
    assert title is not None
    assert letters(document.title or "") == letters("".join(str(one) for one in title.itertext()))


def check_page(answer: ParsedAnswer, body: bytes) -> None:
    (document,) = answer.documents
    tree = html.document_fromstring(body)
    kept = letters(document.body or "")
    for text in tree.xpath("//body//text()"):
        if not isinstance(text.getparent(), html.HtmlComment):
            assert letters(str(text)) in kept, text
    if references := tree.xpath("//p[@class='Rfrenceinstitutionnelle']/text()"):
        printed = re.findall(r"\d+", str(references[0]))
        assert [int(one) for one in re.findall(r"\d+", document.native_id)] == [int(one) for one in printed]
        day = re.findall(r"\d+", str(tree.xpath("//p[@class='Emission']/text()")[0]))
        assert str(document.published_date) == f"{day[2]}-{int(day[1]):02d}-{int(day[0]):02d}"
        for part in ("Statut", "Typedudocument_cp", "Titreobjet_cp"):
            assert " ".join(tree.xpath(f"//p[@class='{part}']")[0].text_content().split()) in (document.title or "")


def _uris(element: etree._Element) -> list[dict[str, str]]:
    found = [*element.iterfind("URI"), *element.iterfind("SAMEAS/URI")]
    return [{str(child.tag): str(child.text) for child in uri} for uri in found]


def _english(element: etree._Element, name: str) -> list[str]:
    titles = [one for one in element.iterfind(name) if one.findtext("LANG") == "en"]
    return [" ".join((one.findtext("VALUE") or "").replace("&#13;", "").split()) for one in titles]


def test_every_file_of_the_folder_is_listed(shared: Path) -> None:
    assert set((shared / "corpus" / "eu_cellar").iterdir()) == {recording.path for recording in RECORDINGS}
