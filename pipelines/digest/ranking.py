"""What comes first: the order of lines, and the few that an issue tells in short.

Belongs here: weighing lines against each other. Does not belong here: which lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipelines.digest import wording
from pipelines.digest.model import ChangeLine, Group, NewLine

TOP_LINES = 5


def importance(line: NewLine) -> tuple[object, ...]:
    """The order of what is new: the most binding first."""
    return (
        wording.instrument_rank(line.instrument_code),
        -line.relevance,
        not line.is_significant,
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


def top(new: Iterable[Group[NewLine]], changes: Iterable[ChangeLine]) -> tuple[NewLine | ChangeLine, ...]:
    """The most binding first; an edit at the source is no news of this rank.

    What a new policy does to others is told with it, and gives it its weight.
    """
    lines = [line for group in new for line in group.lines]
    is_new = {line.policy_id for line in lines} - {None}
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
        is_change = isinstance(line, ChangeLine)
        weight = min([_weight(line), *([] if is_change else weights[line.policy_id])])
        return (*weight, is_change, line.what.title, line.anchor)

    candidates: list[NewLine | ChangeLine] = [*lines, *deeds]
    return tuple(sorted(candidates, key=order)[:TOP_LINES])


def _weight(line: NewLine | ChangeLine) -> tuple[int, int]:
    return (wording.instrument_rank(line.instrument_code), -line.relevance)
