"""A digest as sheets of a workbook: what people sort, filter and pass on.

Belongs here: which columns a sheet of the digest has. Does not belong here: how a workbook is written
(pipelines/workbook.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.digest import wording
from pipelines.digest.model import (
    AmountLine,
    ChangeLine,
    CorrectionLine,
    DatedWord,
    DayLook,
    Digest,
    DueLine,
    NewLine,
    SourceWeek,
)
from pipelines.digest.press import unfold
from pipelines.digest.proof import Line, proof_of
from pipelines.digest.reasons import why_first
from pipelines.workbook import Sheet, write_workbook
from scrapers.durable import whole_file

_ABOUT = (
    ("title", "Title as published."),
    ("name", "Official name, where it has one."),
    ("kind", "Kind of instrument."),
)
_PROOF = (
    ("url", "Official page."),
    ("evidence_id", "Row of the edition's table evidence that shows where it was read."),
    ("payload_sha256", "SHA-256 of the archived bytes that it was read in."),
    ("page_url", "Page of its policy on the site; empty where the site's address is not known."),
    ("anchor", "Id of the line, the same in digest.html and digest.json."),
    ("report_url", "Where an error in the line is reported."),
)
_SHORT = (
    ("place", "Place among the few that come first."),
    ("what", "What happened."),
    *_ABOUT,
    ("why", "Why it stands here."),
    *_PROOF,
)
_CORRECTED = (
    ("issue", "ISO week of the issue that said it."),
    ("title", "Title as the issue told it."),
    ("said", "What the issue said."),
    ("now", "What holds now."),
    ("reason", "Why it reads otherwise now."),
    ("url", "Official page."),
    ("anchor", "Id of the line, the same in digest.html and digest.json."),
    ("report_url", "Where an error in the line is reported."),
)
_STANDING = (
    ("status", "Status of policies about AI."),
    ("now", "How many had it at the end of the week."),
    ("before", "How many a week before."),
)
_NEW = (
    ("list", "Heading that it stands under."),
    *_ABOUT,
    ("agencies", "Who issued it."),
    ("jurisdiction", "Country or organisation."),
    ("track", "Line of policy; empty for what is no policy instrument."),
    ("status", "Status at the end of the week, where it says more than the dates."),
    ("dates", "Its dates in words."),
    ("abstract", "One sentence, by the publisher or from the text."),
    ("deeds", "What it does to other policies."),
    *_PROOF,
)
_CHANGED = (
    ("date", "Day of the act; source-local civil date."),
    ("verb", "What befell it."),
    *_ABOUT,
    ("by", "Policy that did it."),
    ("by_url", "Official page of that policy."),
    ("dates", "Its dates in words."),
    ("quote", "The words that state it."),
    ("note", "Why, in the words of the source."),
    ("fields", "Fields that changed at the source."),
    *_PROOF,
)
_DUE = (
    ("date", "The day; source-local civil date."),
    ("days", "Days from the end of the week; zero or less: passed in the week."),
    ("what", "What falls due."),
    *_ABOUT,
    ("agencies", "Who issued it."),
    ("void", "Why it no longer applies; empty where it does."),
    *_PROOF,
)
_MONEY = (
    ("kind", "Kind of amount; kinds are not comparable and are never added up."),
    ("what", "What the amount is, by the field that states it."),
    ("low", "Lower bound in whole currency units."),
    ("high", "Upper bound in whole currency units."),
    ("currency", "ISO 4217 code; empty where the source does not say."),
    ("stated", "What the source wrote."),
    ("title", "Title of the document."),
    *_PROOF,
)
_COVERAGE = (
    ("source", "Source."),
    ("day", "Day of publication or change; of a source that lists what is open now, the day of asking."),
    ("outcome", "checked, checked_nothing_found, checked_nothing_kept, could_not_look or not_asked."),
    ("found", "Documents found."),
    ("official_count", "Documents by the source's own count; empty where it states none."),
    ("reason", "Why it could not be looked at."),
    ("url", "The source's own page."),
)
_ITEMS = (
    ("week", "ISO week of the issue."),
    ("section", "new, changed, or passed: a date of the week that was due before."),
    ("date", "Its leading day; source-local civil date."),
    ("what", "What happened."),
    *_ABOUT,
    ("jurisdiction", "Country or organisation."),
    ("track", "Line of policy; empty for what is no policy instrument."),
    *_PROOF,
)


def write_digest_workbook(path: Path, digest: Digest) -> None:
    """Write the digest as Office Open XML (ISO/IEC 29500); equal digests give equal bytes."""
    about = {
        "title": f"AI policy, week {digest.week.number} of {digest.week.year}",
        "week": digest.week.name,
        "days": f"{digest.week.since} to {digest.week.until}",
        "edition_id": digest.edition_id,
        "knowledge": wording.known_at(digest.as_of),
        "summary": digest.summary,
        **({"issued_late": wording.written_late(digest)} if digest.issued_late else {}),
        **({"notice": wording.SAMPLE_NOTICE} if digest.is_sample else {}),
    }
    with whole_file(path) as stream:
        write_workbook(stream, about, digest.moment, digest_sheets(digest))


def digest_sheets(digest: Digest) -> list[Sheet]:
    """What is new, changed, due and paid, and how well was looked: every line, also those that the pages only count."""
    new = [_new_row(digest, group.title, line) for group in unfold(digest.new) for line in group.lines]
    changed = [_change_row(digest, line) for line in digest.changes]
    money = [_money_row(digest, line) for group in digest.money for line in group.lines]
    looks = [_look_row(source, look) for source in digest.sources for look in source.days]
    short = [_short_row(digest, place, line) for place, line in enumerate(digest.top, start=1)]
    corrected = [_corrected_row(digest, line) for line in digest.corrections]
    standing = [(row.status, row.now, row.before) for row in digest.standing]
    return [
        Sheet("short", "One row a line that matters most.", _SHORT, short),
        Sheet("new", "One row a policy or publication that is new in the week.", _NEW, new),
        Sheet("changed", "One row an act upon something known before.", _CHANGED, changed),
        Sheet("due", "One row a date of the week or after it.", _DUE, [_due_row(digest, line) for line in digest.due]),
        Sheet(
            "lapsing",
            "One row an end of a policy that is known beforehand.",
            _DUE,
            [_due_row(digest, line) for line in digest.lapsing],
        ),
        Sheet(
            "standing", f"One row a status: how many policies about AI have it. {wording.STANDING}", _STANDING, standing
        ),
        Sheet("money", "One row an amount that a new or changed document states.", _MONEY, money),
        Sheet("corrections", "One row a line of an earlier issue that reads otherwise now.", _CORRECTED, corrected),
        Sheet("coverage", "One row a source and day of the week: how well was looked.", _COVERAGE, looks),
    ]


def items_sheet(digest: Digest) -> Sheet:
    """The items of an issue in one sheet, for the workbook of an edition."""
    lines: tuple[NewLine | ChangeLine | DueLine, ...] = (*digest.new_lines, *digest.changes, *digest.passed)
    return Sheet(
        name="digest",
        meaning=f"One row an item of the digest of {digest.week.name}, the last whole week before the edition.",
        columns=_ITEMS,
        rows=[_item_row(digest, line) for line in lines],
    )


def _item_row(digest: Digest, line: NewLine | ChangeLine | DueLine) -> tuple[Any, ...]:
    match line:
        case NewLine():
            section, day, what = "new", _first_day(line.dates), "new"
        case ChangeLine():
            section, day, what = "changed", line.day, wording.change_verb(line)
        case DueLine():
            section, day, what = "passed", line.day, line.label
    return (digest.week.name, section, day, what, *_about(line), line.jurisdiction, line.track, *_proof(digest, line))


def _first_day(dates: Sequence[DatedWord]) -> date | None:
    return dates[0].day if dates else None


def _about(line: NewLine | ChangeLine | DueLine) -> tuple[str | None, ...]:
    return (line.what.title, line.what.name, wording.capital(line.instrument))


def _proof(digest: Digest, line: Line) -> tuple[str | None, ...]:
    proof = proof_of(digest, line)
    return (line.what.url, line.evidence_id, proof.sha256, proof.page_url, line.anchor, proof.report_url)


def _short_row(digest: Digest, place: int, line: NewLine | ChangeLine) -> tuple[Any, ...]:
    what = wording.change_verb(line) if isinstance(line, ChangeLine) else "New"
    return (place, what, *_about(line), why_first(line, digest), *_proof(digest, line))


def _corrected_row(digest: Digest, line: CorrectionLine) -> tuple[Any, ...]:
    now = "; ".join(wording.holds_now(line))
    report = proof_of(digest, line).report_url
    return (line.issue, line.what.title, line.said, now, line.reason, line.what.url, line.anchor, report)


def _new_row(digest: Digest, heading: str, line: NewLine) -> tuple[Any, ...]:
    deeds = "; ".join(
        f"{deed.verb}: {', '.join(what.name or what.title for what in deed.targets)}" for deed in line.deeds
    )
    told = "; ".join(f"{dated.label} {dated.day}" for dated in line.dates)
    agencies = "; ".join(line.agencies)
    return (
        *(heading, *_about(line), agencies, line.jurisdiction, line.track, line.status, told, line.abstract, deeds),
        *_proof(digest, line),
    )


def _change_row(digest: Digest, line: ChangeLine) -> tuple[Any, ...]:
    by = (line.by.name or line.by.title, line.by.url) if line.by else (None, None)
    told = "; ".join(f"{dated.label} {dated.day}" for dated in line.dates)
    fields = "; ".join(wording.field_change(change) for change in line.fields)
    return (
        line.day,
        wording.change_verb(line),
        *_about(line),
        *by,
        told,
        line.quote,
        line.note,
        fields,
        *_proof(digest, line),
    )


def _due_row(digest: Digest, line: DueLine) -> tuple[Any, ...]:
    return (line.day, line.days, line.label, *_about(line), "; ".join(line.agencies), line.void, *_proof(digest, line))


def _money_row(digest: Digest, line: AmountLine) -> tuple[Any, ...]:
    amount = (line.amount_kind, line.label, line.low, line.high, line.currency, line.as_stated)
    return (*amount, line.what.title, *_proof(digest, line))


def _look_row(source: SourceWeek, look: DayLook) -> tuple[Any, ...]:
    counts = (look.found, look.official_count)
    return (source.what.title, look.day, look.outcome, *counts, look.reason, source.what.url)
