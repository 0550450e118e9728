"""Fixtures on disk: an answer as the source gives it, and beside it what the parser must read from it.

`tests/fixtures/<slug>/<case>.<ext>` is the answer, `<case>.expected.json` is a list of documents in order,
or `{"refused": "UpstreamError"}`, or, where single records are set aside,
`{"documents": [...], "rejected": [{"where": "/results/1", "error": "UnknownShape"}]}`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapers.contracts import Refusal
from scrapers.parse import parser_of
from scrapers.registry import sources

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPECTED = ".expected.json"


@dataclass(frozen=True)
class Case:
    """One recorded or written answer of a source."""

    slug: str
    answer: Path

    @property
    def name(self) -> str:
        return self.answer.name.split(".", 1)[0]

    @property
    def expected(self) -> Path:
        return self.answer.with_name(f"{self.name}{EXPECTED}")

    def __str__(self) -> str:
        return f"{self.slug}/{self.name}"


def cases_of(slug: str, fixtures: Path = FIXTURES) -> list[Case]:
    """All cases of a source, by name; hidden files are none."""
    folder = fixtures / slug
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [Case(slug, path) for path in files if not path.name.endswith(EXPECTED)]


def all_cases() -> list[Case]:
    """The cases of every registered source."""
    return [case for slug in sources() for case in cases_of(slug)]


def expectations_without_answer(slug: str, fixtures: Path = FIXTURES) -> list[Path]:
    """Expected files left behind by a renamed or deleted answer."""
    named = {case.expected for case in cases_of(slug, fixtures)}
    return [path for path in sorted((fixtures / slug).glob(f"*{EXPECTED}")) if path not in named]


def read(case: Case) -> Any:
    """What the parser makes of a case today, in the form of an expected file."""
    try:
        answer = parser_of(case.slug)(case.answer.read_bytes())
    except Refusal as refusal:
        return {"refused": type(refusal).__name__}
    documents = [document.model_dump(mode="json") for document in answer.documents]
    if not answer.rejected:
        return documents
    rejected = [{"where": record.where, "error": record.error} for record in answer.rejected]
    return {"documents": documents, "rejected": rejected}


def load_expected(case: Case) -> Any:
    """The reviewed expectation."""
    return json.loads(case.expected.read_text(encoding="utf-8"))
