"""What comes first: the order of lines, and the few that an issue tells in short.

Belongs here: weighing lines against each other. Does not belong here: which lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pipelines.digest import wording
from pipelines.digest.model import AmountLine, ChangeLine, Deed, DueLine, Group, NewLine

TOP_LINES = 5
_ENDING = frozenset({"revokes", "supersedes", "withdraws"})


def importance(line: NewLine) -> tuple[object, ...]:
    """The order of what is new: the most binding first."""
    return (
        wording.instrument_rank(line.instrument_code),
        -line.relevance,
        not line.is_significant,
        -_targets(line.deeds),
        -len(line.agencies),
        line.what.title,
        line.anchor,
    )


def change_order(line: ChangeLine) -> tuple[object, ...]:
    """The order of what changed: policies before publications, what is about AI before what is not."""
    return (
        line.document_id is not None,
        not line.is_ai,
        wording.instrument_rank(line.instrument_code),
        -line.relevance,
        line.day,
        line.what.title,
        line.anchor,
    )


def top(
    new: Iterable[Group[NewLine]], changes: Iterable[ChangeLine], due: Iterable[DueLine]
) -> tuple[NewLine | ChangeLine, ...]:
    """The most binding first; an edit at the source is no news of this rank.

    What a new policy does to others is told with it, and gives it its weight. Of the same weight, what ends more
    policies comes first, then what acts on more and sets more days, what has more issuers, and what is latest.
    """
    lines = [line for group in new for line in group.lines]
    is_new = {line.policy_id for line in lines} - {None}
    days = tuple(due)
    weights: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    deeds: list[ChangeLine] = []
    for change in changes:
        if not change.is_ai or change.verb == "changed at the source":
            continue
        if change.by_policy_id in is_new:
            weights[change.by_policy_id].append(_weight(change))
        else:
            deeds.append(change)

    def order(line: NewLine | ChangeLine) -> tuple[object, ...]:
        if isinstance(line, ChangeLine):
            return (*_weight(line), True, 0, -len(deadlines_of(line, days)), 0, _late(line.day), line.anchor)
        weight = min([_weight(line), *weights[line.policy_id]])
        ended = _targets(deed for deed in line.deeds if _ends(deed))
        acts = _targets(line.deeds) + len(deadlines_of(line, days))
        first = min((dated.day for dated in line.dates), default=date.min)
        return (*weight, not line.is_significant, -ended, -acts, -len(line.agencies), _late(first), line.anchor)

    candidates: list[NewLine | ChangeLine] = [*lines, *deeds]
    return tuple(sorted(candidates, key=order)[:TOP_LINES])


def deadlines_of(line: NewLine | ChangeLine, due: Iterable[DueLine]) -> list[DueLine]:
    """The days to come of what a line is about, but for those that no longer apply."""
    return [one for one in due if one.days > 0 and one.void is None and is_about(one, line)]


def is_about(fact: DueLine | AmountLine, line: NewLine | ChangeLine) -> bool:
    """Whether a day or an amount is of what a line is about."""
    if line.policy_id is not None:
        return fact.policy_id == line.policy_id
    return fact.document_id == line.document_id


def _ends(deed: Deed) -> bool:
    return " in part" not in deed.verb and not _ENDING.isdisjoint(deed.verb.split())


def _targets(deeds: Iterable[Deed]) -> int:
    return sum(len(deed.targets) + deed.left_out for deed in deeds)


def _late(day: date) -> int:
    return -day.toordinal()


def _weight(line: NewLine | ChangeLine) -> tuple[int, int]:
    return (wording.instrument_rank(line.instrument_code), -line.relevance)
