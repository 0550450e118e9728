"""Names of laws, orders and rules in texts of our own, one wording a case."""

from __future__ import annotations

import re

import pytest

from pipelines.enrich.citations import MAY_CITE, find_citations


def names(text: str) -> list[tuple[str, str]]:
    return [(one.scheme, one.value) for one in find_citations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Executive Order 90001 of May 1, 2031 (On Clocks)", [("eo", "90001")]),
        ("Executive Orders 90001 and 90002", [("eo", "90001"), ("eo", "90002")]),
        ("E.O. 90001, 90002, and 90003", [("eo", "90001"), ("eo", "90002"), ("eo", "90003")]),
        ("Executive Order (E.O.) 90001", [("eo", "90001")]),
        ("Proclamations 9901 and 9902", [("proclamation", "9901"), ("proclamation", "9902")]),
        ("OMB Memoranda M-90-01 and M-90-02", [("omb_memo", "M-90-01"), ("omb_memo", "M-90-02")]),
        ("0MB Circular No. A-130", [("omb_circular", "A-130")]),
        ("Public Law 190-12", [("public_law", "190-12")]),
        ("Pub. L. No. 190\u201312", [("public_law", "190-12")]),
        ("15 U.S.C. 9401(3)", [("usc", "15 U.S.C. 9401")]),
        ("44 U.S.C. \u00a7 3552(b)(6)", [("usc", "44 U.S.C. 3552")]),
        ("50U.S.C. 1701et seq.", [("usc", "50 U.S.C. 1701")]),
        ("42 U.S.C. 300gg-91 and 1395w-4", [("usc", "42 U.S.C. 300gg-91"), ("usc", "42 U.S.C. 1395w-4")]),
        ("44 U.S.C. 3511(a)(1) and (2)(B) and so on", [("usc", "44 U.S.C. 3511")]),
        ("sections 552 and 553(b) of title 5, United States Code", [("usc", "5 U.S.C. 552"), ("usc", "5 U.S.C. 553")]),
        ("15 U.S.C. 41 and 16 CFR 310.2", [("usc", "15 U.S.C. 41"), ("cfr", "16 CFR 310.2")]),
        ("28 C.F.R. 0.50-51", [("cfr", "28 CFR 0.50-51")]),
        ("15 CFR parts 730 through 774", [("cfr", "15 CFR 730-774")]),
        ("15 CFR chapter VII, subchapter C", [("cfr", "15 CFR chapter VII, subchapter C")]),
        ("89 FR 15698", [("fr_citation", "89 FR 15698")]),
        ("81 Fed. Reg. 3,033", [("fr_citation", "81 FR 3033")]),
        ("FR Doc. 2031-09999", [("fr_document", "2031-09999")]),
        ("RIN 9694-AZ35", [("rin", "9694-AZ35")]),
        ("Docket No. BIS-2031-0047", [("docket", "BIS-2031-0047")]),
        ("NIST AI 900-1", [("nist_publication", "nist-ai-900-1")]),
        ("H.R. 2683 (190th Congress)", [("us_bill", "190-hr-2683")]),
        ("S. 146 would", [("us_bill_number", "s-146")]),
        ("S.I. 2031/123 and S.S.I. 2031/7", [("uk_si", "uksi-2031-123"), ("uk_si", "ssi-2031-7")]),
        ("the Clocks (Use and Repair) Act 2031 (c. 18)", [("uk_act", "ukpga-2031-18")]),
        ("the Clocks and Watches Act 2031", [("uk_act_title", "Clocks and Watches Act 2031")]),
        ("Regulation (EU) 2031/1689", [("eu_celex", "32031R1689")]),
        ("Regulations (EU) 2031/1689 and 2031/9", [("eu_celex", "32031R1689"), ("eu_celex", "32031R0009")]),
        ("Regulation (EC) No 765/2008", [("eu_celex", "32008R0765")]),
        ("Directive 95/46/EC", [("eu_celex", "31995L0046")]),
        ("Council Decision (EU) 2031/12", [("eu_celex", "32031D0012")]),
        ("CELEX 32031R1689", [("eu_celex", "32031R1689")]),
        ("COM(2031) 206 final", [("eu_commission", "COM_2031_0206_FIN")]),
        ("No law is named on 15 May, at 5 CFRs or in section 4 of it.", []),
    ],
)
def test_citation__is_normalised(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text) == expected
    assert not expected or re.search(MAY_CITE, text, re.IGNORECASE)


def test_citation__stands_at_its_place_with_the_provision_named() -> None:
    text = "See sections 4.1 and 4.2 of Executive Orders 90001 and 90002."
    first, second = find_citations(text)
    assert [text[one.start : one.end] for one in (first, second)] == [first.quote, second.quote]
    assert (first.quote, second.quote) == ("Executive Orders 90001", "90002")
    assert first.pinpoint == "sections 4.1 and 4.2"
    assert find_citations("15 U.S.C. 9401(3)")[0].pinpoint == "(3)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Fair Clocks Act (Public Law 90-284). Later the Fair Clocks Act", [("public_law", "90-284")] * 2),
        ("the Clock Standards Act of 1938, 29 U.S.C. 201 et seq.,", [("usc", "29 U.S.C. 201")]),
        ("Public Law 190-167, known as the CLOCKS Act of 2031", [("public_law", "190-167")]),
        ("under the Clock Repair Act of 2031. The Clock Repair Act", [("named_law", "Clock Repair Act of 2031")] * 2),
        ("the Clear Honest Iron Metal Ends (CHIME) Act of 2031", [("named_law", "CHIME Act of 2031")]),
        ("the Export Asset Regulations apply", [("named_law", "Export Asset Regulations")]),
        ("This Act may be cited as the ``Clocks Act''.", []),
        ("the Final Rule and this Act", []),
        ("Chief Clock Officers Act (CCO Act) agencies", []),
    ],
)
def test_law_by_name__gives_its_number_where_the_text_does(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text) == expected
