"""JSON answers, read strictly: what several JSON APIs share.

Named refusals instead of half-read data: duplicate keys, absurd depth, cut bytes, HTML where JSON was due.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any

from scrapers.contracts import NotADocument, Truncated, UnknownShape, UpstreamError
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page

MAX_DEPTH = 64
_TOO_DEEP = f"expected JSON nested at most {MAX_DEPTH} deep, got deeper"
MAX_NAMES = 10
"""So many are told in an error."""
_SURROGATE = re.compile(
    r"(?<!\\)(?:\\\\)*(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F])"
)
"""An escape of one half of a surrogate pair without the other: text that no encoding can hold; read as U+FFFD."""

_CUT = re.compile(r"(?<=\d)(?:\.|[eE][+-]?)|\\?u[0-9a-fA-F]{0,4}")
"""What a decoder cannot go on from when the bytes end inside a number or an escape."""
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
"""A string, whole or cut anywhere, or a bracket. Nothing that was matched is tried again, or hostile text lasts."""
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_DIGITS = len(str(2**63))
_BOM = b"\xef\xbb\xbf"


class OddNumber(str):
    """A number that no machine word holds (40 digits, 1e400, NaN), as it was written; no reader of text takes it."""

    __slots__ = ()


def read_json(body: bytes) -> Any:
    """Decode one JSON answer.

    Raises BlockPage for walls, UpstreamError for HTML error pages, Truncated for JSON that ends early, NotADocument for
    XML, and UnknownShape for anything else that is not JSON.
    """
    text = body.decode("utf-8-sig", errors="replace").strip()
    if text in ("", "<") or _BOM.startswith(body):
        raise Truncated("expected JSON, got an empty body")
    refuse_block_page(body, "JSON")
    if looks_like_html(body):
        title = re.search(r"<title>([^<]{0,120})", text, re.I)
        raise UpstreamError(f"expected JSON, got an HTML page titled {title.group(1).strip() if title else '(none)'!r}")
    if text.startswith("<"):
        raise NotADocument("expected JSON, got XML; a request body or another API's answer")
    if text[0] not in "{[":
        raise UnknownShape(f"expected a JSON object or list, got text that begins {text[:40]!r}")
    if "\\ud" in text or "\\uD" in text:
        text = _SURROGATE.sub(lambda half: half.group()[:-6] + "\\ufffd", text)
    try:
        value = json.loads(
            text, object_pairs_hook=_no_duplicates, parse_constant=OddNumber, parse_float=_float, parse_int=_int
        )
    except (json.JSONDecodeError, UnknownShape, RecursionError) as error:
        refusal = _refusal(text, error)
        raise refusal from (None if refusal is error else error)
    if _is_too_deep(value):
        raise UnknownShape(_TOO_DEEP)
    return value


def is_json_schema(value: object) -> bool:
    """Whether a decoded value is a JSON Schema or OpenAPI description rather than data."""
    return isinstance(value, dict) and any(key in value for key in ("$schema", "openapi", "swagger"))


def _refusal(text: str, error: Exception) -> Exception:
    """Why a text is not read: its depth before anything else, which a decoder may not live to see."""
    if _depth(text) > MAX_DEPTH:
        return UnknownShape(_TOO_DEEP)
    if not isinstance(error, json.JSONDecodeError):
        return error
    if _ends_early(text, error):
        return Truncated(f"JSON ends early at character {error.pos}: {error.msg}")
    return UnknownShape(f"not JSON: {error}")


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the text could go on to be JSON: it ends between two tokens or inside the one that cannot be read."""
    if error.msg == "Extra data":
        return False
    rest = text[error.pos :]
    if "Unterminated" in error.msg or any(word.startswith(rest) for word in _WORDS):
        return True
    return _CUT.fullmatch(text, error.pos) is not None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = sorted(name for name, count in counts.items() if count > 1)
        raise UnknownShape(f"expected each key once, got twice: {twice[:MAX_NAMES]}")
    return value


def _float(literal: str) -> float | OddNumber:
    number = float(literal)
    return number if math.isfinite(number) else OddNumber(literal)


def _int(literal: str) -> int | OddNumber:
    if len(literal) < _DIGITS:
        return int(literal)
    is_short = len(literal) <= _DIGITS + 1
    return int(literal) if is_short and -(2**63) <= int(literal) < 2**63 else OddNumber(literal)


def _is_too_deep(value: Any) -> bool:
    """Whether a decoded value is nested deeper than it may be, a level at a time: far quicker than by its text."""
    level, depth = [value], 0
    while level and depth < MAX_DEPTH:
        inside = (outer.values() if type(outer) is dict else outer for outer in level)
        level = [one for ones in inside for one in ones if type(one) is dict or type(one) is list]
        depth += 1
    return bool(level)


def _depth(text: str) -> int:
    """Deepest nesting of brackets outside strings of any text; linear, so hostile depth costs nothing."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        if token.group() in ("{", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif token.group() in ("}", "]"):
            depth -= 1
    return deepest
