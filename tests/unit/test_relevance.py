"""What counts as being about AI, in made-up documents: one rule a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.enrich.relevance import EXTRACTOR_VERSION, MAX_QUOTE_CHARS, OUTPUT_SCHEMA, SEED, Vocabulary, judge

BEFORE, SINCE = date(2026, 9, 28), date(2026, 9, 29)


def judged(title: str | None, abstract: str | None = None, body: str | None = None, **more: Any) -> dict[str, Any]:
    row = {
        "source_id": "s", "document_id": "d", "version_no": 1, "title": title, "abstract": abstract, "body": body,
        "published_date": date(2025, 1, 1), "jurisdiction": "US", **more,
    }  # fmt: skip
    schema = {
        "source_id": pl.String, "document_id": pl.String, "version_no": pl.Int64, "title": pl.String,
        "abstract": pl.String, "body": pl.String, "published_date": pl.Date, "jurisdiction": pl.String,
    }  # fmt: skip
    return judge(pl.DataFrame([row], schema=schema)).row(0, named=True)


def level(title: str | None, abstract: str | None = None, body: str | None = None, **more: Any) -> int:
    relevance = judged(title, abstract, body, **more)["relevance"]
    assert isinstance(relevance, int)
    return relevance


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
    ],
)
def test_other_meanings_and_incidental_mentions_are_not(title: str, abstract: str) -> None:
    assert level(title, abstract) == 0


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Notice Pursuant to the National Cooperative Research and Production Act of 1993-AI Alliance, Inc.", None),
        ("Use of Clinical Algorithms in Health Care", "Evidence on bias."),
        ("Export Controls on Semiconductor Manufacturing Items", "The rule on advanced computing is not changed."),
        ("Committee Meeting", "The committee meets on Monday. It will hear about artificial intelligence."),
        ("Seven Technologies", "Comments on technologies such as artificial intelligence and quantum computing."),
    ],
)
def test_parts_and_fixed_borderlines_are_one(title: str, abstract: str | None) -> None:
    assert level(title, abstract) == 1


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Comments on artificial intelligence in banking.", 2),
        ("A meeting is held. The purpose is to discuss artificial intelligence.", 2),
        ("A meeting is held. Machine learning is debated. A report on machine learning follows.", 2),
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
    ("title", "published", "jurisdiction", "expected"),
    [
        ("Promoting Super Intelligence in Schools", SINCE, "US", 2),
        ("Promoting Super Intelligence in Schools", BEFORE, "US", 0),
        ("Promoting Super Intelligence in Schools", None, "US", 0),
        ("Promoting Super Intelligence in Schools", SINCE, "GB", 0),
        ("SI Systems in Federal Agencies", SINCE, "US", 2),
        ("SI Systems in Federal Agencies", BEFORE, "US", 0),
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
    with pytest.raises(ValueError, match="at least one term"):
        Vocabulary(seed)
