"""A page is a text of the Union by what its services put around texts, in every language; other pages are refused."""

from __future__ import annotations

import pytest

from scrapers.contracts import NotADocument, PolicyDocument, UpstreamError
from scrapers.spiders.eu_cellar import parse_answer


def read(title: str, body: str, head: str = "") -> PolicyDocument:
    page = f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    (document,) = parse_answer(page.encode()).documents
    return document


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("L_2016119FR.01000101.xml", "<p class='hd-ti'>Journal officiel de l\u2019Union europ\u00e9enne</p>"),
        ("", "<p class='oj-doc-ti'>REGULATION (EU) No 405/2013</p>"),
        ("EUR-Lex - 02016R0679-20160504 - EN", "<p class='title-doc-first'>REGULATION (EU) 2016/679</p>"),
        ("EUR-Lex - 32016R0679R(02) - EN", "<p>Corrigendum to a regulation</p>"),
        ("IMMC.COM%282026%299007%20final.ENG.xhtml.docx", "<p>Sample words.</p>"),
        ("COM_2019_9008_FIN.docx", "<p>Sample words.</p>"),
        ("", "<p class='Titreobjet_cp'>on sample registers</p>"),
        ("", "<p>KOM(2010) 1 endg\u00fcltig</p><p>Vorschlag</p>"),
        ("", "<p>Dossier interinstitutionnel: 2021/0106 (COD)</p><p>Texte</p>"),
        ("", "<p>COMMISSION REGULATION (EC) No 1234/2007</p><p>Sample words.</p>"),
        ("", "<p>COUNCIL DIRECTIVE 93/13/EEC of 5 April 1993</p><p>Sample words.</p>"),
        ("", "<p>ROZPORZ\u0104DZENIE RADY (UE) NR 575/2013</p><p>Tekst</p>"),
        ("", "<p>\u0420\u0415\u0413\u041b\u0410\u041c\u0415\u041d\u0422 (\u0415\u0421) 2024/1689</p>"),
        ("", "<p>\u039a\u0391\u039d\u039f\u039d\u0399\u03a3\u039c\u039f\u03a3 (\u0395\u0395) 2024/1689</p>"),
        ("", "<p>Amtsblatt der Europ\u00e4ischen Union</p><p>Text</p>"),
    ],
)
def test_texts_of_the_union_are_read(title: str, body: str) -> None:
    assert read(title, body).body


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("x", "<p>Hello world</p>"),
        ("Guidance on the AI Act", "<main><p>Regulation (EU) 2024/1689 applies to us from 2 August 2026.</p></main>"),
        ("Directive on Automated Decision-Making", "<h1>Directive on Automated Decision-Making</h1><p>Effective</p>"),
        ("Press release", "<p>See the Official Journal of 12 July 2024.</p><p>OJ L, 2024/1689</p>"),
        ("EUR-Lex - L:2016:119:TOC - EN", "<p>Contents</p>"),
        ("Welcome - EUR-Lex", "<p>Access to European Union law</p>"),
    ],
)
def test_other_pages_are_no_acts(title: str, body: str) -> None:
    with pytest.raises(NotADocument, match="without a mark"):
        read(title, body)


def test_an_error_page_of_an_act_is_an_error_and_an_act_titled_like_one_is_an_act() -> None:
    with pytest.raises(UpstreamError):
        read("EUR-Lex - 32024R9999 - EN", "<h1>The requested document does not exist.</h1>")
    act = read("REGULATION (EU) No 404/2013", "<p class='oj-doc-ti'>REGULATION (EU) No 404/2013</p><p>Words.</p>")
    assert act.title == "REGULATION (EU) No 404/2013"


def test_a_document_without_classes_is_named_by_the_reference_on_its_first_page() -> None:
    lines = "COMMISSION OF THE EUROPEAN COMMUNITIES", "Brussels, 10.12.2003", "COM(2003) 739 final", "Proposal for a"
    document = read("COM(2003)739", "".join(f"<p>{line}</p>" for line in lines))
    assert document.document_id == "eu:commission:COM_2003_0739_FIN"
