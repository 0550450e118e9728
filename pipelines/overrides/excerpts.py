"""The part of an answer that a quarantined row stands in, for people to read.

Of JSON the record at the row's place is shown, of other bytes what lies around its words. Belongs here: finding that
part. Does not belong here: reading the archive, and making hostile characters visible.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import reduce
from typing import Any

from pipelines.overrides.rows import QuarantinedRow

EXCERPT_CHARS = 2_000


def excerpt(body: bytes, row: QuarantinedRow) -> str:
    """Some of an answer as text: the record that holds the row, or all from the row's words on."""
    text = body.decode("utf-8", "replace")
    try:
        answer = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        word = row.where_in_answer if row.kind == "document" else row.raw_text[:60]
        return _cut(text, max(text.find(word), 0))
    place, record = _record_of(answer, row)
    shown = json.dumps(record, indent=1, ensure_ascii=False)
    field = shown.find(f"\n {json.dumps(row.where_in_answer.rpartition('/')[2])}:") if row.kind == "field" else 0
    return f"[the record at {place or '/'}]\n{_cut(shown, field + 1 if field > EXCERPT_CHARS else 0)}"


def _record_of(answer: Any, row: QuarantinedRow) -> tuple[str, Any]:
    """The record that holds the row and its JSON pointer.

    A parser may name a place above the answer's own root, such as ``/results/0`` of a document that was asked for
    alone: what leads nowhere from the root is left out.
    """
    if row.kind == "document":
        return next(_holders(answer, row.where_in_answer, ""), ("", answer))
    pointer = row.where_in_answer.rpartition("/")[0] if row.kind == "field" else row.where_in_answer
    parts = pointer.split("/")[1:]
    for first in range(len(parts)):
        try:
            return "/" + "/".join(parts[first:]), reduce(_inside, parts[first:], answer)
        except (KeyError, IndexError, TypeError, ValueError):
            continue
    return "", answer


def _inside(value: Any, part: str) -> Any:
    return value[int(part)] if isinstance(value, list) else value[part]


def _holders(value: Any, native_id: str, place: str) -> Iterator[tuple[str, Any]]:
    """The objects that hold a source's own name of a document as a value, by their JSON pointers."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, dict) and native_id in {str(one) for one in value.values() if isinstance(one, str | int)}:
        yield place, value
    for name, one in inside:
        yield from _holders(one, native_id, f"{place}/{name}")


def _cut(text: str, first: int) -> str:
    more = len(text) - first - EXCERPT_CHARS
    before = f"[{first:,} characters before]\n" if first > 0 else ""
    after = f"\n[{more:,} characters more; all: --raw]" if more > 0 else ""
    return before + text[first : first + EXCERPT_CHARS] + after
