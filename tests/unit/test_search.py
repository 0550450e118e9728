"""Search: the index and the SQL macro give the same documents in the same order, whatever is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.publish.search_index import INDEX, BadQuery, lines_of, match_expression, search, write_search_index
from pipelines.publish.stage import MACROS

TEXTS = {
    "a": ("Cloud access rule", "Know your customer for cloud access.", "Cloud access, cloud storage and GPUs."),
    "b": ("Semiconductor export rule", "On chips.", "A semiconductor rule that names cloud access once."),
    "c": ("Stratégie d’IA de l’Élysée", None, "Une stratégie nationale; naïve Bayes — or not."),
    "d": ("AI-enabled infrastructure", "Infrastructure, infrastructural, infra.", None),
    "e": ("The the THE", "NOT a rule OR a notice", "U.S.C. 50 U. S. C. 1701 and 1702; 10^26 operations"),
    "g": ("A mark \ue000 of private use", "cloud\ue000 and \U0010fffd", None),
    "f": ("Artificial intelligence", "intelligence artificial", "Artificial  intelligence\nand\tintelligence."),
}  # fmt: skip
NAMED = """
    ('order', 'us-eo-90110', '2023-11-01', 'u', 'Safe Development of AI', 'By the authority vested in me.',
        repeat('It is hereby ordered as follows. ', 400), 2,
        ['Executive Order 90110', 'EO 90110', 'E.O. 90110', 'FR Doc. 2023-98283'], '2023-10-30'),
    ('end', null, '2025-01-28', 'u', 'Revocation of Executive Order 90110 (EO 90110)', 'Executive Order 90110 ends.',
        'EO 90110 is revoked; see 2023-98283.', 2, [], null),
    ('memo', null, null, 'u', 'Advancing Governance', null, 'Under E.O. 90110.', 2,
        ['OMB Memorandum M-24-99', 'OMB M-24-99'], '2024-03-28')
"""
NAMES = {
    '"Executive Order 90110"': "order",
    "executive order 90110": "order",
    "EO 90110": "order",
    "E.O. 90110": "order",
    "2023-98283": "order",
    "FR Doc. 2023-98283": "order",
    "M-24-99": "memo",
    '"OMB memorandum M-24-99"': "memo",
}
QUERIES = [
    *NAMES,
    "EO 90110 -revocation",
    '"cloud access" NOT semiconductor',
    "cloud -semiconductor",
    '"artificial intelligence"',
    "artificial intelligence",
    "infra*",
    '"cloud acc"*',
    "cloud OR export",
    "chips OR GPUs rule",
    "rule OR AND notice",
    "OR rule",
    "rule NOT notice NOT cloud",
    "Élysée",
    "elysee STRATEGIE",
    "AI-enabled",
    "U.S.C.",
    '"50 U. S. C. 1701"',
    "the the",
    "10^26",
    "rule & access",
    "nothing that any text holds",
    '"unbalanced cloud',
    "\ue000",
    "cloud \ue000",
    "cloud NOT \U0010fffd",
    "semiconductor\u00a0cloud",
    "cloud\u2009NOT\u00a0semiconductor",
    "NOT\u3000semiconductor cloud",
    "chips\x1cOR\x85GPUs\x0brule",
    '"cloud\u00a0access"',
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edition")


@pytest.fixture(scope="module")
def edition(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(
        """
        create table documents (document_id varchar, policy_id varchar, published_date date, url varchar, title varchar,
            abstract varchar, body varchar, relevance bigint, names varchar[], signed_date date)
        """
    )
    for name, texts in TEXTS.items():
        row = [name, *texts]
        connection.execute(
            "insert into documents values (?, null, '2024-01-29', 'https://x.gov', ?, ?, ?, 1, [], null)", row
        )
    connection.execute(
        """
        insert into documents values
            ('no', null, null, 'u', 'Cloud access to mountains', null, null, 0, [], null),
            ('p', 'policy', null, 'u', 'Cloud access act', null, null, 0, [], null)
        """
    )
    connection.execute("insert into documents values " + NAMED)
    connection.execute((MACROS / "search_documents.sql").read_text(encoding="utf-8"))
    write_search_index(connection, folder)
    yield connection
    connection.close()


def by_macro(edition: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, float]]:
    return edition.execute("select document_id, score from search_documents(?)", [query]).fetchall()


def by_index(folder: Path, query: str) -> list[tuple[str, float]]:
    return [(hit.document_id, hit.score) for hit in search(folder, query, 100).hits]


@pytest.mark.parametrize("query", QUERIES)
def test_index_and_macro__agree(edition: duckdb.DuckDBPyConnection, folder: Path, query: str) -> None:
    found = by_index(folder, query)
    assert [name for name, _ in found] == [name for name, _ in by_macro(edition, query)]
    assert [score for _, score in found] == pytest.approx([score for _, score in by_macro(edition, query)], abs=2e-6)


WORD = st.sampled_from(
    ["cloud", "access", "rule", "the", "AI", "infra*", "notice", "&", "u.s.c.", "naïve", '"cloud access"']
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["", "NOT ", "-", "OR ", "AND "]), WORD), min_size=1, max_size=5))
def test_index_and_macro__agree_on_any_query(
    edition: duckdb.DuckDBPyConnection, folder: Path, parts: list[tuple[str, str]]
) -> None:
    query = " ".join(before + word for before, word in parts)
    try:
        found = by_index(folder, query)
    except BadQuery:
        found = []
    assert [name for name, _ in found] == [name for name, _ in by_macro(edition, query)]


def test_found__are_documents_about_ai_and_of_policies_alone(folder: Path, edition: duckdb.DuckDBPyConnection) -> None:
    assert {name for name, _ in by_index(folder, '"cloud access"')} == {"a", "b", "p"}


def test_a_word_of_the_title__counts_most(folder: Path, edition: duckdb.DuckDBPyConnection) -> None:
    assert by_index(folder, "semiconductor")[0][0] == "b"
    assert by_index(folder, '"cloud access"')[-1][0] == "b"


@pytest.mark.parametrize("query", ["", "   ", "& ; --", "-cloud", "NOT cloud", '""'])
def test_a_query_for_nothing__is_told(folder: Path, edition: duckdb.DuckDBPyConnection, query: str) -> None:
    with pytest.raises(BadQuery, match="expected words"):
        search(folder, query, 10)
    assert by_macro(edition, query) == []


@pytest.mark.parametrize(("name", "document"), NAMES.items())
def test_a_name__finds_its_own_document_first(
    folder: Path, edition: duckdb.DuckDBPyConnection, name: str, document: str
) -> None:
    assert by_index(folder, name)[0][0] == by_macro(edition, name)[0][0] == document


def test_a_memorandum__has_the_day_of_its_signature(folder: Path, edition: duckdb.DuckDBPyConnection) -> None:
    lines = list(lines_of(search(folder, "M-24-99", 1).hits, as_json=False))
    assert lines[0] == "signed 2024-03-28  Advancing Governance"
    [(signed,)] = edition.execute("select signed_date from search_documents('M-24-99')").fetchall()
    assert signed == date(2024, 3, 28)


COMMANDS = ["title : cloud", "a) OR (b", "NEAR(a b, 2)", "^cloud", "'; drop table x", "cloud\x00 a"]


@pytest.mark.parametrize("query", COMMANDS)
def test_a_query__is_never_a_command(folder: Path, edition: duckdb.DuckDBPyConnection, query: str) -> None:
    assert [name for name, _ in by_index(folder, query)] == [name for name, _ in by_macro(edition, query)]


def test_words__are_quoted_for_the_index() -> None:
    assert match_expression('cloud "know your" infra* NOT chips a OR b') == (
        '(("cloud") AND ("know your") AND ("infra"*) AND ("a" OR "b")) NOT ("chips")'
    )


def test_an_edition_without_index__is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no search index"):
        search(tmp_path, "cloud", 1)


def test_an_index_of_another_version__is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / INDEX)) as index:
        index.execute("create virtual table documents using fts5(document_id unindexed, title, abstract, body)")
    with pytest.raises(FileNotFoundError, match=r"no such column: .*; publish a newer one"):
        search(tmp_path, "cloud", 1)


def test_hits__are_printed_with_their_address(folder: Path, edition: duckdb.DuckDBPyConnection) -> None:
    lines = list(lines_of(search(folder, "gpus", 1).hits, as_json=False))
    assert lines[0] == "2024-01-29  Cloud access rule"
    assert "[GPUs]" in lines[1]
    assert lines[2].endswith("a  https://x.gov")


def test_found__says_how_many_there_are_and_shows_more_than_the_title(
    folder: Path, edition: duckdb.DuckDBPyConnection
) -> None:
    found = search(folder, "cloud", 2)
    assert (found.total, len(found.hits)) == (len(by_index(folder, "cloud")), 2)
    assert found.total > 2
    [hit] = search(folder, "enabled", 1).hits
    assert (hit.title, hit.snippet) == ("AI-enabled infrastructure", "Infrastructure, infrastructural, infra.")


def test_the_index__can_be_made_anew(folder: Path, edition: duckdb.DuckDBPyConnection) -> None:
    before = (folder / INDEX).read_bytes()
    write_search_index(edition, folder)
    assert (folder / INDEX).read_bytes() == before
