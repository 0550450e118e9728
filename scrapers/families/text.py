"""Text as sources write it, made safe to keep: controls out, invisible marks shown, HTML to plain text.

The raw bytes stay in the archive; what was changed is named by flags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree

from scrapers.families.wording import without_chrome

MAX_TITLE_CHARS = 2_000
REPLACED = "replacement_characters"
"""Flag of a document with U+FFFD in place of what could not be decoded."""
_ADDRESS = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad]")
_C1 = re.compile(r"[\x80-\x9f]+")
_INVISIBLE = re.compile("[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_RAISED = re.compile(
    r"(?<=\d)<(?:sup(?:\s[^<>]{0,200})?|span\s[^<>]{0,100}\b(?:oj-)?super\b[^<>]{0,100})>\s{0,9}"
    r"([-+\u2212]?\d{1,4})\s{0,9}</(?:sup|span)>",
    re.IGNORECASE,
)
"""A raised number after a digit: 10 to the 25th is no 1025."""
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])


def is_utf_8(body: bytes) -> bool:
    """Whether bytes are UTF-8; no text of another encoding is by accident, so a label that says otherwise is wrong."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def as_text(value: object) -> str:
    """A value that is text.

    Raises TypeError for anything else, also for a number that was kept as it was written.
    """
    if type(value) is not str:
        raise TypeError(f"expected text, got {type(value).__name__} {str(value)[:40]!r}")
    return value


def web_address(value: object) -> str:
    """An address that a reader's browser may follow.

    Raises TypeError for anything but text and ValueError for other schemes than http and https.
    """
    address = as_text(value)
    if not (_ADDRESS.match(address) and address.isprintable()):
        raise ValueError(f"expected an address that begins http:// or https://, got {address[:80]!r}")
    return address


def clean(text: str | None, flags: set[str]) -> str | None:
    """Remove controls and soft hyphens, show invisible marks as U+XXXX, trim; None stays None, empty becomes None.

    U+0080 to U+009F are bytes of Windows-1252 that were taken for Latin-1, and read as what they were there.
    """
    if text is None:
        return None
    if isinstance(text, str) and text.isprintable() and "\ufffd" not in text:
        return text.strip() or None  # no control and no invisible mark can be printed
    text = _without_controls(text, flags)
    if _INVISIBLE.search(text):
        flags.add("invisible_escaped")
        text = _INVISIBLE.sub(lambda mark: f"[U+{ord(mark.group()):04X}]", text)
    if "\ufffd" in text:
        flags.add(REPLACED)
    return text.strip() or None


def _without_controls(text: str, flags: set[str]) -> str:
    meant = _C1.sub(_from_windows_1252, text)
    if meant != text:
        flags.add("windows_1252_restored")
    safe = _CONTROL.sub("", meant)
    if safe != meant:
        flags.add("control_removed")
    return safe


def _from_windows_1252(match: re.Match[str]) -> str:
    """What the bytes mean there; the five that it does not define stay as they are."""
    return "".join(mark.encode("latin-1").decode("cp1252", "ignore") or mark for mark in match.group())


def one_line(text: str | None, flags: set[str]) -> str | None:
    """A title or name: cleaned, entities undone, white space folded, cut with a mark at 2,000 characters."""
    cleaned = clean(None if text is None else html.unescape(text), flags)
    if cleaned is None:
        return None
    folded = " ".join(cleaned.split())
    if len(folded) > MAX_TITLE_CHARS:
        flags.add("cut")
        folded = f"{folded[: MAX_TITLE_CHARS - 12]} [cut, {len(folded)}]"[:MAX_TITLE_CHARS]
    return folded


def html_to_text(fragment: str | None, flags: set[str]) -> str | None:
    """Plain text of an HTML fragment, a line a block, no mark-up, scripts and menus dropped, powers told by "^"."""
    if fragment is None or not fragment.strip():
        return None
    safe = _RAISED.sub(r"^\1", without_chrome(_without_controls(fragment, flags)))
    try:
        text = get_text(f"<body>{safe}</body>", _CONFIG)
    except etree.ParserError:
        return clean(re.sub(r"<[^>]*>", " ", safe), flags)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return clean("\n".join(line for line in lines if line), flags)


def take(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """Pop fields out of a raw record; absent ones are None. What stays behind is what nobody has read yet."""
    return {name: record.pop(name, None) for name in names}


def unread(record: dict[str, Any], known: Iterable[str]) -> tuple[str, ...]:
    """Names left in a record that the source has never shown before."""
    return tuple(sorted(set(record) - set(known)))
