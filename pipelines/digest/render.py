"""Turns a digest into Markdown, HTML and JSON; every text of a source is escaped on its way out.

Belongs here: escaping and mark-up. Does not belong here: what is said (build.py) and in which words (wording.py).
HTML relies on Jinja's autoescape, switched on by name. Markdown has an escape of its own that works the same way: all
that a template prints is escaped unless it is `Markdown` already. Text of sources is data, never a template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.digest import wording
from pipelines.digest.charts import charts
from pipelines.digest.model import (
    AmountLine,
    ChangeLine,
    CorrectionLine,
    Digest,
    DueLine,
    Group,
    NewLine,
    Reference,
    SourceWeek,
)
from pipelines.digest.proof import SHOWN_CHARS, Line, Proof, proof_of
from pipelines.digest.reasons import why_first

MAX_LINES = 40
"""Lines shown of one list; how many more there are is always said."""
IDS_ASKED = 5
"""Evidence ids in the example of a query."""

_MARKDOWN_MARKS = re.compile(r"([\\`*_\[\]<>|~])")
_MARKDOWN_ENTITY = re.compile(r"&(?=#?\w+;)")
_MARKDOWN_START = re.compile(r"^(?:([#+\-=:])|(\d{1,9})([.)]))")
_BARE_ADDRESS = re.compile(r"(?i)(?<=http)(s?):(?=//)|\b(www)\.")


_MARKS = {"checked_nothing_found": "0", "checked_nothing_kept": "○", "could_not_look": "×", "not_asked": "–"}
"""What stands in the table of looks where no number does."""


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escape_markdown(text: object) -> Markdown:
    """Plain text as Markdown that shows exactly it, on one line, with no live mark-up and no address made a link."""
    if isinstance(text, Markdown):
        return text
    marked = _MARKDOWN_MARKS.sub(r"\\\1", " ".join(str(text).split()))
    marked = _MARKDOWN_ENTITY.sub(r"\\&", marked)
    marked = _BARE_ADDRESS.sub(lambda match: f"{match[2]}\\." if match[2] else f"{match[1]}\\:", marked)
    return Markdown(_MARKDOWN_START.sub(lambda match: f"{match[2] or ''}\\{match[1] or match[3]}", marked))


def to_html(digest: Digest, *, max_lines: int = MAX_LINES, has_charts: bool = True) -> str:
    """The digest as one HTML page that loads nothing; of each list it shows no more than ``max_lines``."""
    held = {"max_lines": max_lines, "charts": charts(digest) if has_charts else ()}
    return _HTML.get_template("digest.html.j2").render(_context(digest) | held)


def to_markdown(digest: Digest) -> str:
    """The digest as CommonMark, with a table where there were gaps; ends with one newline."""
    text = _MARKDOWN.get_template("digest.md.j2").render(_context(digest))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def to_json(digest: Digest) -> str:
    """Every line of the digest, also those that the pages only count."""
    held = {
        "notice": wording.notice(digest),
        "is_sample": digest.is_sample,
        "week": digest.week.name,
        "since": digest.week.since,
        "until": digest.week.until,
        "edition_id": digest.edition_id,
        "as_of": digest.as_of,
        "issued_late": digest.issued_late,
        "summary": digest.summary,
        "item_count": digest.item_count,
        "top": [line.anchor for line in digest.top],
        "new": [_group(digest, group) for group in digest.new],
        "changed": _told(digest, digest.changes),
        "passed": _told(digest, digest.passed),
        "due": _told(digest, digest.coming),
        "later": _told(digest, digest.later),
        "ahead": _told(digest, digest.ahead),
        "lapsing": _told(digest, digest.lapsing),
        "standing": [asdict(count) for count in digest.standing],
        "corrections": _told(digest, digest.corrections),
        "money": [_group(digest, group) for group in digest.money],
        "money_read": asdict(digest.money_read),
        "run": [asdict(count) for count in digest.run],
        "money_run": [asdict(run) for run in digest.money_run],
        "sources": [asdict(source) for source in digest.sources],
    }
    return json.dumps(held, ensure_ascii=False, indent=2, default=_json_value) + "\n"


def _group(digest: Digest, group: Group[Any]) -> dict[str, Any]:
    return {**asdict(group), "lines": _told(digest, group.lines)}


def _told(digest: Digest, lines: Sequence[Line | CorrectionLine]) -> list[dict[str, Any]]:
    """Lines with where they lead."""
    return [
        {
            **asdict(line),
            **({"press": _told(digest, line.press)} if isinstance(line, NewLine) else {}),
            **asdict(proof_of(digest, line)),
        }
        for line in lines
    ]


def _json_value(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"expected a date or a decimal, got {type(value).__name__}")


def _context(digest: Digest) -> dict[str, Any]:
    year = digest.week.until.year
    lines = (*digest.top, *digest.new_lines, *digest.changes, *digest.due)
    ids = list(dict.fromkeys(short_id(line.evidence_id) for line in lines if line.evidence_id))[:IDS_ASKED]
    return {
        "digest": digest,
        "year": year,
        "max_lines": MAX_LINES,
        "nothing_else": wording.nothing_else(digest),
        "all_looked": wording.all_looked(digest.sources, year),
        "never_asked": wording.never_asked(digest.sources, year),
        "documented": wording.documented(digest.sources),
        "cited": [source for source in digest.sources if source.is_cited],
        "ids": ids,
        "sql": evidence_sql(ids),
    }


def evidence_sql(ids: Sequence[str]) -> Markdown:
    """The question that leads from lines to their quotes, pages and bytes; ``ids`` are beginnings of evidence ids.

    Harmless in Markdown code and in SQL quotes, since `short_id` leaves nothing that could end either.
    """
    asked = ",\n  ".join(f"'{one}'" for one in ids) or "'id of a line'"
    return Markdown(
        "select left(evidence_id, 16) as id, source_url, quote, fetched_at, payload_sha256, source_id, warc_file,\n"
        f"  warc_offset, parser_version\nfrom evidence\nwhere left(evidence_id, 16) in (\n  {asked}\n);"
    )


def short_id(evidence_id: str) -> str:
    """As much of an evidence id as finds its row."""
    return re.sub(r"[^A-Za-z0-9:._-]", "", evidence_id)[:16]


def short_hash(sha256: str | None, chars: int = SHOWN_CHARS) -> str:
    """The beginning of a hash; nothing but its digits."""
    return re.sub(r"[^0-9a-f]", "", sha256 or "")[:chars]


# ---- lines of Markdown


def _link(reference: Reference, *, strong: bool = False) -> Markdown:
    title = escape_markdown(reference.title)
    address = None if reference.url is None else _MARKDOWN_ENTITY.sub("&amp;", reference.url)
    linked = title if address is None else f"[{title}]({address})"
    return Markdown(f"**{linked}**" if strong else linked)


def _facts(*parts: str | None) -> Markdown:
    return Markdown(" · ".join(escape_markdown(part) for part in parts if part))


def _tail(line: Line, digest: Digest) -> Markdown:
    """The last row of each line: its evidence, where an error is reported, and why a subscriber sees it."""
    proof = proof_of(digest, line)
    parts = [
        *([_evidence_md(line.evidence_id, proof)] if line.evidence_id else []),
        *([f"[report an error]({proof.report_url})"] if proof.report_url else []),
        *([f"why you see this: {escape_markdown(line.why)}"] if line.why else []),
    ]
    return Markdown(" · ".join(parts))


def _evidence_md(evidence_id: str, proof: Proof) -> str:
    """The id of the evidence and the hash of the archived copy, which is the title of the link where there is one."""
    named, sha256 = f"`{short_id(evidence_id)}`", short_hash(proof.sha256, 64)
    if proof.copy_url is None:
        return f"evidence {named}" + (f", sha256 `{short_hash(sha256)}`" if sha256 else "")
    title = f' "sha256 {sha256}"' if sha256 else ""
    return f"evidence [{named}]({_MARKDOWN_ENTITY.sub('&amp;', proof.copy_url)}{title})"


def _new_md(line: NewLine, year: int, digest: Digest) -> Markdown:
    what = wording.kind_of(line.what, line.instrument)
    dates = ", ".join(f"{dated.label} {wording.day(dated.day, year)}" for dated in line.dates)
    rows = [
        _link(line.what, strong=True),
        _facts(what, "; ".join(line.agencies), line.jurisdiction),
        _facts(
            wording.capital(dates),
            wording.status(line.status, line.status_since, line.dates, year),
        ),
        *([_abstract_md(line)] if line.abstract else []),
        *(_deed_md(deed) for deed in line.deeds),
        *([_press_md(line)] if line.press else []),
        _tail(line, digest),
    ]
    return _item(rows)


def _abstract_md(line: NewLine) -> Markdown:
    told = escape_markdown(line.abstract)
    return Markdown(f"In its own words: “{told}”") if line.is_abstract_quoted else told


def _deed_md(deed: Any) -> Markdown:
    targets = "; ".join(_named_md(target) for target in deed.targets)
    more = f"; and {deed.left_out} more" if deed.left_out else ""
    return Markdown(f"{escape_markdown(wording.capital(deed.verb))}: {targets}{more}")


def _press_md(line: NewLine) -> Markdown:
    return Markdown(f"{wording.STATEMENTS}: {'; '.join(_named_md(one.what) for one in line.press)}")


def _named_md(reference: Reference) -> Markdown:
    """A policy in running text: its official name before its title."""
    name = f"{escape_markdown(reference.name)}, " if reference.name and reference.name != reference.title else ""
    return Markdown(f"{name}{_link(reference)}")


def _change_md(line: ChangeLine, year: int, digest: Digest) -> Markdown:
    head = f"**{escape_markdown(wording.change_verb(line))}:** {_named_md(line.what)}"
    if line.by is not None:
        head += f" by {_named_md(line.by)}"
    rows = [
        Markdown(head),
        _facts(wording.capital(line.instrument), wording.dates(line.dates, year)),
        *([Markdown(f"The source says: “{escape_markdown(line.note)}”")] if line.note else []),
        *(escape_markdown(wording.field_change(change)) for change in line.fields),
        *([Markdown(f"“{escape_markdown(line.quote)}”")] if line.quote else []),
        _tail(line, digest),
    ]
    return _item(rows)


def _due_md(line: DueLine, year: int, digest: Digest) -> Markdown:
    when = f"**{wording.day(line.day, year)}** ({wording.in_days(line.days)})"
    head = f"{when}: {escape_markdown(line.label)}: {_link(line.what)}"
    void = f"no longer applies: {line.void}" if line.void else None
    return _item(
        [
            Markdown(head),
            _facts(wording.kind_of(line.what, line.instrument), "; ".join(line.agencies), void),
            _tail(line, digest),
        ]
    )


def _amount_md(line: AmountLine, digest: Digest) -> Markdown:
    words = wording.stated(line.as_stated)
    return _item(
        [
            Markdown(f"{escape_markdown(line.label)} **{escape_markdown(line.figure)}**: {_link(line.what)}"),
            _facts(f"stated as “{words}”" if words else None),
            _tail(line, digest),
        ]
    )


def _correction_md(line: CorrectionLine, digest: Digest) -> Markdown:
    report = proof_of(digest, line).report_url
    return _item(
        [
            _link(line.what, strong=True),
            escape_markdown(wording.said_before(line)),
            *(Markdown(f"Now: {escape_markdown(now)}") for now in wording.holds_now(line)),
            _facts(f"Why: {line.reason}", Markdown(f"[report an error]({report})") if report else None),
        ]
    )


def _top_md(line: NewLine | ChangeLine, year: int) -> Markdown:
    if isinstance(line, ChangeLine):
        by = f" by {_named_md(line.by)}" if line.by else ""
        when = wording.dates(line.dates, year)
        return Markdown(
            f"{escape_markdown(wording.change_verb(line))}: {_named_md(line.what)}{by} ({escape_markdown(when)})"
        )
    when = "" if line.appearance in ("new", "also") else wording.dates(line.dates, year)
    who = _facts("; ".join(line.agencies), line.jurisdiction, when)
    kind = escape_markdown(wording.kind_of(line.what, line.instrument))
    return Markdown(f"{kind}: {_link(line.what)} ({who})" if kind else f"{_link(line.what)} ({who})")


def _item(rows: Sequence[Markdown]) -> Markdown:
    """One list item, a line a row, joined by hard breaks."""
    return Markdown("- " + "  \n  ".join(row for row in rows if row))


def _more_md(lines: Sequence[object]) -> Markdown:
    left_out = len(lines) - MAX_LINES
    return Markdown(f"\nAnd {left_out:,} more in the edition; `digest.json` lists them all." if left_out > 0 else "")


def _look_md(source: SourceWeek) -> Markdown:
    looks = (wording.counted(look, is_snapshot=source.is_snapshot) for look in source.days)
    return Markdown(" | ".join(map(escape_markdown, looks)))


def due_lists(digest: Digest) -> tuple[tuple[str, tuple[DueLine, ...]], ...]:
    """The lists of dates under their headings, nearest first."""
    return (
        ("In the next 30 days", digest.coming),
        ("In 31 to 90 days", digest.later),
        ("Further ahead, set or published this week", digest.ahead),
        ("Passed this week", digest.passed),
    )


_LOADER = PackageLoader("pipelines.digest", "templates")
_HTML = Environment(loader=_LOADER, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_HTML.globals.update(
    wording=wording,
    why_first=why_first,
    short_id=short_id,
    short_hash=short_hash,
    proof_of=proof_of,
    marks=_MARKS,
    due_lists=due_lists,
)
_MARKDOWN = Environment(
    loader=_LOADER,
    autoescape=False,  # noqa: S701  # HTML escapes are no Markdown escapes; finalize escapes every expression instead
    finalize=escape_markdown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MARKDOWN.globals.update(
    wording=wording,
    why_first=why_first,
    link=_link,
    new_line=_new_md,
    change_line=_change_md,
    due_line=_due_md,
    amount_line=_amount_md,
    correction_line=_correction_md,
    top_line=_top_md,
    look_cells=_look_md,
    due_lists=due_lists,
    more=_more_md,
)
