"""An issue in the few lines that a chat holds: its title, its counts, what matters most, and where the whole is.

Belongs here: what is short enough. Does not belong here: sending it (pipelines/delivery.py), the whole (render.py).
"""

from __future__ import annotations

from pipelines.digest import wording
from pipelines.digest.model import ChangeLine, Digest, NewLine
from pipelines.digest.render import escape_markdown

MAX_CHARS = 1800
"""Under what Discord takes, also with the title before it; others take more, but nobody reads more in a chat."""
_SUMMARY_CHARS = 500
_ITEM_CHARS = 200


def chat_title(digest: Digest) -> str:
    """The week of the issue, on one line."""
    week = digest.week
    return f"AI policy, week {week.number} of {week.year} ({wording.span(week.since, week.until)})"


def to_chat(digest: Digest, max_chars: int = MAX_CHARS) -> str:
    """The issue in short, as Markdown of no more than so many characters; items that do not fit are left out whole.

    Addresses stand by themselves, so that they can be followed where a chat shows no Markdown, and nothing of a source
    calls anybody by an ``@``.
    """
    notice = wording.notice(digest)
    head = [*([_shown(notice)] if notice else []), _shown(wording.plain(digest.summary, _SUMMARY_CHARS))]
    items = [f"{place}. {_item(line)}" for place, line in enumerate(digest.top, 1)]
    tail = [f"The whole issue: <{digest.site}>"] if digest.site else []
    quiet = wording.nothing_else(digest)
    if not items and quiet:
        items = [_shown(quiet)]
    while items and len("\n\n".join((*head, *items, *tail))) > max_chars:
        items.pop()
    told = "\n\n".join((*head, *items, *tail))
    return told if len(told) <= max_chars else wording.plain(told, max_chars)


def _item(line: NewLine | ChangeLine) -> str:
    what = line.what.title
    if isinstance(line, ChangeLine):
        by = f" by {line.by.name or line.by.title}" if line.by else ""
        told = f"{wording.change_verb(line)}: {line.what.name or what}{by}"
    else:
        kind = wording.kind_of(line.what, line.instrument)
        told = f"{kind}: {what}" if kind else what
    return "\n   ".join([_shown(wording.plain(told, _ITEM_CHARS)), *([f"<{line.what.url}>"] if line.what.url else [])])


def _shown(text: str) -> str:
    return escape_markdown(text).replace("@", "＠")  # an @ would call whoever bears the name
