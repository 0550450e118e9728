"""Decisions about quarantined rows: their record, what a correction must satisfy, and what loading makes of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.ops.backup import backup, restore
from pipelines.ops.migrations import m0003_quarantined_rows_that_decisions_name as m0003
from pipelines.ops.migrations import m0004_several_closing_days as m0004
from pipelines.overrides.corrections import InvalidCorrection, read_settings, why_not_acceptable
from pipelines.overrides.decisions import DecisionsRefused, NotDecided, decide, decide_each, in_force, read_decisions
from pipelines.overrides.rows import read_rows, require_valid, waiting
from pipelines.overrides.wording import visible
from pipelines.warehouse import open_warehouse
from scrapers.contracts import Depth
from tests.crawl_fixture import SLUG, document, land
from tests.unit.overrides_fixture import (
    DAY,
    DECIDED,
    FAR,
    FIELD,
    KEPT,
    MENDED,
    STATED,
    decided,
    land_all,
    loaded,
    rows_by_kind,
)


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What each test gets its copy of."""
    home = Home(tmp_path_factory.mktemp("loaded") / "home")
    land_all(home)
    loaded(home)
    return home.root


@pytest.fixture
def home(loaded_once: Path, tmp_path: Path) -> Home:
    """A state folder in which a row of each kind is in quarantine."""
    return Home(Path(shutil.copytree(loaded_once, tmp_path / "home")))


VERSIONS = """
    select document_id, version_no, change_origin, override_id, first_seen_at, title, effective_date
    from raw.decided_versions inner join raw.decided_parses using (source_id, document_id, version_no)
    order by all
"""


def told(home: Home, query: str = VERSIONS) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(query).fetchall()


def test_rows__have_keys_that_hold_in_every_crawl_and_replay(home: Home) -> None:
    before = {kind: row.record_key for kind, row in rows_by_kind(home).items()}
    land_all(home, hours=5)
    loaded(home)
    rows = rows_by_kind(home)
    assert {kind: row.record_key for kind, row in rows.items()} == before
    assert {row.answers for row in rows.values()} == {2}
    home.warehouse.unlink()
    loaded(home)
    assert {kind: row.record_key for kind, row in rows_by_kind(home).items()} == before


def test_accepting__brings_the_document_from_the_decision_on_and_leaves_the_raw_rows(home: Home) -> None:
    raw = told(home, "select * from raw.document_versions order by all")
    made = decided(home, "document", "accept")
    assert loaded(home).overridden == 1
    assert loaded(home).overridden == 0
    found = [row for row in told(home) if row[0] == FAR.document_id]
    assert found == [(FAR.document_id, 1, "source", made.override_id, DECIDED, FAR.title, None)]
    assert told(home, "select * from raw.document_versions order by all") == raw


def test_correcting_a_field__is_a_version_of_its_own_and_no_change_of_the_source(home: Home) -> None:
    made = decided(home, "field", "correct", effective_date="2026-12-01")
    loaded(home)
    found = [row[1:] for row in told(home) if row[0] == KEPT.document_id]
    assert [(row[0], row[1], row[2], row[5]) for row in found] == [
        (1, "source", None, None),
        (2, "override", made.override_id, date(2026, 12, 1)),
    ]
    assert found[1][3] == DECIDED
    assert told(home, "select old_values, new_values, state, document_id from raw.overrides") == [
        ('{"effective_date":null}', '{"effective_date":"2026-12-01"}', "applied", KEPT.document_id)
    ]


def test_a_correction__holds_for_later_versions_with_the_same_fault_and_no_longer_once_mended(home: Home) -> None:
    made = decided(home, "field", "correct", effective_date="2026-12-01")
    longer = document("2026-20000", date(2026, 10, 8), title="A rule on AI, longer")
    land(home.root, [longer], rejected=[FIELD], hours=48)
    mended = document("2026-20000", date(2026, 10, 8), title="A rule on AI", effective_date=date(2027, 1, 1))
    land(home.root, [mended], hours=72)
    loaded(home)
    found = [(*row[1:4], *row[5:]) for row in told(home) if row[0] == KEPT.document_id]
    assert found == [
        (1, "source", None, KEPT.title, None),
        (2, "override", made.override_id, KEPT.title, date(2026, 12, 1)),
        (3, "source", made.override_id, "A rule on AI, longer", date(2026, 12, 1)),
        (4, "source", None, "A rule on AI", date(2027, 1, 1)),
    ]


def mended_kinds(home: Home) -> set[str]:
    loaded(home)
    return {kind for kind, row in rows_by_kind(home).items() if row.mended_at is not None}


def test_a_row__is_mended_once_a_later_crawl_has_read_its_document_whole(home: Home) -> None:
    land(home.root, [KEPT], rejected=[FIELD], hours=24)
    assert mended_kinds(home) == set(), "the fault is still shown"
    land(home.root, [KEPT.model_copy(update={"depth": Depth.LISTING})], hours=48)
    assert mended_kinds(home) == set(), "a line of a list does not hold the field"
    land(home.root, MENDED, hours=72)
    assert mended_kinds(home) == {"document", "field"}, "what names no document waits for somebody"
    with open_warehouse(home) as connection:
        rows = read_rows(connection)
    assert [row.kind for row in waiting(rows, [])] == ["record"]


def test_a_fault_that_came_again_byte_for_byte__is_no_longer_mended(tmp_path: Path) -> None:
    """Such an answer is quarantined once, at its first coming."""
    home = Home(tmp_path)
    land(home.root, [FAR, KEPT], rejected=[FIELD], body="faulty")
    land(home.root, MENDED, hours=24)
    assert mended_kinds(home) == {"document", "field"}
    land(home.root, [FAR, KEPT], rejected=[FIELD], body="faulty", hours=48)
    assert mended_kinds(home) == set()


def test_several_decisions__are_all_taken_or_none(home: Home) -> None:
    decided(home, "field", "reject")
    with pytest.raises(NotDecided, match="expected an undecided row"):
        decide_each(home, [row.names for row in rows_by_kind(home).values()], "reject", "Ada", "No.", DECIDED + DAY)
    assert len(read_decisions(home)) == 1


def test_the_histories__are_the_same_in_whatever_order_they_were_loaded(home: Home) -> None:
    decided(home, "field", "correct", effective_date="2026-12-01")
    decided(home, "document", "accept")
    loaded(home)
    land(home.root, [document("2026-20000", date(2026, 10, 8), title="A rule on AI")], hours=48)
    loaded(home)
    queries = (VERSIONS, "select * from raw.overrides order by all", "select * from raw.decided_parses order by all")
    step_by_step = [told(home, query) for query in queries]
    home.warehouse.unlink()
    loaded(home)
    assert [told(home, query) for query in queries] == step_by_step


def test_a_record__becomes_the_document_that_a_person_states(home: Home) -> None:
    made = decided(home, "record", "correct", **STATED)
    loaded(home)
    found = [row for row in told(home) if row[3] == made.override_id]
    assert found == [(STATED["document_id"], 1, "source", made.override_id, DECIDED, STATED["title"], None)]


def test_a_document_that_the_source_brings_itself_later__is_no_second_version(home: Home) -> None:
    decided(home, "document", "accept")
    land(home.root, [FAR], hours=24 * 15)
    assert loaded(home).new_versions == 1
    assert len([row for row in told(home) if row[0] == FAR.document_id]) == 1


def test_undoing__gives_back_what_the_source_said_and_forgets_what_was_read(home: Home) -> None:
    before = told(home)
    decided(home, "field", "correct", effective_date="2026-12-01")
    decided(home, "document", "accept")
    loaded(home)
    with open_warehouse(home) as connection:
        connection.execute(
            "insert into enriched.relevance by name select ? as source_id, ? as document_id, 2 as version_no,"
            " 'relevance/1' as extractor_version, 'v' as vocabulary_sha256, 2 as relevance, 'title' as rule,"
            " ['AI'] as matched_terms",
            [SLUG, KEPT.document_id],
        )
    for kind in ("field", "document"):
        decided(home, kind, "undo", DECIDED + DAY)
    assert loaded(home).overridden == 2
    assert told(home) == before
    assert told(home, "select * from enriched.relevance") == []
    assert told(home, "select verdict, state from raw.overrides order by decided_at, verdict") == [
        ("accept", "superseded"), ("correct", "superseded"), ("undo", "undo"), ("undo", "undo"),
    ]  # fmt: skip


def test_rejecting__changes_no_document(home: Home) -> None:
    before = told(home)
    decided(home, "record", "reject")
    assert loaded(home).overridden == 0
    assert told(home) == before
    assert told(home, "select state from raw.overrides") == [("rejected",)]


def test_a_row_is_decided_once__until_that_is_taken_back(home: Home) -> None:
    decided(home, "record", "reject")
    with pytest.raises(NotDecided, match=r"Ada Lovelace decided at .* undo"):
        decided(home, "record", "reject", DECIDED + DAY)
    decided(home, "record", "undo", DECIDED + DAY)
    with pytest.raises(NotDecided, match="expected a decided row"):
        decided(home, "record", "undo", DECIDED + 2 * DAY)
    with pytest.raises(NotDecided, match="set the clock"):
        decided(home, "record", "reject", DECIDED)


def test_two_who_decide_at_once__are_one_after_the_other(home: Home) -> None:
    names = rows_by_kind(home)["record"].names

    def one(number: int) -> bool:
        try:
            decide(home, names, "reject", f"Author {number}", "No document.", DECIDED)
        except NotDecided:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [False, False, False, True]
    assert len(read_decisions(home)) == 1


@pytest.mark.parametrize("said", ["", "  ", "Ada\x1b[2J", "Ada\u202egnp", "two\nlines", "x" * 1_001, "\ud800"])
def test_hostile_authors_and_reasons__are_refused(home: Home, said: str) -> None:
    names = rows_by_kind(home)["record"].names
    for author, reason in ((said, "Because."), ("Ada", said)):
        with pytest.raises(NotDecided, match="expected 1 to"):
            decide(home, names, "reject", author, reason, DECIDED)
    assert read_decisions(home) == []


def test_words_that_look_like_sql_or_markup__are_words(home: Home) -> None:
    names = rows_by_kind(home)["record"].names
    author, reason = "Robert'); drop table raw.overrides; --", "<script>alert(1)</script> =cmd|' /C calc'!A0"
    decide(home, names, "reject", author, reason, DECIDED)
    loaded(home)
    assert told(home, "select author, reason from raw.overrides") == [(author, reason)]


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("record", {"title": "A title"}, "document_id: Field required, got nothing"),
        ("record", {**STATED, "published_date": "soon"}, "published_date: .* got 'soon'"),
        ("record", {**STATED, "published_date": "2027-10-07"}, "expected a day at most .* days after the crawl"),
        ("record", {**STATED, "document_id": "no scheme"}, "expected a scheme, a colon and a name"),
        ("record", {**STATED, "title": "A\x1b[31m title"}, "title: expected text without control"),
        ("record", {**STATED, "title": " "}, "title: expected text"),
        ("record", {**STATED, "url": "javascript:alert(1)"}, "expected an http or https address"),
        ("record", {**STATED, "identifiers": [{"scheme": "weather", "value": "1"}]}, "identifiers: expected words of"),
        ("record", {**STATED, "published_date": None}, "published_date: expected a value"),
        ("field", {"document_id": "fr:1"}, "expected fields that do not name the document"),
        ("field", {"parser_version": "x/1"}, "expected a field that a person may state"),
        ("record", {**STATED, "title": "A" * 2_001}, r"title: expected .*\(Titles hold 1 to 2,000 characters"),
        ("record", {**STATED, "native_id": " 1"}, "native_id: expected what the audit asks for"),
        ("field", {"effective_date": "2206-12-01"}, r"effective_date: expected .*twenty years ahead.*date\(2206"),
        ("document", {"title": "A" * 2_001, "published_date": "2026-10-08"}, "title: expected what the audit asks for"),
        ("field", {"amounts": [{"kind": "guess", "raw": "$1", "field": "f"}]}, "amounts: expected words of"),
    ],
)  # fmt: skip
def test_a_correction_that_breaks_the_contract__is_refused_in_its_words(
    home: Home, kind: str, fields: dict[str, object], words: str
) -> None:
    row = rows_by_kind(home)[kind]
    with open_warehouse(home) as connection, pytest.raises(InvalidCorrection, match=words):
        require_valid(connection, row, fields, DECIDED.date())


def test_what_the_audit_finds_already__holds_up_no_correction_of_something_else(tmp_path: Path) -> None:
    """The title is too long already; the day that is stated changes nothing of that."""
    home = Home(tmp_path)
    land(home.root, [KEPT.model_copy(update={"title": "A" * 2_001})], rejected=[FIELD])
    loaded(home)
    row = rows_by_kind(home)["field"]
    with open_warehouse(home) as connection:
        require_valid(connection, row, {"effective_date": "2026-12-01"}, DECIDED.date())


def test_a_name_that_another_document_has__is_refused(home: Home) -> None:
    row = rows_by_kind(home)["record"]
    taken = {**STATED, "document_id": KEPT.document_id}
    with open_warehouse(home) as connection:
        with pytest.raises(InvalidCorrection, match=f"no document of {SLUG} has, got {KEPT.document_id}"):
            require_valid(connection, row, taken, DECIDED.date())
        require_valid(connection, row, STATED, DECIDED.date())
        decision = decide(home, {**row.names, "record_key": "0" * 24}, "correct", "Ada", "Seen.", DECIDED, STATED)
        with pytest.raises(InvalidCorrection, match="which is another one's"):
            require_valid(connection, row, STATED, DECIDED.date(), [decision])


def test_a_decision_that_the_contract_refuses_by_now__is_told_and_stops_nothing(home: Home) -> None:
    decided(home, "field", "correct", effective_date="not a day")
    decided(home, "record", "correct", title="No id")
    loaded(home)
    states = told(home, "select state, starts_with(note, 'The contract refuses it now: ') from raw.overrides")
    assert states == [("not_applied", True)] * 2


def test_only_what_a_bound_holds_back__can_be_accepted(home: Home) -> None:
    rows = rows_by_kind(home)
    accepted = rows["document"]
    assert why_not_acceptable(accepted.kind, accepted.error, accepted.document, DECIDED.date()) is None
    too_early = why_not_acceptable(accepted.kind, accepted.error, accepted.document, date(2026, 9, 1))
    assert "correct it, or wait" in (too_early or "")
    for kind in ("record", "field"):
        refusal = why_not_acceptable(kind, rows[kind].error, rows[kind].document, DECIDED.date())
        assert "cannot be represented" in (refusal or "")


def test_a_field_of_a_document_that_is_set_aside_itself__is_stated_with_that_row(tmp_path: Path) -> None:
    home = Home(tmp_path)
    untitled = KEPT.model_copy(update={"title": None})
    land(home.root, [untitled], rejected=[FIELD])
    loaded(home)
    rows = rows_by_kind(home)
    with (
        open_warehouse(home) as connection,
        pytest.raises(InvalidCorrection, match=f"NoTitle.*aipolicy quarantine correct {rows['document'].record_key}"),
    ):
        require_valid(connection, rows["field"], {"effective_date": "2026-12-01"}, DECIDED.date())
    decided(home, "document", "correct", title="A rule on artificial intelligence", effective_date="2026-12-01")
    loaded(home)
    assert [row[0] for row in told(home)] == [KEPT.document_id]


def test_settings__are_texts_or_json() -> None:
    assert read_settings(["title=1984", 'subjects=["AI"]', "is_significant=true", "abstract=a=b"], SLUG) == {
        "title": "1984", "subjects": ["AI"], "is_significant": "true", "abstract": "a=b",
    }  # fmt: skip
    for wrong in (["title"], ["colour=red"], ["title=a", "title=b"], [], ["content_sha256=0"]):
        with pytest.raises(InvalidCorrection, match="expected"):
            read_settings(wrong, SLUG)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: path.write_text(path.read_text().replace("Ada", "Eve")),
        lambda path: path.rename(path.with_name("20260101T000000000000Z-0123456789abcdef.json")),
        lambda path: path.unlink(),
    ],
    ids=["cut", "edited", "renamed", "lost"],
)
def test_a_broken_record__is_refused_and_stays(home: Home, damage: Callable[[Path], object]) -> None:
    decided(home, "record", "reject")
    decided(home, "record", "undo", DECIDED + DAY)
    first = min(home.overrides.iterdir())
    damage(first)
    left = {path.name: path.read_bytes() for path in home.overrides.iterdir()}
    with pytest.raises(DecisionsRefused, match="restore the folder from a copy"):
        loaded(home)
    assert {path.name: path.read_bytes() for path in home.overrides.iterdir()} == left


def test_decisions_of_two_machines__are_refused_together(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    land_all(other)
    loaded(other)
    decided(home, "record", "reject")
    decided(other, "record", "reject", DECIDED + DAY)
    shutil.copytree(other.overrides, home.overrides, dirs_exist_ok=True)
    with pytest.raises(DecisionsRefused, match="expected it to follow"):
        read_decisions(home)


def test_a_copy__carries_decisions(home: Home, tmp_path: Path) -> None:
    made = decided(home, "document", "accept")
    home.archive.mkdir()
    backup(home, tmp_path / "copies", DECIDED)
    back = Home(tmp_path / "back")
    restore(back, tmp_path / "copies", DECIDED)
    assert list(in_force(read_decisions(back)).values()) == [made]
    loaded(back)
    assert FAR.document_id in {row[0] for row in told(back)}


def test_what_a_terminal_would_obey__is_written_out() -> None:
    assert visible("a\x1b[31m\x00\u202eb\u200b\ud800é") == "a\\x1b[31m\\x00\\u202eb\\u200b\\ud800é"


def test_rows_of_an_older_warehouse__get_their_keys_by_being_loaded_anew(home: Home) -> None:
    before = {kind: row.record_key for kind, row in rows_by_kind(home).items()}
    rows = told(home, VERSIONS)
    with open_warehouse(home) as connection:
        for column in ("record_key", "kind", "item", "body_sha256", "document_id", "document"):
            connection.execute(f"alter table raw.quarantine drop column {column}")
    for _ in range(2):
        m0003.apply(home)
    assert loaded(home).crawls == 1
    assert loaded(home).crawls == 0
    assert {kind: row.record_key for kind, row in rows_by_kind(home).items()} == before
    assert told(home, VERSIONS) == rows


def test_documents_of_before_there_were_lists_of_days__are_read(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        for table in m0004._TABLES:
            connection.execute(f"alter table {table} drop column closes_dates")
        lacking = "json_merge_patch(document, json_object('closes_dates', null))"
        connection.execute(f"update raw.quarantine set document = {lacking} where document is not null")
    m0004.apply(home)
    assert [row.document.closes_dates for row in rows_by_kind(home).values() if row.document] == [()]
    decided(home, "field", "correct", effective_date="2026-12-01")
    decided(home, "document", "accept")
    assert loaded(home).overridden == 2
