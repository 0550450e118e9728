"""The sample documents of the Federal Register: a data file of facts, generated filler, or a CSV corpus.

Belongs here: reading them into plain records, and what the hosts that answer from them look up. Does not belong here:
the shape of any answer.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.texts import SAMPLE_NOTE
from scrapers.samples.us_federal_register.filler import ordinary_documents
from scrapers.samples.us_federal_register.records import Agency, FrDocument

CORPUS_FILE = "federal_register_stream_2020_2023.csv.gz"
CORPUS_COLUMNS = ("document_number", "publication_date", "title", "abstract", "html_url")
KINDS = {
    "rule": ("Rule", None),
    "proposed_rule": ("Proposed Rule", None),
    "notice": ("Notice", None),
    "executive_order": ("Presidential Document", "Executive Order"),
}


class FrIndex:
    """Documents in the order (day, number) and their agencies, with what requests look up."""

    def __init__(self, agencies: dict[str, Agency], documents: Iterable[FrDocument]) -> None:
        self.agencies = agencies
        """By slug."""
        self.documents: list[FrDocument] = sorted(documents, key=lambda document: (document.day, document.number))
        self.keys: list[tuple[date, str]] = [(document.day, document.number) for document in self.documents]
        self._by_number: dict[str, list[FrDocument]] = {}
        for document in self.documents:
            self._by_number.setdefault(document.number, []).append(document)

    def between(self, since: date | None, until: date | None) -> Sequence[FrDocument]:
        """Documents published from `since` to `until`, oldest first."""
        low = 0 if since is None else bisect_left(self.keys, (since, ""))
        high = len(self.keys) if until is None else bisect_right(self.keys, (until, "\uffff"))
        return self.documents[low:high]

    def numbered(self, number: str, day: date | None = None) -> FrDocument | None:
        """A document by number, the latest when the number was used more than once."""
        found = self._by_number.get(number, [])
        if day is not None:
            found = [document for document in found if document.day == day]
        return found[-1] if found else None


def read_index(corpus: Path | None) -> FrIndex:
    """Read the bundled data; with `corpus`, the documents come from the CSV in that folder instead.

    Raises FileNotFoundError when the folder does not hold the CSV, and ValueError when it is not as expected.
    """
    agencies = {
        slug: Agency(slug=slug if "id" in raw else None, **raw)
        for slug, raw in read_yaml(__file__, "agencies.yml").items()
    }
    return FrIndex(agencies, bundled_documents() if corpus is None else corpus_documents(corpus))


@cache
def shared_index(corpus: Path | None) -> FrIndex:
    """The same, read once for all hosts of a process that answer from it."""
    return read_index(corpus)


def bundled_documents() -> list[FrDocument]:
    """The policy documents of the data file and the generated ordinary ones."""
    documents = [_document(raw) for raw in read_yaml(__file__, "documents.yml")]
    return documents + ordinary_documents(read_yaml(__file__, "filler.yml"), {document.day for document in documents})


def corpus_documents(folder: Path) -> list[FrDocument]:
    """Documents of the CSV corpus: number, day, title, abstract and address; all else is unknown."""
    path = folder / CORPUS_FILE
    if not path.is_file():
        raise FileNotFoundError(f"--corpus {folder}: expected a file {CORPUS_FILE} in it, found none")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = set(CORPUS_COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(
                f"{path}: expected columns {', '.join(CORPUS_COLUMNS)}; missing {', '.join(sorted(missing))}"
            )
        return [
            FrDocument(
                number=row["document_number"],
                day=date.fromisoformat(row["publication_date"]),
                title=row["title"],
                abstract=row["abstract"] or None,
                html_url=row["html_url"] or None,
                type=row.get("type") or None,
                is_bare=True,
            )
            for row in reader
        ]


def _document(raw: dict[str, Any]) -> FrDocument:
    raw = dict(raw)
    kind, subtype = KINDS[raw.pop("kind")]
    start, end = raw.pop("pages", (None, None))
    document = FrDocument(
        type=kind,
        subtype=subtype,
        start_page=start,
        end_page=end,
        agencies=tuple(raw.pop("agencies", ("executive-office-of-the-president",))),
        cfr=tuple((title, part) for title, part in raw.pop("cfr", ())),
        rins=tuple(raw.pop("rins", ())),
        dockets=tuple(raw.pop("dockets", ())),
        text=(*raw.pop("text", ()), SAMPLE_NOTE),
        **raw,
    )
    return replace(document, abstract=document.abstract and f"{document.abstract} {SAMPLE_NOTE}")
