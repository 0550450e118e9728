"""Seeds as an analyst edits them: saved by a spreadsheet, limited to days, refused in words where they are wrong."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.enrich import money, parties, texts
from pipelines.enrich.instruments import Wordings, classify
from pipelines.enrich.money import find_amounts
from pipelines.enrich.parties import parties_of
from pipelines.enrich.relevance import Vocabulary, judge_document
from pipelines.enrich.seeds import BadSeed, Row, Validity, seed_rows
from pipelines.enrich.topics import TopicTerms, assign_topics
from scrapers.runtime.gate import CandidateGate

SEEDS = Path(__file__).parents[2] / "dbt" / "seeds"
BEFORE, SINCE = date(2031, 4, 30), date(2031, 5, 1)
RELEVANCE = "term,kind,pattern,requires,level,jurisdiction,valid_from,valid_to,note\n"
TOPICS = "topic,term,fields,pattern,unless,instruments,valid_from,valid_to,note\n"
WORDINGS = "position,rule,fields,document_type,pattern,unless,lacks,instrument,valid_from,valid_to,note\n"


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return tmp_path / "words.csv"


def test_a_seed_saved_by_a_spreadsheet__is_read(seed: Path) -> None:
    seed.write_text(f"\ufeff{RELEVANCE}clock,core,clocks?,,2,,,,\r\n,,,,,,,,\r\n\r\n", encoding="utf-8")
    (term,) = Vocabulary(seed).terms
    assert (term.term, term.level) == ("clock", 2)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("clock,core,,,2,,,,", "words.csv, line 2: expected a regular expression in pattern, got ''"),
        ("clock,core,clock|,,2,,,,", "line 2: expected a regular expression that some text lacks in pattern"),
        ("clock,core,(clock,,2,,,,", r"line 2: expected a regular expression \(.*\) in pattern, got '\(clock'"),
        ("clock,paired,clock,[,2,,,,", "in requires"),
        ("clock,core,(?<=a)clock,,2,,,,", "without look-around"),
        ("clock,core,clock,,two,,,,", "expected a whole number in level, got 'two'"),
        ("clock,core,clock,,2,,01/05/2031,,", "expected a day such as .* in valid_from, got '01/05/2031'"),
        ("clock,core,clock,,2,,2031-05-02,2031-05-01,", "expected no day before 2031-05-02 in valid_to"),
        ("clock,core,clock,,2,,,,,,,", "line 2: expected 9 cells, got more"),
    ],
)
def test_a_row_that_cannot_be_meant__is_refused_with_its_place(seed: Path, row: str, message: str) -> None:
    seed.write_text(f"{RELEVANCE}{row}\n", encoding="utf-8")
    with pytest.raises(BadSeed, match=message):
        Vocabulary(seed)


def test_a_lacking_column__is_told(seed: Path) -> None:
    seed.write_text("topic,term\nhealth,x\n", encoding="utf-8")
    with pytest.raises(BadSeed, match="expected the columns fields, pattern"):
        TopicTerms(seed)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("health,x,title,,,,,,", "in pattern, got ''"),
        ("health,x,title,wards?,,,2031-13-01,,", "in valid_from"),
        ("health,x,title,ward(?!en),,,,,", "without look-around"),
    ],
)
def test_topic_terms__are_refused_alike(seed: Path, row: str, message: str) -> None:
    seed.write_text(f"{TOPICS}{row}\n", encoding="utf-8")
    with pytest.raises(BadSeed, match=message):
        TopicTerms(seed)


@pytest.mark.parametrize(
    ("row", "message"), [("x,r,title,,a,,,meeting,,,", "in position"), ("1,r,title,,,,,meeting,,,", "in pattern")]
)
def test_wordings__are_refused_alike(seed: Path, row: str, message: str) -> None:
    seed.write_text(f"{WORDINGS}{row}\n", encoding="utf-8")
    with pytest.raises(BadSeed, match=message):
        Wordings(seed)


@pytest.mark.parametrize(
    ("row", "message"), [("a,,,,", "some text lacks at 'a'"), ("a,(,,,", "regular expression at 'a'")]
)
def test_candidate_terms__are_refused_alike(seed: Path, row: str, message: str) -> None:
    seed.write_text(f"\ufeffterm,pattern,valid_from,valid_to,note\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        CandidateGate(seed)
    seed.write_text("\ufeffterm,pattern,valid_from,valid_to,note\na,clock,,,\n", encoding="utf-8")
    assert CandidateGate(seed).passes("A clock")


@pytest.mark.parametrize(("day", "expected"), [(BEFORE, 0), (SINCE, 2), (None, 0)])
def test_a_term__holds_on_its_days_alone(seed: Path, day: date | None, expected: int) -> None:
    seed.write_text(f"{RELEVANCE}clock,core,clocks?,,2,,2031-05-01,,\n", encoding="utf-8")
    record = {"title": "Clocks", "abstract": None, "body": None, "published_date": day, "jurisdiction": "US"}
    assert judge_document(record, Vocabulary(seed)).relevance == expected


def test_topics_and_instruments__hold_on_their_days_alone(seed: Path) -> None:
    days = pl.DataFrame(
        {"title": ["Clocks"] * 3, "abstract": [None] * 3, "published_date": [BEFORE, SINCE, None]},
        schema={"title": pl.String, "abstract": pl.String, "published_date": pl.Date},
    )
    seed.write_text(f"{TOPICS}health,x,title,clocks?,,,2031-05-01,2031-06-01,\n", encoding="utf-8")
    assert assign_topics(days, TopicTerms(seed))["topics"].to_list() == [["other"], ["health"], ["other"]]
    seed.write_text(f"{WORDINGS}1,r,title,,clocks?,,,meeting,,2031-04-30,\n", encoding="utf-8")
    assert classify(days, Wordings(seed))["instrument"].to_list() == ["meeting", None, None]


def test_kinds_of_money_and_wordings_of_parties__hold_on_their_days_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = Validity(SINCE, None)
    monkeypatch.setattr(money, "_kinds", lambda: [("penalty", "around", re.compile("tithe"), limited)])
    kinds = [find_amounts("A tithe of $5.", "US", day)[0].kind for day in (BEFORE, SINCE, None)]
    assert kinds == ["other", "penalty", "other"]
    monkeypatch.setattr(parties, "_wordings", lambda: [("r", re.compile("with (?P<parties>Acme)"), limited)])
    assert [len(parties_of("A pact with Acme", day)) for day in (BEFORE, SINCE, None)] == [0, 1, 0]


def test_a_reading__depends_on_every_seed_that_a_reader_names() -> None:
    """A reader whose seed is left out would not read its texts again when the seed is edited."""
    named = {
        name
        for module in Path(texts.__file__).parent.glob("*.py")
        for name in re.findall(r"\"(\w+\.csv)\"", module.read_text(encoding="utf-8"))
    }
    assert named - {"relevance_terms.csv"} == {path.name for path in texts.seeds_read()}


def test_shipped_seeds__can_all_be_read() -> None:
    for path in SEEDS.glob("*.csv"):
        rows = seed_rows(path, ())
        assert all(isinstance(row, Row) for row in rows)
        if "valid_from" in rows[0].cells:
            assert all(row.validity() for row in rows)


def test_tracks__are_told_in_small_letters() -> None:
    """The marts look for them in texts that are put in small letters."""
    patterns = [row.cells["pattern"] for row in seed_rows(SEEDS / "track.csv", ("pattern",))]
    assert patterns == [pattern.lower() for pattern in patterns]
