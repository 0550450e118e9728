"""The sample records and where they come from: data files of facts, generated filler, or a CSV corpus.

Belongs here: reading `data/<slug>/` and the corpus into plain records, and the indexes the hosts answer from.
Does not belong here: the shape of any API's answers; that is each host's module.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scrapers.samples import filler
from scrapers.samples.records import SAMPLE_NOTE, Agency, FrDocument, GovukItem, Opportunity

DATA = Path(__file__).parent / "data"
CORPUS_FILE = "federal_register_stream_2020_2023.csv.gz"
CORPUS_COLUMNS = ("document_number", "publication_date", "title", "abstract", "html_url")
FR_KINDS = {
    "rule": ("Rule", None),
    "proposed_rule": ("Proposed Rule", None),
    "notice": ("Notice", None),
    "executive_order": ("Presidential Document", "Executive Order"),
}


class FrIndex:
    """Federal Register documents in the order (day, number), with what requests look up."""

    def __init__(self, documents: Iterable[FrDocument]) -> None:
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


@dataclass(frozen=True)
class Library:
    """All that the hosts answer from."""

    agencies: dict[str, Agency]
    federal_register: FrIndex
    organisations: dict[str, dict[str, Any]]
    govuk: dict[str, GovukItem] = field(default_factory=dict)
    """By base path."""
    opportunities: dict[int, Opportunity] = field(default_factory=dict)


def load_library(corpus: Path | None = None) -> Library:
    """Read the bundled data; with `corpus`, the Federal Register comes from the CSV in that folder instead.

    Raises FileNotFoundError when the folder does not hold the CSV, and ValueError when a file is not as expected.
    """
    agencies = {
        slug: Agency(slug=slug if "id" in raw else None, **raw)
        for slug, raw in read_yaml("us_federal_register/agencies.yml").items()
    }
    documents = bundled_fr_documents() if corpus is None else corpus_fr_documents(corpus)
    organisations = read_yaml("uk_govuk/organisations.yml")
    items = [GovukItem(**raw) for raw in read_yaml("uk_govuk/items.yml")]
    items += filler.govuk_items(read_yaml("uk_govuk/filler.yml"))
    opportunities = [Opportunity(**raw) for raw in read_yaml("us_grants_gov/opportunities.yml")]
    opportunities += filler.opportunities(read_yaml("us_grants_gov/filler.yml"))
    return Library(
        agencies=agencies,
        federal_register=FrIndex(documents),
        organisations=organisations,
        govuk={item.base_path: item for item in items},
        opportunities={opportunity.id: opportunity for opportunity in opportunities},
    )


def read_yaml(name: str) -> Any:
    """One bundled data file, by its path under `data/`."""
    return yaml.load((DATA / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def bundled_fr_documents() -> list[FrDocument]:
    """The policy documents of the data file and the generated ordinary ones."""
    documents = [_fr_document(raw) for raw in read_yaml("us_federal_register/documents.yml")]
    return documents + filler.fr_documents(read_yaml("us_federal_register/filler.yml"))


def corpus_fr_documents(folder: Path) -> list[FrDocument]:
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


def _fr_document(raw: dict[str, Any]) -> FrDocument:
    raw = dict(raw)
    kind, subtype = FR_KINDS[raw.pop("kind")]
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
