"""How well duties, relations and amounts are read from full texts.

Belongs here: reading the label files, joining what was found with what was annotated, the score of each part. Does not
belong here: the extraction itself. A text is read once with its own dates, jurisdiction and identifier, as a document
of the warehouse would be; nothing else of the label files reaches the extractors.

Documents without one relation in the gold are left out of that part and shown apart: their plain citations bear no
label, so they were not annotated for relations. Obligations and amounts are scored over all documents.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.citations import NAMED_LAW, find_citations
from pipelines.enrich.money import Amount, find_amounts
from pipelines.enrich.obligations import Obligation, TextDates, find_obligations
from pipelines.enrich.relations import find_relations
from pipelines.evaluate.files import BadFile, civil_day, filled, left_out, read_rows, read_text, with_optional
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total

MIN_ACTOR_F1 = 0.5
_LABELS = {
    "obligations": (("quote_start",), ("section", "actor", "period", "due_date")),
    "relations": (("relation_type", "target"), ()),
    "amounts": ((), ("low", "high", "currency", "kind")),
}
"""What a row of each table must say, and what else of it is used."""
_DROPPED = frozenset({"the", "a", "an", "each", "all", "any", "every"})

Row = dict[str, str]


@dataclass(frozen=True)
class _Text:
    doc_id: str
    text: str
    document: Row
    obligations: list[Row]
    relations: list[Row]
    amounts: list[Row]


@dataclass(frozen=True)
class _Scored:
    """One document in one part."""

    doc_id: str
    counts: Counts
    errors: list[dict[str, Any]]


def run(texts: Path, gold: Path) -> Report:
    """Score the three parts over every text that documents.csv lists.

    ``texts`` holds ``<doc_id>.txt``; ``gold`` holds documents.csv, obligations.csv, relations.csv and amounts.csv.
    Raises BadFile for a table that is not there, and where no text is; a text that is not there is counted.
    """
    documents, lost = _read(texts, gold)
    labelled = [one for one in documents if one.relations]
    parts = {
        "obligations": [_obligations(one) for one in documents],
        "relations": [_relations(one, lambda kind, target: (kind, target)) for one in documents],
        "amounts": [_amounts(one, with_kind=False) for one in documents],
    }
    apart = {
        "relations_targets_alone": [_relations(one, lambda _, target: (target,)) for one in documents],
        "relations_labelled_documents": [_relations(one, lambda kind, target: (kind, target)) for one in labelled],
        "amounts_with_kind": [_amounts(one, with_kind=True) for one in documents],
    }
    by_class = {name: _metrics(scored) for name, scored in {**parts, **apart}.items()}
    by_class["amounts"]["kind_accuracy"] = _share(by_class["amounts_with_kind"]["right"], by_class["amounts"]["right"])
    everything = [one for scored in parts.values() for one in scored]
    return Report(
        task="extraction",
        metrics=_metrics(everything) | lost,
        by_class=by_class,
        by_stratum={one.doc_id: _metrics([two for two in everything if two.doc_id == one.doc_id]) for one in documents},
        errors=[error for one in everything for error in one.errors],
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _metrics(scored: Sequence[_Scored]) -> Metrics:
    counts = [one.counts for one in scored]
    metrics = total(counts).metrics()
    metrics["ci95"] = interval([counts], lambda units: total(units).f1) if counts else [0.0, 0.0]
    return metrics


def _read(texts: Path, gold: Path) -> tuple[list[_Text], Metrics]:
    """Every listed text that is there, with its labels; and what is left out."""
    path = gold / "documents.csv"
    listed = with_optional(read_rows(path, ("doc_id",)), "jurisdiction", "identifier", "date_signed", "date_published")
    rows = filled(listed, path, ("doc_id",)).unique("doc_id", keep="first", maintain_order=True)
    labels = {name: _labels(gold / f"{name}.csv", needed, known) for name, (needed, known) in _LABELS.items()}
    documents = [
        _Text(
            doc_id=row["doc_id"],
            text=read_text(texts / f"{row['doc_id']}.txt"),
            document=row,
            **{name: found.get(row["doc_id"], []) for name, found in labels.items()},
        )
        for row in rows.fill_null("").to_dicts()
        if (texts / f"{row['doc_id']}.txt").is_file()
    ]
    if not documents:
        raise BadFile(f"{texts}: expected the texts of {path}, got none; the first is {rows['doc_id'][0]}.txt")
    read = {one.doc_id for one in documents}
    lost = sum(len(rows) for found in labels.values() for doc_id, rows in found.items() if doc_id not in read)
    return documents, left_out(documents_without_text=rows.height - len(documents), labels_without_text=lost)


def _labels(path: Path, needed: tuple[str, ...], used: tuple[str, ...]) -> dict[str, list[Row]]:
    """The rows of each document that say what is needed; the rest of what is used may be blank."""
    rows = with_optional(read_rows(path, ("doc_id", *needed), may_be_empty=True), *used)
    rows = rows.drop_nulls(["doc_id", *needed]).with_columns(pl.all().fill_null(""))
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows.to_dicts():
        found[row["doc_id"]].append(row)
    return found


def _jurisdiction(row: Row) -> str:
    return "GB" if row["jurisdiction"] == "UK" else row["jurisdiction"]


# Obligations


def _obligations(one: _Text) -> _Scored:
    """Each found duty is joined with one annotated row whose quote starts in its span; a row that agrees goes first."""
    signed, published = (civil_day(one.document[name]) for name in ("date_signed", "date_published"))
    dates = TextDates(signed=signed, published=published)
    found = find_obligations(one.text, dates)
    places = _places(one.text, [row["quote_start"] for row in one.obligations])
    joined: dict[int, int] = {}
    for must_agree in (True, False):
        for place, duty in enumerate(found):
            if place not in joined:
                free = [
                    number
                    for number, start in enumerate(places)
                    if start is not None
                    and duty.start <= start < duty.end
                    and number not in joined.values()
                    and (not must_agree or _agrees(duty, one.obligations[number]))
                ]
                joined.update({place: free[0]} if free else {})
    right = {place for place, number in joined.items() if _agrees(found[place], one.obligations[number])}
    counts = Counts(len(right), len(found) - len(right), len(one.obligations) - len(right))
    return _Scored(one.doc_id, counts, _obligation_errors(one, found, joined, right))


def _obligation_errors(
    one: _Text, found: list[Obligation], joined: dict[int, int], right: set[int]
) -> list[dict[str, Any]]:
    errors = [
        _error(one, "obligations", "wrong", _as_row(duty), one.obligations[joined[place]] if place in joined else None)
        for place, duty in enumerate(found)
        if place not in right
    ]
    missed = [row for number, row in enumerate(one.obligations) if number not in joined.values()]
    return errors + [_error(one, "obligations", "missed", None, row) for row in missed]


def _as_row(duty: Obligation) -> Row:
    return {
        "section": duty.section or "",
        "actor": duty.actor or "",
        "period": duty.period or "",
        "due_date": str(duty.due_date or ""),
        "quote": duty.quote,
    }


def _agrees(duty: Obligation, row: Row) -> bool:
    """Period and due date equal, actors overlapping."""
    due = str(civil_day(row["due_date"]) or row["due_date"])
    is_timed = (duty.period or "") == row["period"] and str(duty.due_date or "") == due
    return is_timed and _token_f1(duty.actor or "", row["actor"]) >= MIN_ACTOR_F1


def _token_f1(said: str, expected: str) -> float:
    """Overlap of words; case, articles and the plural do not count."""
    one, two = _tokens(said), _tokens(expected)
    both = (one & two).total()
    return 2 * both / (one.total() + two.total()) if both else 0.0


def _tokens(text: str) -> Counter[str]:
    words = [word for word in re.findall(r"\w+", text.lower()) if word not in _DROPPED]
    return Counter(
        re.sub(r"ies\Z", "y", word) if word.endswith("ies") else re.sub(r"(?<=\w\w)s\Z", "", word) for word in words
    )


def _places(text: str, quotes: Iterable[str]) -> list[int | None]:
    """Where each quote starts, white space folded; one that comes again means its next occurrence."""
    kept = [place for place, char in enumerate(text) if not (char.isspace() and place and text[place - 1].isspace())]
    folded = "".join(" " if text[place].isspace() else text[place] for place in kept)
    seen: dict[str, int] = {}
    places: list[int | None] = []
    for quote in quotes:
        said = " ".join(quote.split())
        seen[said] = folded.find(said, seen.get(said, -1) + 1)
        places.append(kept[seen[said]] if seen[said] >= 0 else None)
    return places


# Relations


def _relations(one: _Text, unit: Callable[[str, str], tuple[str, ...]]) -> _Scored:
    """Sets of (type, target) or of targets."""
    own = [(cited.scheme, cited.value) for cited in find_citations(one.document["identifier"])]
    found = find_relations(one.text, own)
    said = {unit(stated.relation, _key(stated.target_scheme, stated.target_value)): stated for stated in found}
    expected = {unit(row["relation_type"], _target(row["target"])): row for row in one.relations}
    errors = [
        _error(one, "relations", "wrong", {"relation": " ".join(key), "quote": said[key].quote}, None)
        for key in said.keys() - expected.keys()
    ]
    errors += [_error(one, "relations", "missed", None, expected[key]) for key in expected.keys() - said.keys()]
    right = len(said.keys() & expected.keys())
    return _Scored(one.doc_id, Counts(right, len(said) - right, len(expected) - right), sorted(errors, key=str))


def _target(text: str) -> str:
    """A target of the label files in the one spelling of its identifier, as a text that writes it so is read."""
    cited = [one for one in find_citations(text) if one.scheme != NAMED_LAW]
    return _key(cited[0].scheme, cited[0].value) if len(cited) == 1 else _key(NAMED_LAW, text)


def _key(scheme: str, value: str) -> str:
    """An identifier, or a name without one; case, section signs and white space do not count."""
    plain = " ".join(value.replace("\u00a7", " ").casefold().split())
    return plain if scheme == NAMED_LAW else f"{scheme} {plain}"


# Amounts


def _amounts(one: _Text, with_kind: bool) -> _Scored:
    """Multisets of (low, high, currency), with the kind where asked."""
    found = find_amounts(one.text, _jurisdiction(one.document))
    said = Counter(_amount_key(amount, with_kind) for amount in found)
    expected = Counter(
        (_plain(row["low"]), _plain(row["high"]), row["currency"], row["kind"] if with_kind else "")
        for row in one.amounts
        if row["low"] or row["high"]
    )
    right = (said & expected).total()
    counts = Counts(right, said.total() - right, expected.total() - right)
    errors = [
        _error(one, "amounts", what, dict(zip(("low", "high", "currency", "kind"), key, strict=True)), None)
        for what, keys in (("wrong", said - expected), ("missed", expected - said))
        for key in keys.elements()
    ]
    return _Scored(one.doc_id, counts, errors)


def _amount_key(amount: Amount, with_kind: bool) -> tuple[str, str, str, str]:
    low, high = (_plain(str(end)) if end is not None else "" for end in (amount.low, amount.high))
    return low, high, amount.currency or "", amount.kind if with_kind else ""


def _plain(number: str) -> str:
    """A number in one spelling; what is none stays as it is, and agrees with nothing."""
    try:
        return f"{Decimal(number.replace(',', '')).normalize():f}" if number else ""
    except InvalidOperation:
        return number


def _error(one: _Text, part: str, what: str, said: Any, expected: Any) -> dict[str, Any]:
    return {"part": part, "doc_id": one.doc_id, "error": what, "said": said, "expected": expected}
