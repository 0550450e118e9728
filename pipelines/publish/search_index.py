"""`search.sqlite`: the edition's full-text index, made and asked with SQLite's FTS5.

Belongs here: the index and the language of queries, which is that of the published macro `search_documents`: words and
"phrases" that must all be there, `word*`, `NOT word` or `-word`, and OR between two. Does not belong here: how hits are
printed or shown.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from pipelines.publish.readers import reading

INDEX = "search.sqlite"
WEIGHTS = "10.0, 5.0, 1.0, 1000000.0"
"""Of a word in title, abstract, body and names: whoever asks for a number wants its document before those that cite it.

The published macro counts the same.
"""
MARK_BEGIN, MARK_END = "\x02", "\x03"
"""Stand around a found word in a snippet: no text of a document holds control characters."""
_PART = re.compile(r'(?P<no>NOT\s+|-)?(?P<phrase>"[^"]*"\*?)|(?P<not>NOT\s+)?(?P<word>\S+)')
_INDEXED = """
    select document_id, policy_id, published_date::varchar, signed_date::varchar, url, title, coalesce(abstract, ''),
        coalesce(body, ''), array_to_string(names, ' ')
    from documents where relevance >= 1 or policy_id is not null order by document_id
"""


class BadQuery(ValueError):
    """The query names nothing to look for."""


@dataclass(frozen=True)
class Hit:
    """A document that was found; `snippet` is of its abstract or text and marks the words found."""

    document_id: str
    policy_id: str | None
    published_date: str | None
    signed_date: str | None
    url: str
    title: str
    snippet: str
    score: float

    @property
    def dated(self) -> str | None:
        """Its day for people: that of publication, else that of signature, which is said to be that."""
        return self.published_date or (self.signed_date and f"signed {self.signed_date}")


@dataclass(frozen=True)
class Found:
    """What a query found: the best hits, and the number of all."""

    total: int
    hits: list[Hit]


def write_search_index(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Index the documents about AI of an open edition."""
    path = folder / INDEX
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as index:
        index.execute("pragma page_size = 4096")
        index.execute(
            """
            create virtual table documents using fts5(
                document_id unindexed, policy_id unindexed, published_date unindexed, signed_date unindexed,
                url unindexed, title, abstract, body, names, tokenize = "unicode61 remove_diacritics 2"
            )
            """
        )
        rows = connection.execute(_INDEXED).fetchall()
        index.executemany("insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        index.execute("insert into documents (documents) values ('optimize')")
        index.commit()
        index.execute("vacuum")


def search(folder: Path, query: str, limit: int) -> Found:
    """The best hits of a query in an edition's index, and how many there are.

    Raises BadQuery for a query that names nothing to look for, FileNotFoundError where the edition has no such index.
    """
    path = folder / INDEX
    if not path.exists():
        raise FileNotFoundError(f"{path}: the edition has no search index; publish a newer one with: aipolicy run")
    with reading(folder), closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as index:
        try:
            return _found(index, match_expression(query), limit)
        except sqlite3.OperationalError as error:
            # Every word of a query is quoted, so what fails is an index that another version of ours has made.
            raise FileNotFoundError(f"{path}: {error}; publish a newer one with: aipolicy run") from error


def _found(index: sqlite3.Connection, expression: str, limit: int) -> Found:
    index.create_function("passage", 2, _passage, deterministic=True)
    # Of all that match the index alone is read, whose rows are in the order of the ids; of the best the texts.
    rows = index.execute(
        f"""
        with best as (
            select rowid as place, round(-bm25(documents, 0, 0, 0, 0, 0, {WEIGHTS}), 6) as score
            from documents where documents match ?3 order by score desc, place limit ?4
        )

        select document_id, policy_id, published_date, signed_date, url, title,
            passage(snippet(documents, 6, ?1, ?2, ' … ', 24), snippet(documents, 7, ?1, ?2, ' … ', 24)), score
        from best cross join documents on documents.rowid = place
        where documents match ?3 order by score desc, place
        """,
        [MARK_BEGIN, MARK_END, expression, limit],
    ).fetchall()
    [total] = index.execute("select count(*) from documents where documents match ?", [expression]).fetchone()
    return Found(total, [Hit(*row) for row in rows])


def _passage(abstract: str, body: str) -> str:
    """The passage that holds what was found; where the title alone does, how the document begins."""
    return next((text for text in (abstract, body) if MARK_BEGIN in text), abstract or body)


def match_expression(query: str) -> str:
    """A query in the words of FTS5; every word is quoted, so that no text is taken for a command.

    Raises BadQuery when it holds no word that must be there.
    """
    choices, excluded = _read(query)
    if not choices:
        raise BadQuery(f'expected words or "phrases" to look for, got {query!r}; NOT and - only leave out')
    wanted = " AND ".join(f"({' OR '.join(choice)})" for choice in choices)
    return f"({wanted}) NOT ({' OR '.join(excluded)})" if excluded else wanted


def _read(query: str) -> tuple[list[list[str]], list[str]]:
    """Choices of terms one of which must be there, and terms that must not."""
    choices: dict[int, list[str]] = {}
    excluded: list[str] = []
    number, follows_or = 0, False
    for term, is_excluded in _terms(query):
        if term == "OR":
            follows_or = True
            continue
        number += not follows_or
        follows_or = False
        if is_excluded:
            excluded.append(term)
        else:
            choices.setdefault(number, []).append(term)
    return list(choices.values()), excluded


def _terms(query: str) -> Iterator[tuple[str, bool]]:
    for part in _PART.finditer(query):
        text = part["phrase"] or part["word"]
        if text == "AND" and not part["not"]:
            continue
        if text == "OR" and not part["not"]:
            yield text, False
            continue
        is_excluded = bool(part["no"] or part["not"] or (part["word"] or "").startswith("-"))
        words = re.sub(r'["\x00-\x1f]', " ", text.removesuffix("*")).strip()
        if any(map(_is_indexed, words)):
            yield f'"{words}"{"*" if text.endswith("*") else ""}', is_excluded


def _is_indexed(letter: str) -> bool:
    """Whether FTS5 takes a character for part of a word: letters, numbers, and those of private use."""
    return letter.isalnum() or unicodedata.category(letter) == "Co"


def lines_of(hits: Iterable[Hit], *, as_json: bool) -> Iterator[str]:
    """Hits as lines for a terminal, found words in brackets; or one JSON object a hit."""
    for hit in hits:
        snippet = " ".join(hit.snippet.replace(MARK_BEGIN, "[").replace(MARK_END, "]").split())
        if as_json:
            yield orjson.dumps({**vars(hit), "snippet": snippet}).decode()
        else:
            yield f"{hit.dated or 'no date   '}  {hit.title}"
            yield f"    {snippet}"
            yield f"    {hit.document_id}  {hit.url}"
