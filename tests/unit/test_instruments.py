"""What a document says it is, in made-up documents: one way of writing a case."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.enrich.instruments import FIELDS, OUTPUT_SCHEMA, SEED, SEEDS, Wordings, classify

FEDERAL_REGISTER = "FR Doc 2031-00001"
HOSTILE_SECONDS = 60
"""A watchdog over a whole process with its imports: backtracking would take hours."""


def read(**fields: str | None) -> dict[str, Any]:
    names = (*FIELDS, "official_instrument")
    row = {name: fields.get(name) for name in names}
    return classify(pl.DataFrame([row], schema=dict.fromkeys(names, pl.String))).row(0, named=True)


@pytest.mark.parametrize(
    ("fields", "instrument"),
    [
        (
            {"document_type": "Presidential Document", "subtype": "Executive Order", "title": "On Grain"},
            "executive_order",
        ),
        ({"document_type": "Presidential Document", "subtype": "Proclamation"}, "proclamation"),
        ({"document_type": "Presidential Document"}, "presidential_other"),
        ({"identifier": "EO 14999; 95 FR 1"}, "executive_order"),
        ({"identifier": "M-31-07"}, "omb_memorandum"),
        ({"identifier": "NSM-925", "title": "Grain"}, "presidential_memorandum"),
        ({"identifier": "PPD-921", "title": "Grain"}, "presidential_other"),
        ({"identifier": "COM(2031) 206", "title": "Grain"}, "eu_proposal"),
        ({"identifier": "COM_2031_0206_FIN", "title": "Grain"}, "eu_proposal"),
        ({"identifier": "COM(2031) 65", "title": "White Paper on Grain"}, "strategy"),
        ({"document_type": "Rule", "title": "Grain Plan; Removal of Direct Final Rule"}, "withdrawal"),
        ({"document_type": "Notice", "title": "Notice of Availability of a Report on Grain"}, "report"),
        ({"identifier": "Public Law 130-1", "title": "Grain Act"}, "statute"),
        ({"identifier": "H.R. 77 (130th Congress)", "title": "Grain Act"}, "bill"),
        ({"identifier": "SB 12 (2031-32)", "title": "Grain Act"}, "bill"),
        ({"identifier": "SB 31-12", "title": "An Act concerning grain"}, "statute"),
        ({"identifier": "COM(2031) 12 final; 2031/0012(COD)", "title": "Proposal for a Regulation"}, "eu_proposal"),
        ({"identifier": "CELEX 32031R0012"}, "eu_regulation"),
        ({"identifier": "CELEX 32031L0012"}, "eu_directive"),
        ({"identifier": "CETS No. 999", "title": "Framework Convention on Grain"}, "treaty"),
        ({"document_type": "Rule", "action": "Interim final rule with request for comments."}, "interim_final_rule"),
        ({"document_type": "Rule", "action": "Final rule; correction."}, "correction"),
        ({"document_type": "Proposed Rule", "action": "Advance notice of proposed rulemaking."}, "advance_notice"),
        ({"document_type": "Proposed Rule", "action": "Proposed rule; withdrawal."}, "withdrawal"),
        (
            {"document_type": "Proposed Rule", "action": "Proposed rule; extension of comment period."},
            "comment_extension",
        ),
        ({"document_type": "Notice", "action": "Notice of public meeting."}, "meeting"),
        ({"document_type": "Presidential Memorandum", "title": "Report on Grain"}, "presidential_memorandum"),
        ({"title": "Presidential Memorandum: Strategy for Grain"}, "presidential_memorandum"),
        ({"title": "FACT SHEET: The President Announces a Grain Strategy"}, "press_release"),
        ({"title": "M-31-21 Accelerating Use of Grain Reports"}, "omb_memorandum"),
        ({"title": "S.2938 - Grain Risk Evaluation Act"}, "bill"),
        ({"title": "S. 12 Street Report"}, "report"),
        ({"title": "Rescission of Grain Guidance"}, "withdrawal"),
        ({"title": "Grain (Regulation) Bill [HL]"}, "bill"),
        ({"title": "Public Authority Grain Bill [HL] 2031-32"}, "bill"),
        ({"document_type": "Bill", "title": "Grain (Sale) Bill [Lords]", "abstract": "A Bill on grain."}, "bill"),
        ({"title": "Digital Grain Implementation Act, 2031 (Bill C-44)"}, "bill"),
        ({"title": "No Rogue Grain Act (H.R. 4111)"}, "bill"),
        ({"title": "Grain Truth Act of 2031 (S. 2211)"}, "bill"),
        ({"title": "Grain Act of 2031 (as amended)"}, None),
        ({"title": "SB 53 (2031) signed into law: Grain Transparency Act"}, "statute"),
        ({"title": "State SB 31-205, enacted: Consumer Protections for Grain"}, "statute"),
        ({"title": "Senate Bill 31-205: Grain", "abstract": "Signed into law by the Governor in May."}, "statute"),
        ({"title": "HB 149: Grain Act", "abstract": "This act was signed by the governor on June 22."}, "statute"),
        ({"title": "HB 149: Grain Act", "abstract": "The bill has not been signed by the governor."}, "bill"),
        ({"title": "Commission Guidelines on prohibited grain practices"}, "guidance"),
        ({"title": "Guidelines for safe grain storage"}, "guidance"),
        ({"title": "Readout of the Grain Institute meeting"}, "press_release"),
        ({"title": "READOUT: Secretary's Call With the Minister for Grain"}, "press_release"),
        ({"title": "Statement from the Press Secretary on Grain"}, "press_release"),
        ({"title": "Remarks by the Secretary at the Grain Forum"}, "speech"),
        ({"title": "Grain and Copyright", "abstract": "This consultation seeks views on grain."}, "consultation"),
        ({"document_type": "Notice of Funding Opportunity", "title": "Grain Institutes"}, "funding_opportunity"),
        ({"document_type": "Notice", "title": "Grain Test", "abstract": "Workshop on grain."}, "meeting"),
        (
            {
                "document_type": "Rule",
                "title": "Grain Controls; Clarifications; and Extension of Comment Period",
                "abstract": "In this interim final rule, the Bureau revises the controls on grain.",
            },
            "interim_final_rule",
        ),
        (
            {
                "document_type": "Rule",
                "title": "Grain Controls; Extension of Comment Period",
                "abstract": "The Bureau is extending the comment period for the interim final rule of May.",
            },
            "comment_extension",
        ),
        (
            {
                "title": "Grain Makers",
                "abstract": "The Bureau of Grain Safety (BGS) proposes to amend its regulations.",
            },
            "proposed_rule",
        ),
        (
            {"title": "Grain Calls", "abstract": "The Grain Commission proposes steps to protect buyers."},
            "proposed_rule",
        ),
        ({"title": "Grain Ads", "abstract": "It seeks comment on whether to require a label."}, "proposed_rule"),
        (
            {
                "title": "Grain Ads",
                "abstract": "In this notice of inquiry it seeks comment on whether to require a label.",
            },
            "request_for_comment",
        ),
        (
            {"title": "Privacy Act; Grain Files", "abstract": "It proposes to modify a system of records."},
            None,
        ),
        ({"title": "Grain Closure", "abstract": "The Service is closing the grain fishery."}, "final_rule"),
        ({"title": "Grain Tools", "abstract": "The Bureau revises the Export Grain Regulations."}, "final_rule"),
        ({"title": "Guidance on the Withdrawal of Grain"}, "guidance"),
        ({"document_type": "Notice", "title": "Proposed Collection; Comment Request"}, "information_collection"),
        ({"document_type": "Notice", "action": "Guidance.", "title": "Robots; Notice of Meeting"}, "guidance"),
        (
            {"document_type": "Proposed Rule", "action": "Notice of proposed rulemaking and public hearing."},
            "proposed_rule",
        ),
        ({"document_type": "Rule", "title": "Grain Handling"}, "final_rule"),
        ({"document_type": "Proposed Rule", "title": "Grain Handling"}, "proposed_rule"),
        ({"document_type": "Notice", "title": "Grain Handling"}, "notice_other"),
    ],
)
def test_official_fields_say_what_a_document_is(fields: dict[str, str], instrument: str) -> None:
    assert read(**fields)["instrument"] == instrument


@pytest.mark.parametrize(
    ("title", "abstract", "instrument"),
    [
        ("Request for Information on Grain Robots", None, "request_for_comment"),
        ("Notice of Request for Comment; Grain Robots", None, "request_for_comment"),
        ("Grain Robots", "The Agency seeks public comment on the use of robots for grain.", "request_for_comment"),
        ("Grain Board; Notice of Meeting", None, "meeting"),
        ("Workshop on Grain Robots", None, "meeting"),
        ("National Grain Advisory Committee", "The Committee will hold an open meeting on May 4.", "meeting"),
        ("Request for Nominations for Members of the Grain Board", None, "advisory_body"),
        ("Agency Information Collection Activities: Survey of Grain", None, "information_collection"),
        ("Robots in Grain Stores; Draft Guidance for Industry; Availability", None, "guidance"),
        ("Funding Opportunity for Grain Robots", None, "funding_opportunity"),
        ("Cooperative Research and Development Agreement: Grain Robots", None, "agreement"),
        ("Acme Corp.; Analysis of Proposed Consent Order To Aid Public Comment", None, "enforcement"),
        ("Grain Standards", "In this interim final rule, the Agency amends the grain standards.", "interim_final_rule"),
        ("Grain Standards", "The Agency is proposing to amend the grain standards.", "proposed_rule"),
        ("Grain Standards", "This final rule amends the grain standards.", "final_rule"),
        ("Grain Standards", "Grain is good.", "notice_other"),
        ("World Grain Day, 2031", None, "proclamation"),
        ("Receipt of Application for Grain Robots; Comment Request", None, "notice_other"),
        ("Grain Robot Guidance; Comment Request", None, "guidance"),
        ("Grain Plan; Notice of Availability of Draft Report", None, "notice_other"),
        ("Report on Grain Robots; Availability", None, "report"),
        ("Federal Acquisition Circular 2031-04; Introduction", None, "notice_other"),
        ("Grain Standards", "This final rule amends rules that were published today.", "final_rule"),
        ("Grain; Termination of Rulemaking", None, "withdrawal"),
        ("Grain Plan; Direct Final Rule; Partial Removal", None, "withdrawal"),
        ("Continuation of the National Emergency With Respect to Grain", None, "presidential_other"),
        ("Promoting the Use of Robots in the Grain Trade", None, "executive_order"),
    ],
)
def test_a_federal_register_document_without_a_type_is_read_by_its_words(
    title: str, abstract: str | None, instrument: str
) -> None:
    assert read(identifier=FEDERAL_REGISTER, title=title, abstract=abstract)["instrument"] == instrument


@pytest.mark.parametrize(
    ("title", "instrument"),
    [
        ("Memorandum of Understanding between the United Kingdom and Acme on robots", "agreement"),
        ("The Lisbon Declaration on Robots", "declaration"),
        ("Robot Safety Summit: Chair's Statement", "declaration"),
        ("Code of Practice on the labelling of robots", "standard_or_framework"),
        ("National Robot Strategy", "strategy"),
        ("Call for evidence: robots and work", "consultation"),
        ("Minister's speech at the Robot Conference", "speech"),
        ("Ministry announces new robots", "press_release"),
        ("£30 million for robots in hospitals", "funding_programme"),
        ("Robots (Safety) Act 2031", "statute"),
        ("Robots (Safety) Bill", "bill"),
        ("The Robots (Fees) Regulations 2031", "secondary_legislation"),
        ("Introducing the Robot Safety Institute", "institution_change"),
        ("Annual report of the robot inspector", "report"),
        ("Circular 2031-03", "guidance"),
        ("Circular No. 2031-03: Robots in Barns", "guidance"),
        ("Barn Circular A-930", "guidance"),
        ("FTA Circular 9220.1G", "guidance"),
        ("Advisory Circular 20-915", "guidance"),
        ("Bulletin 2031-01: Unfair Barns", "guidance"),
        ("Barn Employment Survey; Comment Request", "information_collection"),
        ("Comment Request; Survey of Barns", "information_collection"),
        ("Form B-9; Extension; Comment Request", "information_collection"),
        ("Notice of Availability of a Report", "report"),
        ("Notice of Availability of the Final Report on Barns", "report"),
        ("Removal of Direct Final Rule", "withdrawal"),
        ("Robots in barns: oral statement", "speech"),
        ("Barn Strategy: oral statement to Parliament", "speech"),
        ("Statement to the House of Commons on robots", "speech"),
        ("Statement on robots to the House", "speech"),
        ("Robots in barns: discussion paper", "report"),
        ("Staff Working Paper on Robots", "report"),
        ("The Ministry today announced a plan for robots", "press_release"),
        ("Robot grants announced today", "press_release"),
        ("NSM-925: Robots in Barns", "presidential_memorandum"),
        ("National Security Presidential Memorandum/NSPM-933", "presidential_memorandum"),
        ("Memorandum on Advancing Robots", "presidential_memorandum"),
        ("Presidential Policy Directive 921", "presidential_other"),
    ],
)
def test_titles_of_other_publishers_say_what_they_are(title: str, instrument: str) -> None:
    assert read(title=title)["instrument"] == instrument


def test_nothing_is_guessed_where_nothing_says_it() -> None:
    assert read(title="Grain")["instrument"] is None
    assert read()["instrument"] is None


def test_the_word_of_the_source_wins() -> None:
    row = read(title="National Robot Strategy", document_type="news_story", official_instrument="press_release")
    assert (row["instrument"], row["rule"], row["quote"]) == ("press_release", "official", "news_story")


def test_a_rule_that_also_announces_corrections_is_no_correction() -> None:
    row = read(document_type="Rule", title="Grain Controls; Updates and Corrections", action="Interim final rule.")
    assert row["instrument"] == "interim_final_rule"


@pytest.mark.parametrize(
    ("title", "abstract", "base"),
    [
        ("Request for Comments on Robots; Correction", None, "request_for_comment"),
        ("Robots", "The Agency is extending the deadline to submit comments on its study.", "request_for_comment"),
        (
            "Robots",
            "An interim final rule was published. This document extends the comment period.",
            "interim_final_rule",
        ),
    ],
)
def test_what_acts_on_another_document_names_its_kind(title: str, abstract: str | None, base: str) -> None:
    row = read(identifier=FEDERAL_REGISTER, title=title, abstract=abstract)
    assert row["instrument"] in ("correction", "comment_extension")
    assert row["base_instrument"] == base


def test_the_quote_stands_where_it_is_said_to_stand() -> None:
    title = "Größere Roboter: Notice of Meeting"
    row = read(title=title)
    assert row["quote_field"] == "title"
    assert title[row["quote_start"] :].startswith(row["quote"])
    assert row["quote"] == "Meeting"


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema={"title": pl.String})
    assert classify(empty).schema == pl.Schema(OUTPUT_SCHEMA)


def test_every_rule_of_the_seed_can_be_reached() -> None:
    positions = [int(row["position"]) for row in csv.DictReader(SEED.open(encoding="utf-8"))]
    assert positions == sorted(positions)
    known = {row["instrument"] for row in csv.DictReader((SEEDS / "instrument.csv").open(encoding="utf-8"))}
    assert {rule.instrument for rule in Wordings().rules} <= known


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,r,heading,,x,,,meeting,,,", "'heading'"),
        ("1,r,title,,x,,,party,,,", "'party'"),
        ("", "at least one row"),
    ],
)
def test_a_faulty_seed_is_refused(tmp_path: Path, row: str, message: str) -> None:
    seed = tmp_path / "wordings.csv"
    header = SEED.read_text(encoding="utf-8").splitlines()[0]
    seed.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        Wordings(seed)


@pytest.mark.parametrize("piece", ["notice of ", "A ", "comment ", "Request for ", "; ", "the rule. ", "of the ", "\n"])
def test_hostile_text_costs_little(piece: str) -> None:
    script = (
        "import sys, polars as pl\n"
        "from pipelines.enrich.instruments import classify\n"
        "from pipelines.enrich.parties import parties_of\n"
        "from pipelines.enrich.topics import assign_topics, assign_track\n"
        "text = sys.argv[1] * (100_000 // len(sys.argv[1]))\n"
        "frame = pl.DataFrame({'title': [text], 'abstract': [text], 'action': [text]})\n"
        "classify(frame), assign_topics(frame), assign_track(frame), parties_of(text)\n"
    )
    subprocess.run([sys.executable, "-c", script, piece], check=True, timeout=HOSTILE_SECONDS)
