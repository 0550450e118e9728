"""Why a line stands among the few that come first: facts about it that weigh, whatever the others are.

Belongs here: which facts are told, and in which words. Does not belong here: the order of the lines (ranking.py).
"""

from __future__ import annotations

from decimal import Decimal

from pipelines.digest import queries, wording
from pipelines.digest.model import AmountLine, ChangeLine, Deed, Digest, NewLine
from pipelines.digest.ranking import deadlines_of, is_about

_FORCE = {
    "proposed_rule": "would bind once adopted",
    "eu_proposal": "would bind once adopted",
    "bill": "would bind once adopted",
    "advance_notice": "may lead to binding rules",
    "request_for_comment": "asks for comments",
    "consultation": "asks for comments",
    "comment_extension": "gives more time to comment",
    "funding_programme": "gives money",
    "funding_opportunity": "offers money",
    "funding_award": "awards money",
}
"""What a kind of instrument does that binds nobody."""
_UNCOUNTED = ("guidance", "enforcement", "secondary_legislation")
_ENDS = ("revoked", "superseded", "withdrawn", "lapsed")
_MONEY_KINDS = frozenset(wording.words(kind) for kind in queries.MONEY_KINDS)


def why_first(line: NewLine | ChangeLine, digest: Digest) -> str:
    """The facts that weigh, the weightiest first: "binding: an executive order; revokes Executive Order 14110"."""
    own = _of_new(line) if isinstance(line, NewLine) else [_of_change(line)]
    told = [*own, *_dates(line, digest), *_money(line, digest)]
    if len(told) == 1:
        told.append("AI is a main subject" if line.relevance > 1 else "AI is a substantive part")
    return "; ".join(told)


def _of_new(line: NewLine) -> list[str]:
    between = f" between {wording.listing(line.parties)}" if len(line.parties) > 1 else ""
    return [
        f"{_kind(line)}{between}",
        *(["significant by its agency's own word"] if line.is_significant else []),
        *map(_deed, line.deeds[:1]),
    ]


def _kind(line: NewLine) -> str:
    """What kind it is, and what that means for others: "binding: an executive order"."""
    if wording.is_binding(line.instrument_code):
        return f"binding: {_named_kind(line)}"
    force = _FORCE.get(line.instrument_code or "")
    return f"{force}: {_named_kind(line)}" if force else _named_kind(line)


def _named_kind(line: NewLine | ChangeLine) -> str:
    if not line.instrument or line.instrument_code in (None, "other"):
        # What a source calls it may be a heading of a list.
        return "a policy" if line.policy_id else "a publication about AI"
    if line.instrument_code in _UNCOUNTED:
        return line.instrument
    return f"{'an' if line.instrument[0] in 'aeiouAEIOU' else 'a'} {line.instrument}"


def _of_change(line: ChangeLine) -> str:
    is_ended = not line.is_partial and not set(_ENDS).isdisjoint(line.verb.split())
    binding = "a binding act, " if wording.is_binding(line.instrument_code) else ""
    return f"{'ended' if is_ended else 'changed'} {binding}{_named_kind(line)}"


def _deed(deed: Deed) -> str:
    more = len(deed.targets) - 1 + deed.left_out
    first = deed.targets[0].name or wording.plain(deed.targets[0].title, wording.MAX_ACTOR_CHARS)
    return f"{deed.verb} {first}{f' and {more} more' if more else ''}"


def _dates(line: NewLine | ChangeLine, digest: Digest) -> list[str]:
    """The day on which it took effect, or the next that it sets for everybody, and the duties that it states."""
    begun = [due for due in digest.passed if due.keys[0][2] == "effective" and due.void is None and is_about(due, line)]
    days = sorted(deadlines_of(line, digest.due), key=lambda due: (due.day, due.anchor))
    duties = [due for due in days if due.keys[0][2] == "duty"]
    told = [f"{due.label} {wording.day(due.day, digest.week.until.year)}" for due in begun]
    told += [f"{due.label} {wording.in_days(due.days)}" for due in days if due not in duties][:1]
    if duties:
        first = wording.in_days(duties[0].days)
        many = f"{len(duties)} duties fall due, the first" if len(duties) > 1 else "a duty falls due"
        told.append(f"{many} {first}")
    return told


def _money(line: NewLine | ChangeLine, digest: Digest) -> list[str]:
    """The largest amount of money that it states."""
    amounts = [
        one
        for group in digest.money
        for one in group.lines
        if one.amount_kind in _MONEY_KINDS and _size(one) and is_about(one, line)
    ]
    if len({one.currency for one in amounts}) > 1:
        return []  # no rate says which is the larger
    largest = sorted(amounts, key=lambda one: (-_size(one), one.anchor))[:1]
    return [f"{one.figure} {one.amount_kind}" for one in largest]


def _size(amount: AmountLine) -> Decimal:
    return amount.high or amount.low or Decimal(0)
