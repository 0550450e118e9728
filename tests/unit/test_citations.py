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
        ("44 U.S. Code \u00a7 3552", [("usc", "44 U.S.C. 3552")]),
        ("44 US Code 3552", [("usc", "44 U.S.C. 3552")]),
        ("44 United States Code \u00a7 3552(b)", [("usc", "44 U.S.C. 3552")]),
        ("18 U.S. Code Sections 1030 and 1031", [("usc", "18 U.S.C. 1030"), ("usc", "18 U.S.C. 1031")]),
        ("50 U.S.C. App. 2402", [("usc", "50 U.S.C. App. 2402")]),
        ("5 U.S.C. app. \u00a7 12(a)", [("usc", "5 U.S.C. App. 12")]),
        ("50 U.S.C. Appendix 2402 et seq.", [("usc", "50 U.S.C. App. 2402")]),
        ("the Act, 5 U.S.C. App., and more", []),
        ("S. 5 was passed", [("us_bill_number", "s-5")]),
        ("a turnover of S. 5 million, S. 6,000 or S. 7 per cent", []),
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
        (
            "chapters 83 and 84 of title 5, United States Code",
            [("usc", "5 U.S.C. chapter 83"), ("usc", "5 U.S.C. chapter 84")],
        ),
        ("subchapter II of chapter 5 of title 5, United States Code", [("usc", "5 U.S.C. chapter 5")]),
        ("42 U.S.C. 2000e-5 and 300aa-1", [("usc", "42 U.S.C. 2000e-5"), ("usc", "42 U.S.C. 300aa-1")]),
        ("15 U.S.C. 80a-1 et seq.", [("usc", "15 U.S.C. 80a-1")]),
        ("42 U.S.C. 12101-12213 and 29 U.S.C. 794", [("usc", "42 U.S.C. 12101-12213"), ("usc", "29 U.S.C. 794")]),
        (
            "5 U.S.C. 552a(b)(3), 553(b), and 801–808",
            [("usc", "5 U.S.C. 552a"), ("usc", "5 U.S.C. 553"), ("usc", "5 U.S.C. 801-808")],
        ),
        ("50 U.S.C. 1701-1708; 22 U.S.C. 287c", [("usc", "50 U.S.C. 1701-1708"), ("usc", "22 U.S.C. 287c")]),
        ("44 U.S.C. chapter 35, subchapter II", [("usc", "44 U.S.C. chapter 35")]),
        ("correction C1-2031-00636 and FR Doc. E9-12345", [("fr_document", "E9-12345")]),
        ("In rule documents 2031-00636 and 2031-00637", [("fr_document", "2031-00636"), ("fr_document", "2031-00637")]),
        ("Docket No. EERE-2031-BT-STD-0036", [("docket", "EERE-2031-BT-STD-0036")]),
        ("Docket No. FR-6144-P-01", [("docket", "FR-6144-P-01")]),
        ("Docket No. AMS-SC-31-0071", [("docket", "AMS-SC-31-0071")]),
        ("WC Docket No. 17-97; CG Docket No. 23-362", [("docket", "17-97"), ("docket", "23-362")]),
        ("Docket Nos. 52-025 and 52-026", [("docket", "52-025"), ("docket", "52-026")]),
        ("Docket Nos. R-1792 and OP-1816", [("docket", "R-1792"), ("docket", "OP-1816")]),
        ("No law is named on 15 May, at 5 CFRs or in section 4 of it.", []),
    ],
)
def test_citation__is_normalised(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text) == expected
    assert not expected or re.search(MAY_CITE, text, re.IGNORECASE)


SPELLINGS = [
    (
        ("eo", "90001"),
        [
            "Executive Order 90001",
            "Executive Order No. 90001",
            "Exec. Order 90001",
            "Exec. Order No. 90,001",
            "E.O. 90001",
            "E. O. 90001",
            "EO 90001",
            "EO90001",
            "EO-90001",
            "E.O.90001",
            "executive order 90001",
            "EXECUTIVE ORDER 90001",
            "Executive Order (EO) 90001",
            "EO No. 90001",
            "Executive Order\n90001",
            "Presidential Executive Order 90001",
            "EO #90001",
        ],
    ),
    (
        ("public_law", "190-167"),
        [
            "Public Law 190-167",
            "Pub. L. 190-167",
            "Pub. L. No. 190-167",
            "P.L. 190-167",
            "Pub.L. 190–167",
            "Public Law No. 190-167",
            "PUBLIC LAW 190-167",
            "PL 190-167",
            "Public Law No: 190-167",
            "P. L. 190-167",
            "public law 190-167",
            "Pub L. 190-167",
        ],
    ),
    (
        ("usc", "44 U.S.C. 3502"),
        [
            "44 U.S.C. 3502",
            "44 U.S.C. § 3502",
            "44 USC 3502",
            "44 USC §3502",
            "44 U.S.C. section 3502",
            "section 3502 of title 44, United States Code",
            "Section 3502 of Title 44 of the United States Code",
            "title 44, United States Code, section 3502",
            "44 U.S.C. Sec. 3502",
            "44 U.S.C.A. § 3502",
            "44 U. S. C. 3502",
            "§ 3502 of title 44, United States Code",
        ],
    ),
    (
        ("usc", "44 U.S.C. 3501-3521"),
        [
            "44 U.S.C. 3501-3521",
            "44 U.S.C. 3501–3521",
            "44 U.S.C. §§ 3501-3521",
            "44 U.S.C. 3501 through 3521",
            "44 U.S.C. 3501 to 3521",
            "44 USC 3501-3521",
        ],
    ),
    (
        ("usc", "5 U.S.C. chapter 10"),
        [
            "5 U.S.C. chapter 10",
            "5 U.S.C. ch. 10",
            "5 U.S.C. Chapter 10",
            "Chapter 10 of title 5, United States Code",
            "chapter 10 of title 5 of the United States Code",
            "chapter 10, title 5, United States Code",
            "title 5, United States Code, chapter 10",
            "5 USC ch. 10",
            "5 U.S.C. Ch. 10",
            "chapter 10 of title 5, U.S. Code",
        ],
    ),
    (
        ("cfr", "15 CFR 744"),
        [
            "15 CFR part 744",
            "15 CFR Part 744",
            "15 C.F.R. part 744",
            "15 C.F.R. pt. 744",
            "part 744 of title 15, Code of Federal Regulations",
            "15 CFR parts 744",
            "title 15, Code of Federal Regulations, part 744",
            "part 744 of title 15 of the Code of Federal Regulations",
            "15 CFR Pt. 744",
            "15 CFR 744",
        ],
    ),
    (
        ("cfr", "45 CFR 170.315"),
        [
            "45 CFR 170.315",
            "45 CFR § 170.315",
            "45 C.F.R. §170.315",
            "45 CFR section 170.315",
            "section 170.315 of title 45, Code of Federal Regulations",
            "45 CFR Sec. 170.315",
            "45 CFR 170.315(b)(11)",
            "45 CFR §§ 170.315",
        ],
    ),
    (
        ("cfr", "48 CFR chapter 1"),
        ["48 CFR chapter 1", "48 CFR Chapter 1", "48 CFR ch. 1", "chapter 1 of title 48, Code of Federal Regulations"],
    ),
    (
        ("fr_citation", "89 FR 15698"),
        [
            "89 FR 15698",
            "89 Fed. Reg. 15698",
            "89 F.R. 15698",
            "89 Federal Register 15698",
            "89 FR 15,698",
            "89 Fed. Reg. 15,698",
            "89 Fed.Reg. 15698",
            "89 FR 15698-15733",
            "89 Fed. Reg. at 15698",
            "(89 FR 15698, Mar. 1, 2031)",
        ],
    ),
    (
        ("fr_document", "2031-00636"),
        [
            "FR Doc. 2031-00636",
            "FR Doc 2031-00636",
            "FR Doc. No. 2031-00636",
            "FR Document 2031-00636",
            "FR Document Number 2031-00636",
            "FR Doc. No: 2031-00636",
            "rule document 2031-00636",
            "In proposed rule document 2031-00636 beginning on page 4",
            "In notice document 2031-00636",
            "Federal Register document 2031-00636",
            "FR Doc. #2031-00636",
            "Presidential document 2031-00636",
            "FR Doc. 2031–00636",
            "document number 2031-00636",
            "Document Citation FR Doc. 2031-00636",
            "In rule document 2031-00636, beginning on page 4544 in the issue of Wednesday, January 15, "
            "2031, make the following correction:",
        ],
    ),
    (
        ("rin", "9694-AJ35"),
        [
            "RIN 9694-AJ35",
            "RIN: 9694-AJ35",
            "RIN No. 9694-AJ35",
            "(RIN 9694-AJ35)",
            "RIN number 9694-AJ35",
            "RIN 9694–AJ35",
            "Regulation Identifier Number 9694-AJ35",
            "Regulatory Information Number (RIN) 9694-AJ35",
            "Regulation Identifier Number (RIN): 9694-AJ35",
            "RIN# 9694-AJ35",
            "[RIN 9694-AJ35]",
        ],
    ),
    (
        ("docket", "ED-2031-OPE-0050"),
        [
            "Docket ID ED-2031-OPE-0050",
            "Docket ID: ED-2031-OPE-0050",
            "Docket No. ED-2031-OPE-0050",
            "Docket Number ED-2031-OPE-0050",
            "Docket ID Number: ED-2031-OPE-0050",
            "ED-2031-OPE-0050",
            "[Docket ID ED-2031-OPE-0050]",
            "Docket ID No. ED-2031-OPE-0050",
            "docket number ED-2031-OPE-0050",
            "DOCKET ID: ED-2031-OPE-0050",
        ],
    ),
    (("docket", "DoD-2031-OS-0056"), ["Docket ID: DoD-2031-OS-0056", "Docket No. DoD-2031-OS-0056"]),
    (("docket", "17-97"), ["WC Docket No. 17-97", "Docket No. 17-97", "WC Docket 17-97", "GN Docket Nos. 17-97"]),
    (("docket", "R-1792"), ["Docket No. R-1792", "[Docket No. R-1792]"]),
    (("docket", "RM23-8-000"), ["Docket No. RM23-8-000", "Docket Nos. RM23-8-000"]),
    (
        ("docket", "NRC-2031-0001"),
        ["NRC-2031-0001", "Docket ID NRC-2031-0001", "[NRC-2031-0001]", "search for NRC-2031-0001-0005 there"],
    ),
    (
        ("docket", "EPA-HQ-OAR-2031-0072"),
        ["EPA-HQ-OAR-2031-0072", "Docket ID No. EPA-HQ-OAR-2031-0072", "[EPA-HQ-OAR-2031-0072; FRL-1234-01-OAR]"],
    ),
    (("docket", "310119-0020"), ["Docket No. 310119-0020", "[Docket No.: 310119-0020]"]),
    (("docket", "PTO-P-2031-0003"), ["Docket No. PTO-P-2031-0003", "PTO-P-2031-0003"]),
    (("docket", "DOT-OST-2031-0144"), ["Docket DOT-OST-2031-0144", "DOT-OST-2031-0144"]),
    (
        ("omb_memo", "M-90-10"),
        [
            "OMB Memorandum M-90-10",
            "M-90-10",
            "OMB M-90-10",
            "Memorandum M–90–10",
            "OMB Memo M-90-10",
            "OMB Memorandum No. M-90-10",
            "Memorandum M‑90‑10",
            "memorandum M-90-10",
            "OMB's M-90-10",
            "OMB Memorandum (M-90-10)",
        ],
    ),
    (
        ("omb_circular", "A-130"),
        [
            "OMB Circular A-130",
            "OMB Circular No. A-130",
            "Circular A-130",
            "Circular No. A-130",
            "OMB Circular Number A-130",
            "OMB Circular A–130",
            "(OMB) Circular A-130",
        ],
    ),
    (
        ("us_bill_number", "hr-8152"),
        ["H.R. 8152", "H. R. 8152", "HR 8152", "H.R.8152", "H.R. No. 8152", "House bill H.R. 8152"],
    ),
    (
        ("us_bill", "190-hr-8152"),
        [
            "H.R. 8152 (190th Congress)",
            "H.R. 8152, 190th Congress",
            "H.R. 8152, 190th Cong.",
            "H.R. 8152 of the 190th Congress",
        ],
    ),
    (("us_bill_number", "s-2979"), ["S. 2979", "S.2979", "Senate bill S. 2979"]),
    (("us_bill_number", "hjres-12"), ["H.J. Res. 12", "H. J. Res. 12", "H.J.Res. 12", "H.J.Res.12"]),
    (("us_bill_number", "sconres-7"), ["S. Con. Res. 7", "S.Con.Res. 7"]),
    (("us_bill_number", "hres-66"), ["H. Res. 66", "H.Res. 66"]),
    (
        ("us_state_bill", "ca-sb-1047"),
        [
            "California SB 1047",
            "California S.B. 1047",
            "California's Senate Bill 1047",
            "California Senate Bill No. 1047",
            "California SB-1047",
            "SB 1047 (California)",
            "Senate Bill 1047 in California",
            "California SB1047",
            "S.B. 1047, California",
        ],
    ),
    (("us_state_bill", "co-sb-24-205"), ["Colorado SB 24-205", "Colorado's Senate Bill 24-205", "Colorado SB24-205"]),
    (("us_state_bill", "ny-ab-66"), ["New York Assembly Bill 66", "New York A.B. 66"]),
    (("us_state_bill", "tx-hb-149"), ["Texas House Bill 149", "Texas HB 149", "the Texas H.B. 149"]),
    (
        ("uk_act", "ukpga-2031-12"),
        [
            "Clocks Act 2031 (c. 12)",
            "the Clocks Act 2031 (c.12)",
            "Clocks Act 2031 (chapter 12)",
            "2031 c. 12",
            "Clocks Act 2031 c. 12",
            "Clocks Act 2031, c. 12",
            "the Clocks Act 2031 (2031 c. 12)",
        ],
    ),
    (("uk_act", "asp-2031-9"), ["Clocks (Scotland) Act 2031 (asp 9)", "2031 asp 9"]),
    (
        ("uk_act_title", "Clocks Act 2031"),
        ["the Clocks Act 2031", "Clocks Act 2031", "section 3 of the Clocks Act 2031", "under the Clocks Act\n2031"],
    ),
    (
        ("uk_si", "uksi-2031-480"),
        [
            "S.I. 2031/480",
            "SI 2031/480",
            "S.I. 2031 No. 480",
            "SI 2031 No. 480",
            "Statutory Instrument 2031 No. 480",
            "Statutory Instrument 2031/480",
            "S.I. No. 2031/480",
            "S. I. 2031/480",
            "statutory instruments 2031/480",
        ],
    ),
    (("uk_si", "ssi-2031-7"), ["S.S.I. 2031/7", "SSI 2031/7", "S.S.I. 2031 No. 7"]),
    (
        ("eu_celex", "32031R1689"),
        [
            "Regulation (EU) 2031/1689",
            "Regulation (EU) No 2031/1689",
            "Regulation 2031/1689/EU",
            "REGULATION (EU) 2031/1689",
            "Commission Delegated Regulation (EU) 2031/1689",
            "Commission Implementing Regulation (EU) 2031/1689",
            "CELEX 32031R1689",
            "CELEX:32031R1689",
            "32031R1689",
            "Regulation (EU) 2031/1689 of the European Parliament and of the Council",
            "Regulation\xa0(EU)\xa02031/1689",
            "EU Regulation 2031/1689",
        ],
    ),
    (
        ("eu_celex", "32031L0790"),
        [
            "Directive (EU) 2031/790",
            "Directive 2031/790/EU",
            "Council Directive (EU) 2031/790",
            "DIRECTIVE (EU) 2031/790",
            "EU Directive 2031/790",
        ],
    ),
    (
        ("eu_celex", "32031D0012"),
        [
            "Decision (EU) 2031/12",
            "Council Decision (EU) 2031/12",
            "Commission Implementing Decision (EU) 2031/12",
            "Decision (CFSP) 2031/12",
            "Decision 2031/12/EU",
        ],
    ),
    (
        ("eu_celex", "32008R0765"),
        [
            "Regulation (EC) No 765/2008",
            "Regulation (EC) 765/2008",
            "Regulation (EC) No. 765/2008",
            "Regulation No 765/2008/EC",
        ],
    ),
    (
        ("eu_commission", "COM_2031_0206_FIN"),
        [
            "COM(2031) 206",
            "COM(2031) 206 final",
            "COM (2031) 206",
            "COM(2031)206",
            "COM/2031/206",
            "COM(2031) 206 FINAL",
            "COM/2031/206 final",
        ],
    ),
    (
        ("proclamation", "9901"),
        [
            "Proclamation 9901",
            "Presidential Proclamation 9901",
            "Proclamation No. 9901",
            "Proc. 9901",
            "Proc. No. 9901",
            "Proclamation 9,901",
        ],
    ),
    (
        ("nist_publication", "nist-sp-900-53"),
        [
            "NIST SP 900-53",
            "NIST Special Publication 900-53",
            "NIST Special Publication (SP) 900-53",
            "NIST SP-900-53",
            "SP 900-53",
            "NIST Special Pub. 900-53",
        ],
    ),
    (
        ("fr_document", "2031-24283"),
        [
            "Federal Register Doc. No. 2031-24283",
            "Federal Register Doc. 2031-24283",
            "Federal Register Document No. 2031-24283",
            "Fed. Reg. Doc. No. 2031-24283",
            "F.R. Doc. 2031-24283",
            "FR Doc. 2031-24283",
            "FR Doc No: 2031-24283",
            "[FR Doc. No. 2031-24283 Filed 11-1-31; 8:45 am]",
            "Doc. No. 2031-24283",
        ],
    ),
    (
        ("presidential_directive", "NSM-922"),
        [
            "NSM-922",
            "National Security Memorandum 922",
            "National Security Memorandum No. 922",
            "National Security Memorandum-922",
            "National Security Memorandum (NSM) 922",
            "NATIONAL SECURITY MEMORANDUM/NSM-922",
            "National Security Memorandum on Clocks (NSM-922)",
        ],
    ),
    (
        ("presidential_directive", "NSPM-933"),
        [
            "NSPM-933",
            "NSPM 933",
            "National Security Presidential Memorandum 933",
            "National Security Presidential Memorandum/NSPM-933",
            "NSPM–933",
        ],
    ),
    (
        ("presidential_directive", "PPD-921"),
        ["PPD-921", "Presidential Policy Directive 921", "Presidential Policy Directive (PPD) 921"],
    ),
    (("presidential_directive", "HSPD-912"), ["HSPD-912", "HSPD 912", "Homeland Security Presidential Directive 912"]),
    (("presidential_directive", "SPD-905"), ["Space Policy Directive 905", "Space Policy Directive-905"]),
    (
        ("cfr", "48 CFR 52.204-95"),
        [
            "FAR 52.204-95",
            "FAR clause 52.204-95",
            "FAR clause at 52.204-95",
            "the clause at 52.204-95",
            "the clause at FAR 52.204-95",
            "Federal Acquisition Regulation (FAR) 52.204-95",
            "Federal Acquisition Regulation clause 52.204-95",
            "48 CFR 52.204-95",
            "48 CFR § 52.204-95",
        ],
    ),
    (
        ("cfr", "48 CFR 252.204-7912"),
        [
            "DFARS 252.204-7912",
            "DFARS clause 252.204-7912",
            "the provision at DFARS 252.204-7912",
            "Defense Federal Acquisition Regulation Supplement (DFARS) 252.204-7912",
            "48 CFR 252.204-7912",
        ],
    ),
    (("cfr", "48 CFR 552.204-9"), ["GSAR 552.204-9", "GSAR clause 552.204-9"]),
    (("cfr", "48 CFR 12"), ["Federal Acquisition Regulation part 12", "Federal Acquisition Regulation (FAR) Part 12"]),
    (("cfr", "48 CFR 204.73"), ["DFARS subpart 204.73", "48 CFR subpart 204.73"]),
    (("nist_publication", "nist-ai-900-1"), ["NIST AI 900-1", "NIST AI-900-1", "NIST.AI.900-1"]),
    (("ca_bill_number", "c-127"), ["Bill C-127", "Bill C‑127", "bill C-127"]),
]
"""An identifier, and how texts write it."""


@pytest.mark.parametrize(("named", "text"), [(named, text) for named, spellings in SPELLINGS for text in spellings])
def test_every_spelling__gives_one_identifier(named: tuple[str, str], text: str) -> None:
    assert names(text) == [named]
    assert re.search(MAY_CITE, text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("FAR 52.204-91, 52.204-95, and DFARS 252.204-7912", ["52.204-91", "52.204-95", "252.204-7912"]),
        ("The Federal Acquisition Regulation: FAR 4.2102, FAR subpart 9.5.", ["4.2102", "9.5"]),
        ("The Federal Acquisition Regulation: FAR parts 12 and 15, FAR part 77.", ["12", "15"]),
    ],
)
def test_acquisition_regulations__are_title_48(text: str, named: list[str]) -> None:
    assert [value for scheme, value in names(text) if scheme == "cfr"] == [f"48 CFR {one}" for one in named]


def test_directives__are_read_in_pairs() -> None:
    assert [value for _, value in names("NSPD-954/HSPD-923")] == ["NSPD-954", "HSPD-923"]
    assert [value for _, value in names("Presidential Policy Directives 908 and 921")] == ["PPD-908", "PPD-921"]


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
        ("the NEPA Implementing Regulations", [("named_law", "NEPA Implementing Regulations")]),
        (
            "the Public Clocks Act and the Local Bells Act",
            [("named_law", n) for n in ("Public Clocks Act", "Local Bells Act")],
        ),
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
        "SB 1047 and Senate Bill 1381 of the session",
        "EESC-2031-05568",
        "EO1216",
        "CVE-2031-1234 and GHSA-2031-0001",
        "ISO-2031-1234",
        "docket call at 10-12",
        "HHS-2031-IHS-INPSY-0001",
        "a chapter 10 of the plan",
        "rule documents of 2031",
        "SB Nation 12",
        "AB 5 mg, type AB 12",
        "the 2031 No. 4 seed",
        "in 2031 c. 400 people came",
        "Docket 24-hour line",
        "the SP 500 index",
        "HR 24 hours a day",
        "my HB 2 pencil",
        "PL 1-2",
        "part 2031-00636",
        "it cost EO 14,110,500 in all",
        "as required by the Public Act",
        "Public Act 103-804 and the Public Act of 2031",
        "a Private Act, a Local Act or the Principal Act",
        "Ohio Public Act 246",
        "the Delegated Act and the Implementing Act",
        "PPD 41 mm, SPD 15 and SPD-15",
        "the NSM-10.5 screw and an NSPM 1000 meter",
        "a National Security Memorandum of 2031",
        "FAR 25.1309 and FAR part 77 surfaces",
        "FAR Case 2031-013",
        "sections 52.220-52.224 of the plan",
        "far 52.2 miles",
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
