"""What counts as being about AI, in made-up documents: one rule a case."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.enrich.relevance import EXTRACTOR_VERSION, MAX_QUOTE_CHARS, OUTPUT_SCHEMA, SEED, Vocabulary, judge
from scrapers.spiders.us_grants_gov import parse_answer

BEFORE, SINCE = date(2026, 9, 28), date(2026, 9, 29)


def judged(title: str | None, abstract: str | None = None, body: str | None = None, **more: Any) -> dict[str, Any]:
    row = {
        "source_id": "s", "document_id": "d", "version_no": 1, "title": title, "abstract": abstract, "body": body,
        "published_date": date(2025, 1, 1), "jurisdiction": "US", "origin": None, **more,
    }  # fmt: skip
    schema = {
        "source_id": pl.String, "document_id": pl.String, "version_no": pl.Int64, "title": pl.String,
        "abstract": pl.String, "body": pl.String, "published_date": pl.Date, "jurisdiction": pl.String,
        "origin": pl.String,
    }  # fmt: skip
    return judge(pl.DataFrame([row], schema=schema)).row(0, named=True)


def level(title: str | None, abstract: str | None = None, body: str | None = None, **more: Any) -> int:
    relevance = judged(title, abstract, body, **more)["relevance"]
    assert isinstance(relevance, int)
    return relevance


def test_a_call_that_names_ai_in_its_description_is_about_it() -> None:
    """Grants.gov describes a call in a field of its own, which is its abstract; as a body it would not decide."""
    description = "<p>An operations center for the National Artificial Intelligence Research Resource (NAIRR).</p>"
    answer = {"data": {"id": 363001, "opportunityTitle": "NAIRR-OC", "synopsis": {"synopsisDesc": description}}}
    call = parse_answer(json.dumps(answer).encode()).documents[0]
    assert level(call.title, call.abstract, call.body) == 2


@pytest.mark.parametrize(
    "title",
    [
        "Request for Comments on Artificial Intelligence in Hospitals",
        "Principles for Generative AI",
        "Agency Use of Automated Decision Systems",
        "Implementation of Export Controls: Advanced Computing Items",
        "Report on Algorithms and Civil Rights",
        "AI Safety Summit: Chair's Statement",
        "Schools to Share in Benefits of AI",
        "Loi sur l'intelligence artificielle et les données",
        "Künstliche Intelligenz im Mittelstand",
        "LLM Evaluation Methods",
        "A.I. Policy in Schools",
        "ai opportunities fund",
        "Trial of ChatGPT in Libraries",
        "Agreement with OpenAI",
        "Predictive Policing Algorithms",
    ],
)
def test_a_title_that_names_ai_is_about_ai(title: str) -> None:
    assert level(title) == 2


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Air Plan Approval; South Carolina", "Ozone."),
        ("Health Services", "Grants for American Indian and Alaska Native (AI/AN) health using digital technology."),
        ("Pesticide Labels", "The active ingredient (AI) is disclosed online. AI limits apply."),
        ("Fisheries", "Pollock in the Aleutian Islands (AI). The AI quota is digital."),
        ("Poultry", "Controls for avian influenza (AI). AI outbreaks continue; new technology is used."),
        ("Acme Industries", "Acme Industries (AI) applied online. AI will build a digital port."),
        ("Exemption for a Trucking Firm", "The firm may mount its AI Dash Cam lower in the windshield."),
        ("Hours of Service: Example.AI, Inc.", "An exemption."),
        ("Human Gene Therapy", "Regenerative medicine and neurodegenerative models."),
        ("Automated Vehicles", "Testing of vehicles with automated driving systems."),
        ("Digital Signature Standard", "The elliptic curve algorithm is approved."),
        ("Certain Semiconductor Devices; Investigation", "A complaint was filed."),
        (
            "Privacy",
            "The office and the National Artificial Intelligence Initiative Office request comments on privacy.",
        ),
        ("Software", "A package is offered. Devices are identified using machine learning techniques."),
        ("Survey", "Households are asked. Responses are analyzed using machine learning."),
        ("Survey", "Answers will be coded using natural language processing."),
        ("Rivers", "Banks were segmented by a deep learning algorithm."),
        ("Incomes", "Estimates use machine learning models to impute what is missing."),
        ("Board Meeting", "The board meets. Members: Jo Miller, AI Branch chief."),
        ("Harbours", "The port talks with OpenAI about a pier."),
        ("LLM Degrees for Lawyers", "Fees."),
        ("J'ai une stratégie", "Des ports."),
        ("Census of Farms", "The office will use machine learning to code write-in answers on crops."),
        ("Crop Estimates", "The service uses neural networks to classify land cover in pictures."),
        ("Census of Carts", "Deep learning will be used to transcribe forms that are filled in by hand."),
        ("Type Certification of Boeing Model 797; AI Speed Protection", None),
        ("Special Conditions: Airbus Model A399 Airplane; AI Flight Envelope", "Airworthiness."),
        ("Advanced Imaging Technology (AI)", None),
        ("Approved Instructor (AI) Renewals", "Online renewal of the AI certificate."),
        ("Rate Filing by Acme AI, LLC", None),
        ("Patent License: Boats", "The field is rescue at sea with an autonomous vessel by the armed forces."),
    ],
)
def test_other_meanings_and_incidental_mentions_are_not(title: str, abstract: str | None) -> None:
    assert level(title, abstract) == 0


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Notice Pursuant to the National Cooperative Research and Production Act of 1993-AI Alliance, Inc.", None),
        ("Use of Clinical Algorithms in Health Care", "Evidence on bias."),
        ("Export Controls on Semiconductor Manufacturing Items", "The rule on advanced computing is not changed."),
        ("Committee Meeting", "The committee meets on Monday. It will hear about artificial intelligence."),
        ("Farms", "The grant pays for smart devices, artificial intelligence, and sensors."),
        ("Seven Technologies", "Comments on technologies such as artificial intelligence and quantum computing."),
        ("Survey of Employers", "The survey asks about remote work, AI use, and training."),
        ("Council Meeting", "Agenda: report of the director; update on artificial intelligence; concepts."),
        ("Board Meeting", "The board will discuss wildfires, quantum sensors, and generative AI."),
        ("Board Meeting", "The board will hear about machine learning, broadband and spectrum."),
        ("Inventions", "To be licensed are: a machine-learning method for scans; a vaccine; a cell line."),
        ("Grants for Clinics", "Aims include telehealth, broadband, training, and artificial intelligence for scans."),
        ("Scanners", "Funds buy scanners with anomaly detection algorithms for ports of entry."),
        ("Notice Pursuant to the National Cooperative Research and Production Act of 1993-MLCommons Association", None),
        ("Naval Boats", "The Secretary of the Navy shall test boats and how they plan with mission autonomy."),
    ],
)
def test_parts_and_fixed_borderlines_are_one(title: str, abstract: str | None) -> None:
    assert level(title, abstract) == 1


@pytest.mark.parametrize(
    "abstract",
    [
        "This rule sets fees for barns. Several commenters used AI tools to write their comments.",
        "This rule sets fees for barns. Some comments appear to have been generated by artificial intelligence.",
        "The Agency sets fees for barns and answers comments, many of them drafted with generative AI.",
        "This rule sets fees for barns. AI-generated comments were counted once.",
        "The Agency sets fees for barns. One commenter relied on a large language model.",
    ],
)
def test_what_comments_were_written_with_is_incidental(abstract: str) -> None:
    assert level("Fees for Barns", abstract) == 0


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        ("Evaluation of Algorithms in Employment", None, 2),
        ("Algorithms in Hiring", None, 2),
        ("Study of Lending Algorithms", None, 2),
        ("Algorithms Used for Tenant Screening", None, 2),
        ("Sorting Algorithms for Mail", None, 0),
        ("Algorithm for Water Levels", None, 0),
        ("Fees for Barns", "The Agency asks for comments on artificial intelligence in barns.", 2),
        ("Fees for Barns", "The Agency asks for comments on content that is generated by AI systems.", 2),
        ("AI-Generated Comments in Rulemaking", None, 2),
        ("Comment Act", "The Act makes agencies mark AI-generated comments and AI-drafted submissions.", 2),
    ],
)
def test_algorithms_about_people_and_comments_about_ai_count(title: str, abstract: str | None, expected: int) -> None:
    assert level(title, abstract) == expected


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Comments on artificial intelligence in banking.", 2),
        ("Comments on machine learning in lending.", 2),
        ("Comments on artificial intelligence, robotics, and sensors.", 2),
        ("A meeting is held. The purpose is to discuss artificial intelligence.", 2),
        ("A meeting is held. Machine learning is debated. A report on machine learning follows.", 2),
        ("The study is of foreign actors that use machine learning to forge pictures and to generate voices.", 2),
        ("Comments on how automated systems watch workers in the workplace.", 2),
        ("Comments on algorithms in the screening of tenants.", 2),
        ("Comments on automated worker surveillance and management.", 2),
    ],
)
def test_an_abstract_is_about_what_it_says_first_often_or_as_its_purpose(abstract: str, expected: int) -> None:
    assert level("Notice", abstract) == expected


def test_a_body_counts_by_how_much_of_it_names_ai() -> None:
    filler = "The committee reviewed the annual budget and travel plans. "
    mention = "Artificial intelligence was discussed. "
    assert level("Minutes", None, mention + filler * 400) == 0
    assert level("Minutes", None, mention * 3 + filler * 80) == 1
    assert level("Minutes", None, mention * 10 + filler * 20) == 2
    assert level("Minutes", None, mention * 15 + filler * 4000) == 1


@pytest.mark.parametrize(
    "title",
    [
        "American AI Exports Program",
        "Federal AI Preemption",
        "AI Diffusion Rule Rescission",
        "AI Energy Council",
        "Hawaii's AI Moment",
        "A Bank of AIs for Courts",
        "Help for Start-Ups (AI Factories)",
    ],
)
def test_a_title_that_uses_the_bare_letters_as_a_word_is_about_ai(title: str) -> None:
    assert level(title) == 2
    assert level(title, "A notice of the department.") == 2


@pytest.mark.parametrize(
    ("title", "abstract", "origin"),
    [
        ("AI Quota Specifications", "Limits on catch.", "National Oceanic and Atmospheric Administration; 50 CFR 679"),
        ("Cod Quota for the AI Subarea", "Fishing limits.", None),
        ("AI Disclosure on Labels", "Labels of herbicides.", None),
        ("AI Tolerances", None, "Environmental Protection Agency; 40 CFR 180"),
        ("AI Outbreak in Two Counties", "Flocks of poultry are culled.", None),
        ("AI Grants", "Grants for tribal colleges.", None),
        ("AI Grants", None, "Indian Affairs Bureau"),
        ("AI Therapy Trials", "Trials in breast cancer.", None),
        ("AI Therapy Trials", "Trials of aromatase inhibitors.", None),
        ("AI Fees", "Asset Integrity (AI) reviews.", None),
        ("Statement of Amnesty International", "The AI report.", None),
        ("Schedule AI", None, None),
        ("Form AI-2 Renewal", None, None),
        ("Exemption for Example AI, Inc.", None, None),
        ("Annual Meeting (AI)", None, None),
    ],
)
def test_where_the_letters_likely_mean_something_else_a_title_needs_more(
    title: str, abstract: str | None, origin: str | None
) -> None:
    assert level(title, abstract, origin=origin) == 0


def test_a_method_of_the_title_is_the_subject_where_the_abstract_says_so() -> None:
    assert level("Natural Language Processing in Courts", "Records are read.") == 1
    assert level("Natural Language Processing in Courts", "A workshop on large language models in courts.") == 2


def test_ai_by_name_decides_in_any_field() -> None:
    assert level("AI and the Cod Count", "Fisheries observers test artificial intelligence.") == 2
    assert level("AI Tools for Fisheries", "Cameras count cod.") == 2


@pytest.mark.parametrize(
    ("title", "abstract", "origin", "expected"),
    [
        ("Due Diligence for Advanced Computing Integrated Circuits; Correction", None, None, 2),
        ("License Review for Advanced Computing Commodities; Extension of Comment Period", None, None, 2),
        ("Licensing of Supercomputers", None, "Commerce Department; Industry and Security Bureau", 2),
        ("Licensing of Supercomputers", None, "15 CFR 740", 2),
        ("Licensing of Supercomputers", None, "Energy Department; 10 CFR 810", 0),
        ("Validated End User: Data Centers", None, None, 2),
        ("Efficiency of Data Centers", "Power use is measured.", "Energy Department", 0),
        ("Semiconductor Manufacturing Equipment", None, "Bureau of Industry and Security", 1),
    ],
)
def test_export_rules_of_compute_are_known_by_their_terms_or_their_office(
    title: str, abstract: str | None, origin: str | None, expected: int
) -> None:
    assert level(title, abstract, origin=origin) == expected


def test_outbound_investment_controls_count_where_they_name_ai() -> None:
    title = "Investments in Certain National Security Technologies Abroad"
    filler = "The Secretary shall consult the heads of agencies. " * 300
    assert level(title, None, f"{filler}Covered are semiconductors and artificial intelligence. {filler}") == 2
    assert level(title, None, filler) == 0


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Data were analysed using machine learning.", 0),
        ("Crop yields have been estimated with machine learning models. Yields rose.", 0),
        ("We used a deep neural network to count seals.", 0),
        ("The study applies machine learning to soil samples.", 0),
        ("Comments on decisions made using machine learning.", 2),
        ("The rule covers denials that were made using machine learning.", 2),
        ("Agencies are using machine learning; this policy sets limits.", 2),
    ],
)
def test_a_first_sentence_that_reports_a_method_is_incidental(abstract: str, expected: int) -> None:
    assert level("Report", abstract) == expected


@pytest.mark.parametrize(
    ("title", "published", "jurisdiction", "expected"),
    [
        ("Promoting Super Intelligence in Schools", SINCE, "US", 2),
        ("Promoting Super Intelligence in Schools", BEFORE, "US", 0),
        ("Promoting Super Intelligence in Schools", None, "US", 0),
        ("Promoting Super Intelligence in Schools", SINCE, "GB", 0),
        ("SI Systems in Federal Agencies", SINCE, "US", 2),
        ("SI Systems in Federal Agencies", BEFORE, "US", 0),
        ("Federal SI Preemption", SINCE, "US", 2),
        ("Federal SI Preemption", BEFORE, "US", 0),
        ("Labels in SI Units", SINCE, "US", 0),
        ("Rules for spark-ignition (SI) engines and SI technology", SINCE, "US", 0),
    ],
)
def test_federal_usage_of_super_intelligence_begins_on_its_day(
    title: str, published: date | None, jurisdiction: str, expected: int
) -> None:
    assert level(title, published_date=published, jurisdiction=jurisdiction) == expected


def test_a_judgement_names_rule_terms_and_sentence() -> None:
    abstract = "The office meets. It plans for machine learning in ports. Lunch follows."
    row = judged("Meeting", abstract)
    assert (row["rule"], row["matched_terms"], row["quote_field"]) == (
        "abstract_part",
        ["machine learning"],
        "abstract",
    )
    assert row["quote"] == "It plans for machine learning in ports."
    assert abstract[row["quote_start"] :].startswith(row["quote"])


def test_a_long_sentence_is_cut_around_the_term() -> None:
    abstract = "word " * 300 + "artificial intelligence " + "word " * 300
    row = judged("Meeting", abstract)
    assert len(row["quote"]) <= MAX_QUOTE_CHARS
    assert "artificial intelligence" in row["quote"]
    assert abstract[row["quote_start"] :].startswith(row["quote"])


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Pacific Cod in the Bering Sea and Aleutian Islands", "NMFS closes directed fishing in the AI."),
        ("Residues of Examplazole", "The rate is 0.5 lb AI per acre."),
        ("Import Restrictions; Avian Influenza", "Zones with highly pathogenic AI in poultry are listed."),
        ("Special Diabetes Program", "AI/AN communities may apply for grants."),
        ("Revision of SI Units", "The kilogram, an SI unit, is defined anew with digital balances."),
        ("Marine Spark-Ignition Engines", "Standards for SI engines use software."),
        ("Supplemental Security Income", "SI recipients may apply online."),
        ("Petition of AI Logistics, LLC", "A carrier asks for an exemption."),
        ("Hearing of John Ai", "A physician asks for a licence."),
        ("Amnesty International (AI) Report", "AI wrote a digital report."),
        ("Artificial Insemination of Swine", "AI technicians may use online forms."),
        ("Autonomous Vehicles", "Autonomous vehicles may be tested on public roads."),
        ("Detection of Leaks", "Detection algorithms of pipeline operators are described."),
    ],
)
@pytest.mark.parametrize("day", [BEFORE, SINCE])
def test_traps_of_other_agencies_and_years(title: str, abstract: str, day: date) -> None:
    assert level(title, abstract, published_date=day) == 0


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        ("Use of Super Intelligence in Agencies", None, 2),
        ("Request for Information: SI Systems in Hospitals", None, 2),
        ("Grants for Agentic AI", None, 2),
        ("Broker-Dealers and the Use of Predictive Data Analytics", None, 2),
        ("NAIRR Operations", None, 2),
        ("Executive Agent for Autonomy", "The Secretary of the Navy names an executive agent for autonomy.", 1),
        ("Software for Heart Rhythms", "A medical device. The detection algorithm is to be tested with patients.", 1),
        ("Training Grants", "Grants for workers who are displaced by automation.", 1),
    ],
)
def test_words_of_later_years_and_other_fields(title: str, abstract: str | None, expected: int) -> None:
    assert level(title, abstract, published_date=SINCE) == expected


def test_a_document_without_a_term_gets_a_row_too() -> None:
    row = judged(None)
    assert (row["relevance"], row["rule"], row["matched_terms"], row["quote"]) == (0, "no_term", [], None)
    assert row["extractor_version"] == EXTRACTOR_VERSION
    assert row["vocabulary_sha256"] == Vocabulary().sha256


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(("title", "abstract", "body", "jurisdiction"), pl.String)).with_columns(
        source_id=pl.lit(""), document_id=pl.lit(""), version_no=pl.lit(1), published_date=pl.lit(None, dtype=pl.Date)
    )
    assert judge(empty.clear()).schema == pl.Schema(OUTPUT_SCHEMA)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    header = SEED.read_text(encoding="utf-8").splitlines()[0]
    seed = tmp_path / "terms.csv"
    seed.write_text(f"{header}\nx,guess,x,,,,,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'guess'"):
        Vocabulary(seed)
    seed.write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="at least one row"):
        Vocabulary(seed)


@pytest.mark.parametrize(
    "piece",
    ["AI ", "artificial ", "displaced ", "AI, ", "(AI) ", "by using machine ", "A. ", "automated systems workers "],
)
def test_hostile_text_costs_little(piece: str) -> None:
    script = (
        "import sys\n"
        "from datetime import date\n"
        "from pipelines.enrich.relevance import Vocabulary, judge_document\n"
        "text = sys.argv[1] * (100_000 // len(sys.argv[1])) + ' machine learning'\n"
        "record = {'title': text, 'abstract': text, 'body': text, 'published_date': date(2031, 1, 1)}\n"
        "judge_document({**record, 'jurisdiction': 'US', 'origin': text}, Vocabulary())\n"
    )
    subprocess.run([sys.executable, "-c", script, piece], check=True, timeout=60)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Strat\u00e9gie en mati\u00e8re d'IA pour les granges", 2),
        ("R\u00e8glement sur l\u2019IA", 2),
        ("Syst\u00e8mes d\u2019IA \u00e0 haut risque : lignes directrices", 2),
        ("Guide de l'IA g\u00e9n\u00e9rative", 2),
        ("Investir en IA et en robotique", 2),
        ("Plan de la IA en las granjas", 2),
        ("Linee guida sull'IA", 2),
        ("KI-Verordnung: Leitlinien", 2),
        ("Leitlinien f\u00fcr Hochrisiko-KI-Systeme", 2),
        ("KI-Strategie des Bundes", 2),
        ("Verwaltung und KI", 2),
        ("Grants of Barns; Des Moines, IA", 0),
        ("Form IA-2031", 0),
        ("IA: report of internal audit", 0),
        ("L'IA des vaches : ins\u00e9mination en ferme", 0),
        ("\u00c9levages et influenza aviaire (IA) : suivi de l'IA", 0),
        ("Normes de l'Inspection agricole (IA) : r\u00f4le de l'IA", 0),
        ("Approval of KI tablets", 0),
        ("Vorrat: Kaliumiodid (KI) und KI in Apotheken", 0),
        ("Ia and Ki, two barns", 0),
    ],
)
def test_french_and_german_letters_count_by_their_articles(title: str, expected: int) -> None:
    assert level(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A.I. and the barns of tomorrow", 2),
        ("Using A.I. in barns", 2),
        ("Petition of A.I. Miller for a barn", 0),
        ("A.I. Miller Hospital", 0),
        ("In re A.I. v. Barn Board", 0),
        ("Contract award to C3 AI for hangars", 0),
        ("Contract award to Scale AI", 0),
        ("Scale AI wins a contract for hangars", 0),
        ("Notice of award to Shield AI", 0),
        ("Award to Scale AI for artificial intelligence in barns", 2),
        ("Purchase order: Scale AI, Inc.", 0),
        ("Scale AI across the government", 2),
        ("Shield AI from foreign theft", 2),
        ("Automated valuation models of barns", 1),
        ("OpenAI, Inc.; Notice of Barn Fees", 0),
        ("xAI Corp.; Permit for a Barn", 0),
        ("DeepMind Technologies Limited: fees for a barn", 0),
        ("Notice of barn fees; Scale AI", 0),
        ("Notice of barn fees; OpenAI", 0),
        ("In the Matter of OpenAI, Inc.", 2),
        ("Example Press v. OpenAI, Inc.", 2),
        ("OpenAI, Inc.; Inquiry into Chatbots", 2),
    ],
)
def test_dotted_letters_vendors_and_valuation_models_in_titles(title: str, expected: int) -> None:
    assert level(title) == expected
