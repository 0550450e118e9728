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
        ("Exec. Order No. 90,001", [("eo", "90001")]),
        ("EO 90,001 and E.O. 9,002", [("eo", "90001"), ("eo", "9002")]),
        ("Executive Orders 90,001, 90,002 and 90003", [("eo", "90001"), ("eo", "90002"), ("eo", "90003")]),
        ("Proclamation 9,904 on barns", [("proclamation", "9904")]),
        ("under Executive Order (EO) 90001 and (EO 90002)", [("eo", "90001"), ("eo", "90002")]),
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
        ("Exec. Order No. 90001", [("eo", "90001")]),
        ("the orders (EOs) 90001 and 90002", [("eo", "90001"), ("eo", "90002")]),
        ("M\u201390\u201301 and M\u201190\u201102", [("omb_memo", "M-90-01"), ("omb_memo", "M-90-02")]),
        ("PUBLIC LAW 190\u201312", [("public_law", "190-12")]),
        ("Public Law No: 190-12", [("public_law", "190-12")]),
        ("Title 44, United States Code, section 3552(b)", [("usc", "44 U.S.C. 3552")]),
        ("section 1703 of title 50, U.S.C.", [("usc", "50 U.S.C. 1703")]),
        ("parts 742 and 744 of title 15, CFR", [("cfr", "15 CFR 742"), ("cfr", "15 CFR 744")]),
        ("title 15 of the Code of Federal Regulations, part 744", [("cfr", "15 CFR 744")]),
        ("89 FR at 15700", [("fr_citation", "89 FR 15700")]),
        ("RINs 9694-AZ35 and 9694-AZ36", [("rin", "9694-AZ35"), ("rin", "9694-AZ36")]),
        ("Docket No. 310119-0020", [("docket", "310119-0020")]),
        ("Docket Nos. BIS-2031-0047, BIS-2031-0048", [("docket", "BIS-2031-0047"), ("docket", "BIS-2031-0048")]),
        ("comments under FDA-2031-D-4488", [("docket", "FDA-2031-D-4488")]),
        ("NIST Special Publication 900-53", [("nist_publication", "nist-sp-900-53")]),
        ("NIST AI 900-2e2031", [("nist_publication", "nist-ai-900-2e2031")]),
        ("NISTIR 9312", [("nist_publication", "nist-ir-9312")]),
        ("S.I. 2031 No. 506", [("uk_si", "uksi-2031-506")]),
        ("the Clocks Act 2031 (chapter 12)", [("uk_act", "ukpga-2031-12")]),
        ("Bill C-127", [("ca_bill_number", "c-127")]),
        (
            "JOIN(2031) 18 final, SWD(2031) 84 final and C(2031) 1900",
            [("eu_commission", f"{name}_FIN") for name in ("JOIN_2031_0018", "SWD_2031_0084", "C_2031_1900")],
        ),
        (
            "Regulations (EC) No 300/2008, (EU) No 167/2013, (EU) 2031/858 and (EU) 2031/9",
            [("eu_celex", name) for name in ("32008R0300", "32013R0167", "32031R0858", "32031R0009")],
        ),
        (
            "Directives 2014/90/EU, (EU) 2031/797 and (EU) 2031/8",
            [("eu_celex", name) for name in ("32014L0090", "32031L0797", "32031L0008")],
        ),
        ("Regulation (EC) 765/2008", [("eu_celex", "32008R0765")]),
        ("Council Framework Decision 2002/584/JHA", [("eu_celex", "32002F0584")]),
        ("Decision No 768/2008/EC", [("eu_celex", "32008D0768")]),
        ("CVE-2031-1234, title 5 of the rules, part 3 of the plan and Figure C(2)", []),
        ("Directive 12/2031 of the board, blood type AB 5mg, a bill of 1047 dollars", []),
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


@pytest.mark.parametrize(
    "text",
    [
        "the Earth Observation (EO) 45678 picture of the barns",
        "Flight M-31-10 was late",
        "junction M-31-10",
        "the model no. M-31-10 tractor",
        "at 400 S. 12 Street",
        "the office on S. 4 Ave. is closed",
        "it cost EO 14,110,500 in all",
    ],
)
def test_numbers_of_other_things_are_no_citations(text: str) -> None:
    assert find_citations(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Representation of the Hens Act 1983", "Representation of the Hens Act 1983"),
        ("guilty under the Offences against the Barn Act 1861", "Offences against the Barn Act 1861"),
        ("See Fair Barns Act 2030", "Fair Barns Act 2030"),
        ("Unlike Fair Barns Act 2030", "Fair Barns Act 2030"),
        ("part of the Fair Barns Act 2030", "Fair Barns Act 2030"),
        ("the Order and Calm at Work etc. Act 1974 applies", "Order and Calm at Work etc. Act 1974"),
        ("Hay, Straw, etc. The Fair Barns Act 2030", "Fair Barns Act 2030"),
    ],
)
def test_titles_of_acts__hold_what_belongs_to_them(text: str, title: str) -> None:
    assert [(one.scheme, one.value) for one in find_citations(text)] == [("uk_act_title", title)]
