"""What documents about AI are about besides, in made-up documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.enrich.topics import SEED, TOPICS_SCHEMA, TRACK_SCHEMA, TopicTerms, assign_topics, assign_track


def frame(title: str, abstract: str | None = None, instrument: str | None = None) -> pl.DataFrame:
    schema = dict.fromkeys(("title", "abstract", "instrument"), pl.String)
    return pl.DataFrame([{"title": title, "abstract": abstract, "instrument": instrument}], schema=schema)


def topics(title: str, abstract: str | None = None, instrument: str | None = None) -> list[str]:
    named: list[str] = assign_topics(frame(title, abstract, instrument))["topics"][0].to_list()
    return named


def track(title: str, abstract: str | None = None, instrument: str | None = None) -> dict[str, Any]:
    return assign_track(frame(title, abstract, instrument)).row(0, named=True)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AI and Copyright", ["intellectual_property"]),
        ("AI Tools in Hospitals", ["health"]),
        ("AI in Elections", ["elections_and_media"]),
        ("AI in Banking", ["finance"]),
        ("AI Literacy for Teachers", ["workforce_and_education"]),
        ("Export Controls for AI Chips", ["export_controls"]),
        ("AI on the Railways", ["transport"]),
        ("AI and Civil Rights", ["civil_rights"]),
        ("Army Use of AI", ["defence_and_security"]),
        ("Privacy and AI", ["privacy_and_data"]),
        ("AI", ["other"]),
    ],
)
def test_a_title_names_its_topic(title: str, expected: list[str]) -> None:
    assert topics(title) == expected


def test_several_topics_stand_in_the_order_of_the_list() -> None:
    named = topics("Copyright, Privacy and AI in Hospitals")
    assert named == ["health", "privacy_and_data", "intellectual_property"]


def test_the_instrument_speaks_too() -> None:
    assert topics("AI", instrument="executive_order") == ["executive_direction"]
    assert topics("AI", instrument="meeting") == ["other"]


def test_export_controls_of_chips_are_not_building_of_computers() -> None:
    assert topics("Export Controls; Supercomputer End Use") == ["export_controls"]


def test_each_topic_carries_the_words_it_rests_on() -> None:
    (evidence,) = assign_topics(frame("KI-Größen: AI and Copyright"))["topic_evidence"][0].to_list()
    assert evidence["quote"] == "Copyright"
    assert evidence["quote_start"] == len("KI-Größen: AI and ")
    assert (evidence["topic"], evidence["quote_field"]) == ("intellectual_property", "title")


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema={"title": pl.String, "abstract": pl.String})
    assert assign_topics(empty).schema == pl.Schema(TOPICS_SCHEMA)
    assert assign_track(empty).schema == pl.Schema(TRACK_SCHEMA)


def test_the_instrument_decides_the_track_first() -> None:
    row = track("Export Control Reform", instrument="executive_order")
    assert (row["track"], row["rule"]) == ("executive_orders", "instrument")


def test_words_decide_the_track_where_the_instrument_does_not() -> None:
    row = track("Rules on Chips", "The export controls are revised.", "final_rule")
    assert (row["track"], row["quote"], row["quote_field"]) == ("export_controls", "export control", "abstract")
    assert track("Chess")["track"] == "other"


@pytest.mark.parametrize(
    ("row", "message"),
    [("weather,r,title,x,,,,,", "'weather'"), ("health,r,body,x,,,,,", "'body'"), ("", "at least one row")],
)
def test_a_faulty_seed_is_refused(tmp_path: Path, row: str, message: str) -> None:
    seed = tmp_path / "terms.csv"
    seed.write_text(SEED.read_text(encoding="utf-8").splitlines()[0] + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        TopicTerms(seed)
