"""Parts of lines out of rows of an edition: references, dates, weights, changed fields, whatever the week.

Belongs here: what one row tells. Does not belong here: which rows are asked for (reader.py), SQL (queries.py), wording
(wording.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from pipelines.digest import queries, wording
from pipelines.digest.model import NOTHING, DatedWord, FieldChange, NewLine, Reference
from pipelines.digest.queries import Row
from pipelines.digest.sentences import after_title, first_sentence, is_formal, own_words

AGENCIES_SHOWN = 3
_UNSHOWN_FIELDS = ("body", "abstract", "disposition_notes", "withdrawal_note", "identifiers")
"""Too long to be read in a line."""


def by_statement(relations: Iterable[Row]) -> Iterable[list[Row]]:
    """Relations between the same two ends that one quote states, e.g. "rescinds and replaces", stand together."""
    ends = ("from_policy_id", "from_identifier", "to_policy_id", "to_identifier", "is_partial", "event_date", "quote")
    stated: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in relations:
        key = tuple(row[name] for name in ends) if row["quote"] else (row["relation_id"],)
        stated[key].append(row)
    return stated.values()


def in_order(rows: Iterable[Row]) -> list[str]:
    """Relations by what they do, the most decisive first."""
    return sorted({row["relation"] for row in rows}, key=queries.ACTS.index)


def policy_ids_of(*answers: Iterable[Row]) -> list[str]:
    """Policies that rows name."""
    columns = ("policy_id", "from_policy_id", "to_policy_id", "by_policy_id")
    found = {row.get(column) for rows in answers for row in rows for column in columns}
    return sorted(policy_id for policy_id in found if policy_id)


def reference(row: Row, name: str | None = None) -> Reference:
    """A row's own title and address."""
    return Reference(
        title=wording.plain(row["title"] or "") or name or "without a title",
        url=wording.safe_url(row["url"]),
        name=name,
        language=wording.language(row["language"]),
    )


def official_name(row: Row) -> str | None:
    """The number people know an order, proclamation or memorandum by; other instruments go by their title."""
    for stated in row.get("identifiers") or ():
        if stated["scheme"] in ("eo", "proclamation", "omb_memo"):
            return wording.identifier(stated["scheme"], stated["value"])
    return None


def issuers(row: Row) -> list[str]:
    """All issuers of a row, in words."""
    return [wording.issuer(name, row["jurisdiction"]) for name in row["agency_names"] or () if name]


def agencies(row: Row) -> tuple[str, ...]:
    """Issuers in words, the first few of a long list."""
    shown = issuers(row)
    if len(shown) > AGENCIES_SHOWN:
        return (*shown[:AGENCIES_SHOWN], f"{len(shown) - AGENCIES_SHOWN} more")
    return tuple(shown)


def dated_words(
    dates: Iterable[tuple[str, date | None]], appeared: Row | None = None, later: Collection[date] = ()
) -> tuple[DatedWord, ...]:
    """Dates in the order they are told, those of one day joined: "signed and effective".

    Of days that nobody knew in the week, ``later``, that is said: "later published". ``appeared`` holds why an earlier
    item is told now, so that it does not read as it did in its own week.
    """
    why = None if appeared is None else appeared["appearance"]
    told = [("published_now" if event == "published" and why == "published" else event, day) for event, day in dates]
    if appeared is not None and why in ("late", "undated"):
        told.append(("edited_now" if appeared.get("is_edited") else "seen_now", appeared["seen_day"]))
    labels: dict[date, list[str]] = {}
    for event, day in told:
        if day is not None:
            labels.setdefault(day, []).append(wording.date_label(event))
    for names in labels.values():
        names.sort(key=lambda name: name.endswith(", on"))
    return tuple(
        DatedWord(wording.LATER * (day in later) + wording.listing(list(dict.fromkeys(names))), day)
        for day, names in labels.items()
    )


def new_document(row: Row) -> NewLine:
    """A publication that is no policy instrument."""
    dates = [
        ("filed", row["filed_date"]),
        ("signed", row["signed_date"]),
        ("published", row["published_date"]),
        (wording.begins("effective", row["instrument"]), row["effective_date"]),
        ("comment_closes", row["comments_close_date"]),
        ("closes", row["closes_date"]),
    ]
    return NewLine(
        keys=(("new", row["document_id"]),),
        anchor=wording.anchor("new", row["document_id"]),
        appearance=row["appearance"],
        policy_id=None,
        document_id=row["document_id"],
        what=reference(row),
        instrument=wording.instrument(row["instrument"], row["document_type"]),
        instrument_code=row["instrument"],
        agencies=agencies(row),
        jurisdiction=wording.jurisdiction(row["jurisdiction"]),
        track="",
        dates=dated_words(dates, row),
        abstract=first_sentence(after_title(row["abstract"], row["title"])),
        is_abstract_quoted=False,
        status=None,
        status_since=None,
        deeds=(),
        relevance=row["relevance"],
        is_significant=row["is_significant"],
        parties=(),
        evidence_id=row["evidence_id"],
    )


def said_of(row: Row) -> tuple[str | None, bool]:
    """The one sentence that is shown of a policy or publication, and whether it is one of its own text.

    Where the abstract is only the beginning of the act, the act says what it does.
    """
    stated = after_title(row["abstract"], row["title"])
    abstract = None if is_formal(stated) else first_sentence(stated)
    if abstract is not None:
        return abstract, False
    opening = own_words(row.get("opening")) or first_sentence(stated)
    return opening, opening is not None


def quoted(text: str | None) -> str | None:
    """The words of a source, cut; None where it has none."""
    return wording.plain(text, wording.MAX_QUOTE_CHARS) if text and text.strip() else None


def weight(policy: Row | None) -> dict[str, Any]:
    """How much a changed policy matters; one that the edition does not hold matters least."""
    if policy is None:
        return {"instrument": "", "instrument_code": None, "is_ai": False, "relevance": 0, **place({})}
    return {**own_weight(policy), "is_ai": policy["is_ai"]}


def own_weight(row: Row) -> dict[str, Any]:
    """How much a changed publication matters by itself."""
    return {
        "instrument": wording.instrument(row["instrument"], row["document_type"]),
        "instrument_code": row["instrument"],
        "is_ai": row["relevance"] >= 1,
        "relevance": row["relevance"],
        **place(row),
    }


def place(row: Row) -> dict[str, str]:
    """Where a line is filed: the track of its policy, if it has one, and the jurisdiction in words."""
    track = row.get("track")
    return {
        "track": wording.track_of(track) if track or row.get("policy_id") else "",
        "jurisdiction": wording.jurisdiction(row.get("jurisdiction")),
    }


def field_changes(row: Row, year: int) -> tuple[FieldChange, ...]:
    """What changed from one version to the next, field by field."""
    stated = {change["field"]: change for change in json.loads(row["field_diff"] or "[]")}
    return tuple(
        _field_change(name, stated.get(name), year) for name in dict.fromkeys([*(row["changed_fields"] or ()), *stated])
    )


def _field_change(name: str, change: Mapping[str, Any] | None, year: int) -> FieldChange:
    if change is None or name in _UNSHOWN_FIELDS:
        return FieldChange(field=wording.field_label(name), before=None, after=None, is_shown=False)
    return FieldChange(
        field=wording.field_label(name),
        before=_value(change.get("before"), year),
        after=_value(change.get("after"), year),
        is_shown=True,
    )


def _value(value: object, year: int) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, list):
        return wording.plain(", ".join(_value(part, year) for part in value), 120)
    if not isinstance(value, str):
        return wording.plain(json.dumps(value, sort_keys=True, ensure_ascii=False), 120)
    try:
        return ", ".join(wording.day(date.fromisoformat(one), year) for one in value.split(", "))
    except ValueError:
        return wording.plain(value, 120)
