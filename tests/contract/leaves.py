"""Nothing a source says is lost: every value of a raw record is looked for in the parsed document.

Values are compared by their letters and digits alone, after entities are undone, mark-up is taken out and case is
folded, so that trimming, folding white space and HTML to text count as kept. What a parser reads into another form
(a date, an address without its query) is stated by the caller as a reading.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

from scrapers.contracts import PolicyDocument

Reading = Callable[[str], str | None]
"""Another form in which a parser may keep a text; None where it does not apply."""

_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Paths and texts of all values that say something; null, empty text and a blank spelt as an entity say nothing."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{position}")
    elif value is not None and html.unescape(str(value)).strip():
        yield path, str(value)


def squeezed(text: str) -> str:
    """Letters and digits of a text; the text itself where it has none; numbers by their value."""
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        pass
    plain = text
    for _ in range(3):
        plain = html.unescape(plain)
    plain = _TAG.sub(" ", plain)
    return re.sub(r"[\W_]+", "", plain).casefold() or text.strip()


def lost_leaves(raw: object, document: PolicyDocument, readings: Iterable[Reading] = ()) -> list[str]:
    """Paths of values of a raw record that no value of the document holds."""
    kept = {squeezed(text) for _, text in leaves(json.loads(document.model_dump_json()))}
    readings = tuple(readings)
    lost = []
    for path, text in leaves(raw):
        forms = [text, *(form for reading in readings if (form := reading(text)) is not None)]
        if not any(squeezed(form) in kept for form in forms):
            lost.append(f"{path}: {text[:80]!r}")
    return lost


def without_query(text: str) -> str | None:
    """An address without its query."""
    return text.split("?", 1)[0] if text.startswith("http") and "?" in text else None
