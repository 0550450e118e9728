"""What US, British and European texts say that they do to others, one wording a case, in sentences of our own."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.enrich import relations
from pipelines.enrich.citations import Citation, find_citations
from pipelines.enrich.relations import find_relations

Acts = dict[str, str]


def acts(text: str) -> Acts:
    """Relation of each target; two of one target are joined by a plus sign."""
    found: Acts = {}
    for one in find_relations(text):
        found[one.target_value] = "+".join(filter(None, (found.get(one.target_value), one.relation)))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This rule implements section 889 of the Mary T. Bell National Clocks Act for Fiscal Year 2029 (Pub. L. "
            "190-232).",
            {"190-232": "implements"},
        ),
        (
            "BCD is issuing an interim rule amending the Clocks Regulation to implement section 5949 of the Ann B. "
            "Dial "
            "National Bells Authorization Act for Fiscal Year 2033 (Pub. L. 191-263).",
            {"191-263": "implements"},
        ),
        (
            "This final rule implements the Electronic Clock Record Reporting Program provision of the 21st Century "
            "Bells Act (Pub. L. 190-255).",
            {"190-255": "implements"},
        ),
        (
            "To implement the Bell Ringer Quality of Life Improvement and National Clocks Authorization Act for Fiscal "
            "Year 2035 (Public Law 192-159), the Department shall act.",
            {"192-159": "implements"},
        ),
        (
            "This part implements title VI of the William (Bill) Bell Clocks, Dials, and Bells Act of 2031, as amended "
            "(42 U.S.C. 99000d).",
            {"42 U.S.C. 99000d": "implements"},
        ),
        (
            "These regulations carry out sections 4(a), 4(b) and 6 of the St. Bell's Clocks Act of 2031 (Public Law "
            "190-9).",
            {"190-9": "implements"},
        ),
        (
            "The Department implements the requirements of the Clocks for America Act of 2031 (Pub. L. 190-4).",
            {"190-4": "implements"},
        ),
        (
            "The rule implementing the Dr. A. B. Bell Clocks Act of 2031 (Pub. L. 190-4) was criticised.",
            {"190-4": "cites"},
        ),
    ],
)
def test_law__is_carried_out_whatever_its_name_holds(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule is issued under the authority of 31 U.S.C. 9503.", {"31 U.S.C. 9503": "implements"}),
        (
            "This memorandum is issued under the authority of 31 U.S.C. 9503 and 44 U.S.C. 9504.",
            {"31 U.S.C. 9503": "implements", "44 U.S.C. 9504": "implements"},
        ),
        (
            "This notice is published under authority of section 9503 of title 31, United States Code.",
            {"31 U.S.C. 9503": "implements"},
        ),
        (
            "CLK issues this memorandum pursuant to section 10.1(b) of Executive Order 90001.",
            {"90001": "implements"},
        ),
        (
            "The Bureau is issuing this final rule pursuant to section 6403 of the Clock Transparency Act (31 U.S.C. "
            "9336).",
            {"31 U.S.C. 9336": "implements"},
        ),
        (
            "The Director issues this memorandum as required by section 4(b) of Executive Order 90001.",
            {"90001": "implements"},
        ),
        (
            "We are publishing this request for information pursuant to 15 U.S.C. 9272.",
            {"15 U.S.C. 9272": "implements"},
        ),
        (
            "This memorandum provides guidance pursuant to the Clocks in Government Act of 2030, the Advancing Bells "
            "Act, and Executive Order 90001.",
            {
                "Clocks in Government Act of 2030": "implements",
                "Advancing Bells Act": "implements",
                "90001": "implements",
            },
        ),
        ("This action is being taken in accordance with the Clean Bells Act.", {"Clean Bells Act": "implements"}),
        ("This action is taken in furtherance of Executive Order 90001.", {"90001": "implements"}),
        (
            "By virtue of the authority vested in the Secretary by section 5 of the Clocks Act (15 U.S.C. 9401), it is "
            "ordered as follows.",
            {"15 U.S.C. 9401": "implements"},
        ),
        (
            "The Commission adopts these rules pursuant to its authority under sections 4(i) and 303(r) of the Clocks "
            "Act of 1934, as amended, 47 U.S.C. 9154.",
            {"47 U.S.C. 9154": "implements"},
        ),
        (
            "As mandated by section 3 of Executive Order 90001, the Office establishes a register.",
            {"90001": "implements"},
        ),
        ("As required by Memorandum M-90-01, this plan names the officer.", {"M-90-01": "implements"}),
        (
            "This memorandum implements the requirements of section 7224(d) of the Advancing Bells Act, as well as "
            "Executive Order 90001.",
            {"Advancing Bells Act": "implements", "90001": "implements"},
        ),
        (
            "This memorandum implements Executive Order 90001, as well as the requirements of section 7224(d) of the "
            "Advancing Bells Act.",
            {"90001": "implements", "Advancing Bells Act": "implements"},
        ),
        (
            "This guidance implements Executive Order 90001 and section 5 of the Bells Act of 2030 (Public Law 190-7).",
            {"90001": "implements", "190-7": "implements"},
        ),
        (
            "This rule implements both the Bells Act of 2030 (Public Law 190-7) and Executive Order 90001.",
            {"190-7": "implements", "90001": "implements"},
        ),
        (
            "In accordance with the Bells Act of 2030 (Public Law 190-7), each agency shall submit a plan.",
            {"190-7": "implements"},
        ),
        (
            "Pursuant to the Bells Act of 2030 (Public Law 190-7) and the Federal Advisory Committee Act, the Office "
            "holds a "
            "meeting.",
            {"190-7": "implements", "Federal Advisory Committee Act": "cites"},
        ),
        (
            "In accordance with the Bells Adjustment Act of 1990, as amended by the Dials Act of 2015, this final rule "
            "adjusts fees.",
            {"Bells Adjustment Act of 1990": "implements", "Dials Act of 2015": "cites"},
        ),
        (
            "This order implements Executive Order 90001, and Executive Order 90002 remains in effect.",
            {"90001": "implements", "90002": "cites"},
        ),
        (
            "This rule implements Executive Order 90001, and the Bells Act of 2030 (Public Law 190-7) requires the "
            "rest.",
            {"90001": "implements", "190-7": "cites"},
        ),
    ],
)
def test_authority__is_read_in_all_its_wordings(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is the sense of Congress that the President should use the authorities granted under the Clocks Act of "
        "1950 "
        "(50 U.S.C. 94501).",
        "In accordance with title II of the Bells with Disabilities Act (42 U.S.C. 92132), a State shall not exclude "
        "ringers.",
        "In accordance with the Bells Act (42 U.S.C. 92132), every employer shall keep a record.",
        "Nothing in this order shall be construed to impair the authority granted by the Clocks Act (15 U.S.C. 9401).",
        "This order does not limit the powers conferred by the Clocks Act (15 U.S.C. 9401).",
        "Clocks shall be inspected in accordance with the Bells Act (42 U.S.C. 92132).",
        "Clocks are inspected in accordance with the Bells Act (42 U.S.C. 92132).",
        "This rule does not change duties imposed pursuant to Executive Order 90001.",
        "These regulations amend the respective regulations made under Part I of the Bells Act 1988.",
        "It covers arrangements made through the exercise of powers under the Bells Act 2009.",
        "Penalties are assessed pursuant to 18 U.S.C. 9571.",
        "The senator said that the agency would implement Executive Order 90001.",
        "According to the report, the office failed to carry out Executive Order 90001.",
        "The group urged the Department to implement section 5 of the Clocks Act (15 U.S.C. 9401).",
        "Rules adopted pursuant to Executive Order 90001 stay as they are.",
        "This notice describes actions taken pursuant to Executive Order 90001.",
        "The purpose of this rule is consistent with Executive Order 90001.",
        "Under color of this rule pursuant to 18 U.S.C. 9242, nothing is done.",
        "This order builds on the Clocks Act of 2030 (Public Law 190-6) and Executive Order 90001.",
    ],
)
def test_what_is_no_authority_of_the_text__is_cited(text: str) -> None:
    assert set(acts(text).values()) == {"cites"}


AI_TITLE = (
    "of the European Parliament and of the Council of 13 June 2031 laying down harmonised rules on clocks and amending "
    "Regulations (EC) No 300/2028, (EU) No 167/2033, (EU) 2038/858 and Directives 2034/90/EU, (EU) 2036/797 and (EU) "
    "2030/1828 (Clocks Act)"
)
AMENDED = ("32028R0300", "32033R0167", "32038R0858", "32034L0090", "32036L0797", "32030L1828")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Regulation (EU) 2031/1689 {AI_TITLE}", dict.fromkeys(AMENDED, "amends")),
        (
            "Official Journal of the European Union EN L series\n\nREGULATION (EU) 2031/1689 OF THE EUROPEAN "
            "PARLIAMENT "
            f"AND OF THE COUNCIL\n\n{AI_TITLE.partition('Council ')[2]}\n\nTHE EUROPEAN PARLIAMENT AND THE COUNCIL",
            dict.fromkeys(AMENDED, "amends"),
        ),
        (
            "REGULATION (EU) 2036/679 OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL of 27 April 2036 on the protection "
            "of bells, and repealing Directive 2015/46/EC (General Bell Regulation)",
            {"32015L0046": "revokes"},
        ),
        (
            "DIRECTIVE (EU) 2034/2853 OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL of 23 October 2034 on liability "
            "for "
            "defective clocks and repealing Council Directive 85/374/EEC",
            {"31985L0374": "revokes"},
        ),
        (
            "COMMISSION IMPLEMENTING REGULATION (EU) 2035/454 of 7 March 2035 laying down the rules for the "
            "application "
            "of Regulation (EU) 2031/1689 of the European Parliament and of the Council as regards a panel of bells",
            {"32031R1689": "implements"},
        ),
        (
            "Commission Delegated Regulation (EU) 2034/1366 of 11 March 2034 supplementing Regulation (EU) 2031/943 of "
            "the European Parliament and of the Council by establishing a code",
            {"32031R0943": "implements"},
        ),
        (
            "COMMISSION DELEGATED REGULATION (EU) 2035/5 of 1 May 2035 amending Annex I to Regulation (EU) 2031/821 of "
            "the European Parliament and of the Council as regards the list of bells",
            {"32031R0821": "amends"},
        ),
        (
            "COUNCIL DECISION (EU) 2035/9 of 1 May 2035 amending Decision (EU) 2031/10 and repealing Decisions (EU) "
            "2030/11 and (EU) 2030/12",
            {"32031D0010": "amends", "32030D0011": "revokes", "32030D0012": "revokes"},
        ),
        (
            "Commission Implementing Decision (EU) 2035/7 of 2 May 2035 on clocks, amending Implementing Decision (EU) "
            "2031/12",
            {"32031D0012": "amends"},
        ),
        (
            "In Article 4(3) of Regulation (EC) No 300/2028, the following subparagraph is added:",
            {"32028R0300": "amends"},
        ),
        ("In Annex I to Directive (EU) 2030/1828, the following point is added:", {"32030L1828": "amends"}),
        ("In Regulation (EU) 2030/1828, the following Article 5a is inserted:", {"32030R1828": "amends"}),
        ("In Article 2 of Directive 2032/58/EC, paragraph 3 is deleted.", {"32032L0058": "amends"}),
        (
            "In Article 13 of Directive 2032/58/EC, paragraphs 2 and 3 are replaced by the following:",
            {"32032L0058": "amends"},
        ),
        (
            "Annex II to Implementing Regulation (EU) 2030/5 is replaced by the text set out in the Annex to this "
            "Regulation.",
            {"32030R0005": "amends"},
        ),
        (
            "Annex II to Implementing Regulation (EU) 2030/5 is amended in accordance with the Annex to this "
            "Regulation.",
            {"32030R0005": "amends"},
        ),
        (
            "THE EUROPEAN COMMISSION,\nHaving regard to Regulation (EU) 2031/1689 of the European Parliament and of "
            "the "
            "Council of 13 June 2031 on clocks (1), and in particular Article 101(6) thereof,\nHAS ADOPTED",
            {"32031R1689": "implements"},
        ),
        (
            "Having regard to Directive 2032/21/EC of the European Parliament and of the Council on a common framework "
            "for bells (Framework Directive), and in particular the second subparagraph of Article 7(3) thereof,",
            {"32032L0021": "implements"},
        ),
        (
            "Article 1. Regulation (EU) 2031/1173 is amended as follows: (1) in Article 2, point (5) is replaced. "
            "Having "
            "regard to Regulation (EU) 2031/1173, and in particular Article 1 thereof,",
            {"32031R1173": "amends"},
        ),
        (
            "The Commission has decided to withdraw the proposal for a Directive on adapting liability rules to clocks "
            "(COM(2032) 496).",
            {"COM_2032_0496_FIN": "withdraws"},
        ),
        ("The Commission is withdrawing its proposal COM(2032) 496.", {"COM_2032_0496_FIN": "withdraws"}),
        ("Directive 2031/95/EC is repealed with effect from 13 December 2034.", {"32031L0095": "revokes"}),
        (
            "The application of Article 6 of Regulation (EU) 2031/1689 is suspended until 2 August 2036.",
            {"32031R1689": "suspends"},
        ),
    ],
)
def test_union__says_what_its_acts_do(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"Having regard to the opinion, this body recalls Regulation (EU) 2031/1689 {AI_TITLE}.",
            dict.fromkeys(("32031R1689", *AMENDED), "cites"),
        ),
        (
            f"Regulation (EU) 2031/1689 {AI_TITLE} entered into force on 1 August 2034.",
            dict.fromkeys(("32031R1689", *AMENDED), "cites"),
        ),
        (
            "Proposal for a\nREGULATION OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL\namending Regulation (EU) "
            "2031/1689",
            {"32031R1689": "cites"},
        ),
        (
            "Opinion on a proposal for a Regulation of the European Parliament and of the Council amending Regulation "
            "(EU) No 260/2032 as regards bells COM(2033) 937 final",
            {"32032R0260": "cites", "COM_2033_0937_FIN": "cites"},
        ),
        ("The proposal would repeal Directive 2032/58/EC.", {"32032L0058": "cites"}),
        ("Having regard to Regulation (EU) 2036/679,", {"32036R0679": "cites"}),
        (
            "This Regulation is without prejudice to Regulation (EU) 2036/679 and Directive 2032/58/EC.",
            {"32036R0679": "cites", "32032L0058": "cites"},
        ),
        ("The Commission intends to withdraw the proposal COM(2032) 496.", {"COM_2032_0496_FIN": "cites"}),
        (
            "In accordance with Article 5 of Regulation (EU) 2031/182, the following conditions are added to the "
            "licence.",
            {"32031R0182": "cites"},
        ),
        (
            "References to Directive 2031/95/EC shall be construed as references to this Regulation.",
            {"32031L0095": "cites"},
        ),
    ],
)
def test_union__names_others_without_acting(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In section 5 of the Clocks Act 2003 (duties of OFCLOCK), after subsection (2) insert\u2014",
            {"Clocks Act 2003": "amends"},
        ),
        (
            "In section 5(1) of the Clocks Act 2003, after paragraph (a) there is inserted\u2014",
            {"Clocks Act 2003": "amends"},
        ),
        (
            "In regulation 4 of the Clocks Regulations 2018 (S.I. 2018/480), for paragraph (1) there is "
            "substituted\u2014",
            {"uksi-2018-480": "amends"},
        ),
        ("The Bell Protection Act 2018 is amended as follows.", {"Bell Protection Act 2018": "amends"}),
        ("Section 49 of the Digital Bells Act 2017 is repealed.", {"Digital Bells Act 2017": "revokes"}),
        (
            "The Clocks (Fees) Regulations 2000 (S.I. 2000/188) are revoked.",
            {"uksi-2000-188": "revokes"},
        ),
        (
            "These Regulations amend the Clocks (Charges) Regulations 2018 (S.I. 2018/480) and revoke the Bells Order "
            "2001 (S.I. 2001/9).",
            {"uksi-2018-480": "amends", "uksi-2001-9": "revokes"},
        ),
        (
            "The Secretary of State makes these Regulations in exercise of the powers conferred by section 10 of the "
            "Online Bells Act 2023.",
            {"Online Bells Act 2023": "implements"},
        ),
        (
            "The Secretary of State, in exercise of the powers conferred by section 2(2) of, and paragraph 1A of "
            "Schedule "
            "2 to, the Bells Communities Act 1972, makes this Order.",
            {"Bells Communities Act 1972": "implements"},
        ),
        (
            "In exercise of the powers conferred on them by sections 17(3) and 183(1) of the Bell Protection Act 2018 "
            "and "
            "section 5 of the Online Bells Act 2023, the Ministers make these Regulations.",
            {"Bell Protection Act 2018": "implements", "Online Bells Act 2023": "implements"},
        ),
        ("These Regulations implement Directive 2034/53/EU.", {"32034L0053": "implements"}),
        ("These Regulations give effect to Directive 2034/53/EU.", {"32034L0053": "implements"}),
        ("Ministers plan to repeal section 49 of the Digital Bells Act 2017.", {"Digital Bells Act 2017": "cites"}),
        (
            "\u201cThe commissioner\u201d has the same meaning as in the Bell Protection Act 2018 (see section 3 of "
            "that Act).",
            {"Bell Protection Act 2018": "cites"},
        ),
    ],
)
def test_british_instrument__says_what_it_does(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In the Federal Register of January 15, 2031, in FR Doc. 2031-00636, on page 4544, in the third column, "
        "correct "
        "the ADDRESSES caption to read:",
        "In FR Doc. 2031-00636 appearing on page 4544 in the issue of January 15, 2031, correct the second sentence of "
        "the preamble to read as follows:",
        "In FR Doc. 2031-00636, on page 4544, in the first column, the DATES section is corrected to read:",
        "In FR Doc. 2031-00636, published on January 15, 2031, make the following corrections:",
        "In FR Doc. 2031-00636, published on January 15, 2031, the following changes are made:",
        "On page 4544, in FR Doc. 2031-00636, remove the words \u201cMay 1\u201d and add the words \u201cMay 2\u201d "
        "in "
        "their place.",
        "This document corrects an error in FR Doc. 2031-00636, which was published on January 15, 2031.",
        "BCD is correcting FR Doc. 2031-00636.",
    ],
)
def test_register__is_corrected(text: str) -> None:
    assert acts(text) == {"2031-00636": "corrects"}


@pytest.mark.parametrize(
    "text",
    [
        "In rule document 2031-00636, beginning on page 4544 in the issue of Wednesday, January 15, 2031, make the "
        "following correction:",
        "In proposed rule document 2031-00636 appearing on page 4544 in the issue of January 15, 2031, make the "
        "following "
        "changes:",
        "In notice document 2031-00636, on page 4544, in the third column, correct the heading to read:",
    ],
)
def test_register__is_corrected_by_the_number_of_a_rule_document(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = text.index("document")
    cited = Citation("fr_document", "2031-00636", start, start + 19, text[start : start + 19])
    monkeypatch.setattr(relations, "find_citations", lambda _: [cited])
    assert acts(text) == {"2031-00636": "corrects"}


@pytest.mark.parametrize(
    ("text", "expected", "until"),
    [
        (
            "In light of court orders, the CPFB stays the compliance dates of the final rule published at 88 FR 95150.",
            {"88 FR 95150": "suspends"},
            None,
        ),
        (
            "The effective date of the rule published at 90 FR 94544 is delayed until May 15, 2036.",
            {"90 FR 94544": "delays"},
            "2036-05-15",
        ),
        (
            "This action delays the effective date of the final rule published at 90 FR 94544 until May 15, 2036.",
            {"90 FR 94544": "delays"},
            "2036-05-15",
        ),
        (
            "The Department is postponing the applicability date of 34 CFR 968.",
            {"34 CFR 968": "delays"},
            None,
        ),
        (
            "The Bureau extends the compliance dates of the rule published at 88 FR 95150 to July 18, 2036.",
            {"88 FR 95150": "delays"},
            "2036-07-18",
        ),
        ("The compliance date for 12 CFR part 1902 is extended.", {"12 CFR 1902": "delays"}, None),
        (
            "This rule suspends, until November 9, 2036, the final rule published at 90 FR 94544.",
            {"90 FR 94544": "suspends"},
            "2036-11-09",
        ),
        ("Section 5 of Executive Order 90001 is hereby suspended.", {"90001": "suspends"}, None),
        ("I hereby suspend Executive Order 90001.", {"90001": "suspends"}, None),
        (
            "Pursuant to 5 U.S.C. 705, the Agency postpones the effective date of the rule at 90 FR 94544.",
            {"5 U.S.C. 705": "cites", "90 FR 94544": "delays"},
            None,
        ),
        (
            "The entry into application of Regulation (EU) 2031/1115 is postponed to 30 December 2036.",
            {"32031R1115": "delays"},
            "2036-12-30",
        ),
        (
            "The court vacated the final rule published at 89 FR 92842.",
            {"89 FR 92842": "revokes"},
            None,
        ),
        (
            "On May 2, 2035, the U.S. District Court for the Northern District of Bells vacated the rule at 89 FR "
            "92842.",
            {"89 FR 92842": "revokes"},
            None,
        ),
        (
            "A federal district court preliminarily enjoined the Department from enforcing Executive Order 90001.",
            {"90001": "suspends"},
            None,
        ),
        ("The Fifth Circuit has stayed the rule published at 88 FR 95150.", {"88 FR 95150": "suspends"}, None),
        ("The court set aside section 3 of Executive Order 90001.", {"90001": "revokes"}, None),
        ("The Final Rule, 89 FR 92842, is hereby VACATED.", {"89 FR 92842": "revokes"}, None),
        (
            "Defendants are preliminarily enjoined from implementing section 4 of Executive Order 90001.",
            {"90001": "suspends"},
            None,
        ),
        (
            "The rule at 89 FR 92842 was vacated by the United States Court of Appeals for the Fifth Circuit.",
            {"89 FR 92842": "revokes"},
            None,
        ),
    ],
)
def test_hold__is_read_with_its_end(text: str, expected: Acts, until: str | None) -> None:
    assert acts(text) == expected
    days = {one.until_date for one in find_relations(text) if one.relation in ("suspends", "delays")}
    assert days <= {until and date.fromisoformat(until)}


@pytest.mark.parametrize(
    "text",
    [
        "The meeting announced at 90 FR 94544 is postponed.",
        "The Board delays the hearing announced at 90 FR 94544.",
        "The Agency proposes to delay the effective date of the rule at 90 FR 94544.",
        "This action would delay the effective date of the rule at 90 FR 94544.",
        "If the effective date of the rule at 90 FR 94544 is delayed, firms have longer.",
        "The secretary said that the rule at 90 FR 94544 is suspended.",
        "Executive Order 90001 stays in force.",
        "The duty of the State to meet certain Clean Bells Act (CBA) plan requirements is suspended.",
        "M-90-01 stays as it is, and the Office defers to the rule at 90 FR 94544.",
        "The Secretary may suspend the rule at 90 FR 94544.",
        "Entry of the persons described in Proclamation 90043 is suspended.",
        "The plaintiffs asked the court to vacate the rule at 89 FR 92842.",
        "The court would have vacated the rule at 89 FR 92842.",
        "If the court vacates the rule at 89 FR 92842, the former rule applies.",
        "The court of appeals vacated the injunction against Executive Order 90001.",
        "The court stayed proceedings under the rule at 89 FR 92842.",
        "The court denied a motion to stay Executive Order 90001.",
        "The court vacated a grant decision made under Executive Order 90001.",
        "The trade group argues that the court vacated the rule at 89 FR 92842.",
        "Agencies shall suspend any regulations issued under Executive Order 90001.",
        "The minister spoke of delays in Executive Order 90001.",
    ],
)
def test_what_is_no_hold__is_cited(text: str) -> None:
    assert set(acts(text).values()) == {"cites"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The White House said the new order would rescind Executive Order 90001. Last year the department proposed "
            "to amend 15 CFR part 907.",
            {"90001": "cites", "15 CFR 907": "cites"},
        ),
        (
            "On January 20, 2035, President Dial revoked Executive Order 90001, which had implemented Public Law "
            "190-6.",
            {"90001": "cites", "190-6": "cites"},
        ),
        (
            "Lawmakers welcomed the vote to repeal section 5 of the Clocks Act (15 U.S.C. 9401).",
            {"15 U.S.C. 9401": "cites"},
        ),
        (
            "The Commission today announced plans to withdraw the rule at 89 FR 95698.",
            {"89 FR 95698": "cites"},
        ),
        (
            "Companies must comply with Regulation (EU) 2031/1689 from August; guidance is expected under Article 6.",
            {"32031R1689": "cites"},
        ),
        (
            "The agency invites comment under Docket No. CLK-2034-0001 on how it should implement M-90-01.",
            {"CLK-2034-0001": "cites", "M-90-01": "cites"},
        ),
        (
            "The bureau noted that it had delayed the effective date of the rule at 90 FR 94544.",
            {"90 FR 94544": "cites"},
        ),
    ],
)
def test_press__only_mentions(text: str, expected: Acts) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Section 1. Revocation. Executive Order 90001 of May 1, 2031 (On Clocks), and Presidential Memorandum "
            "aside, "
            "Executive Order 90002 are hereby revoked.",
            {"90001": "revokes", "90002": "revokes"},
        ),
        (
            "Section 5103 of the National Clocks Initiative Act of 2030 (15 U.S.C. 9413) is amended by adding at the "
            "end "
            "the following:",
            {"15 U.S.C. 9413": "amends"},
        ),
        (
            "For the reasons stated in the preamble, the Bureau amends 15 CFR part 944 as follows:",
            {"15 CFR 944": "amends"},
        ),
        (
            "Subsection (a) of section 1051 of the Mary T. Bell Clocks Act for Fiscal Year 2029 (Public Law 190-232) "
            "is "
            "amended to read as follows:",
            {"190-232": "amends"},
        ),
        (
            "In Executive Order 90001, section 5 is amended by striking \u201cclock\u201d.",
            {"90001": "amends"},
        ),
        (
            "The Department has determined to withdraw the notice of proposed rulemaking published at 86 FR 95120.",
            {"86 FR 95120": "withdraws"},
        ),
        (
            "This order revokes Executive Order 90001, and Executive Order 90002 remains in force.",
            {"90001": "revokes", "90002": "cites"},
        ),
        (
            "The term \u201cclock\u201d has the meaning given in section 5002 of the Clocks Act of 2030 (15 U.S.C. "
            "9401).",
            {"15 U.S.C. 9401": "cites"},
        ),
    ],
)
def test_order_statute_or_rule__says_what_it_does(text: str, expected: Acts) -> None:
    assert acts(text) == expected


def test_number_of_an_act_in_its_own_title__is_no_target() -> None:
    title = "COUNCIL DECISION (EU) 2035/9 of 1 May 2035 on bells\n\nHaving regard to Decision (EU) 2031/10,"
    assert acts(title) == {"32031D0010": "cites"}
    assert {one.value for one in find_citations(title)} == {"32035D0009", "32031D0010"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This document contains corrections to the final rule (FR Doc. 2033-28385) that was published in the "
            "Federal Register on January 9, 2034, at 99 FR 1192.",
            {"2033-28385": "corrects", "99 FR 1192": "corrects"},
        ),
        ("BCD makes technical corrections to the rule that appeared at 98 FR 73458.", {"98 FR 73458": "corrects"}),
        ("The Bureau is issuing a correction to the notice at 98 FR 73458.", {"98 FR 73458": "corrects"}),
        ("The agency is amending the final rule published at 99 FR 21668.", {"99 FR 21668": "amends"}),
        ("The agencies are rescinding the final rule published at 99 FR 21668.", {"99 FR 21668": "rescinds"}),
        ("Treasury amends the final rule published at 99 FR 21668.", {"99 FR 21668": "amends"}),
        ("The Office may make corrections to the rule published at 98 FR 73458.", {"98 FR 73458": "cites"}),
        ("Comments asked for corrections to the rule published at 98 FR 73458.", {"98 FR 73458": "cites"}),
        ("If the agency amends the rule published at 99 FR 21668, it will say so.", {"99 FR 21668": "cites"}),
    ],
)
def test_agencies_in_small_letters_and_notices_of_corrections__act(text: str, expected: dict[str, str]) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Department will not enforce the rule published at 90 FR 94544.", "declines_to_enforce"),
        ("CLK will not enforce the Clocks Rule (90 FR 94544) against any person.", "declines_to_enforce"),
        ("The Bureau is not enforcing Executive Order 90001.", "declines_to_enforce"),
        ("The Department has adopted a policy of non-enforcement of the rule at 90 FR 94544.", "declines_to_enforce"),
        ("The Commission does not intend to enforce the rule published at 90 FR 94544.", "declines_to_enforce"),
        ("The Department will not prioritize enforcement of the rule at 90 FR 94544.", "declines_to_enforce"),
        (
            "The agency will exercise enforcement discretion with respect to the rule at 90 FR 94544.",
            "declines_to_enforce",
        ),
        ("The Attorney General shall not enforce the Clocks Act (Public Law 190-5).", "declines_to_enforce"),
        (
            "I am hereby instructing the Attorney General not to take any action to enforce the Clocks Act (Public Law "
            "190-5) for 75 days.",
            "declines_to_enforce",
        ),
        ("The rule published at 90 FR 94544 will not be enforced.", "declines_to_enforce"),
        ("If it is repealed, the agency will not enforce Executive Order 90001.", "cites"),
        ("The senator said that the Department will not enforce the rule at 90 FR 94544.", "cites"),
        ("States may not enforce Executive Order 90001.", "cites"),
        ("The group criticised the policy of non-enforcement of Executive Order 90001.", "cites"),
        ("The Department will not enforce fees charged under Executive Order 90001.", "cites"),
        ("I am continuing for 1 year the national emergency declared in Executive Order 90001.", "continues"),
        (
            "Therefore, I am continuing for 1 year, in accordance with the Clocks Act, the national emergency with "
            "respect to bells declared in Executive Order 90001.",
            "continues",
        ),
        ("The national emergency declared in Executive Order 90001 is hereby continued.", "continues"),
        ("The President may continue the national emergency declared in Executive Order 90001.", "cites"),
        ("The Board is continuing its review of Executive Order 90001.", "cites"),
        ("This rule adopts as final the interim rule published at 90 FR 94544.", "adopts"),
        ("DoD is adopting as final, with changes, the interim rule published at 90 FR 94544.", "adopts"),
        ("The Department finalizes the interim rule amending its terms at 90 FR 94544.", "adopts"),
        ("The interim rule, which was published at 90 FR 94544, is adopted as final without change.", "adopts"),
        ("The Department proposes to adopt as final the interim rule published at 90 FR 94544.", "cites"),
        ("The agency is staying the effectiveness of the rule published at 90 FR 94544.", "suspends"),
        ("The Agency is staying the effectiveness of the rule published at 90 FR 94544.", "suspends"),
        ("the board is staying the effectiveness of Executive Order 90001.", "suspends"),
        ("The Regulations amended by these Regulations are the Clocks Regulations 2018 (S.I. 2018/480).", "amends"),
        ("The instrument revoked by this Order is the Clocks Order 2001 (S.I. 2001/9).", "revokes"),
        ("The Regulations amended by those Regulations are S.I. 2018/480.", "cites"),
    ],
)
def test_standing_of_another__is_read(text: str, expected: str) -> None:
    assert [one.relation for one in find_relations(text) if one.target_value != "Clocks Act"] == [expected]


def test_rule_told_by_what_it_amended__is_what_is_stayed() -> None:
    text = "The agency is staying the effectiveness of the rule amending 40 CFR part 63 published at 90 FR 94544."
    assert acts(text) == {"40 CFR 63": "cites", "90 FR 94544": "suspends"}


def test_order_that_recounts_what_a_court_did__does_not_do_it() -> None:
    told = "A district court enjoined Executive Order 90001."
    assert acts(told) == {"90001": "suspends"}
    assert acts(f"By the authority vested in me as President, it is hereby ordered: {told}") == {"90001": "cites"}
    assert [one.relation for one in find_relations(told, {("eo", "90002")})] == ["cites"]
