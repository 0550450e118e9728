"""Money: the amounts of what is new and changed, where amounts are read from, and the run of the year.

Belongs here: which amounts a digest tells. Does not belong here: how a figure is written (wording.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from pipelines.digest import queries, wording
from pipelines.digest.coverage import cited
from pipelines.digest.known import View
from pipelines.digest.lines import reference
from pipelines.digest.model import AmountLine, ChangeLine, Group, MoneyRead, MoneyRun, MoneySum, NewLine, SourceWeek
from pipelines.digest.queries import Row

_ONE_BOUND = ("awardFloor", "awardCeiling", "AwardFloor", "AwardCeiling")
"""Fields whose name says which bound they state."""


def read_money(view: View, policy_ids: Sequence[str], documents: Iterable[Row]) -> tuple[Group[AmountLine], ...]:
    """The amounts of policies and documents by kind and currency."""
    members = view.ask(queries.MEMBERS, policy_ids=policy_ids)
    document_ids = sorted({row["document_id"] for row in (*members, *documents)})
    grouped: dict[tuple[str, str], list[AmountLine]] = defaultdict(list)
    for row in view.ask(queries.AMOUNTS, document_ids=document_ids):
        line = _amount(row)
        currency = wording.plain(line.currency, 12) if line.currency else "currency not stated"
        grouped[line.amount_kind, currency].append(line)
    return tuple(
        Group(
            key=wording.anchor("money", kind, currency),
            title=f"{wording.amount_heading(kind)}, {currency}",
            lines=tuple(lines),
        )
        for (kind, currency), lines in grouped.items()
    )


def money_of(
    money: Iterable[Group[AmountLine]],
    new: Iterable[NewLine],
    changes: Iterable[ChangeLine],
    told: Collection[str] = (),
) -> tuple[Group[AmountLine], ...]:
    """The amounts that belong to lines which are told, but for those whose anchors were ``told`` before."""
    lines = tuple(new)
    policies = {line.policy_id for line in lines} - {None}
    documents = ({line.document_id for line in lines} | {line.document_id for line in changes}) - {None}

    def belongs(amount: AmountLine) -> bool:
        is_of_a_line = amount.policy_id in policies or amount.document_id in documents
        return is_of_a_line and amount.anchor not in told

    groups = (replace(group, lines=tuple(filter(belongs, group.lines))) for group in money)
    return tuple(group for group in groups if group.lines)


def read_where(view: View, sources: Sequence[SourceWeek], money: Sequence[Group[AmountLine]]) -> MoneyRead:
    """Where amounts were looked for."""
    stated = view.ask(queries.MONEY_READ, prose=queries.PROSE)
    stating = {row["source_id"] for row in stated if not row["is_prose"]}
    looked = {source.source_id for source in sources if source.checked_days}
    told = cited(view, [line.evidence_id for group in money for line in group.lines], ())
    blind = [source for source in sources if source.source_id in stating - looked]
    return MoneyRead(
        sources=tuple(wording.looked_at(source) for source in sources if source.source_id in stating & looked),
        later=tuple(source.what.title for source in blind if source.source_id in told),
        unseen=tuple(source.what.title for source in blind if source.source_id not in told),
        is_prose_read=any(row["is_prose"] and row["source_id"] in looked for row in stated),
    )


def read_money_run(view: View) -> tuple[MoneyRun, ...]:
    """Money by kind and currency: of the week, of the one before, and of the year so far."""
    year_begin = view.week.until.replace(month=1, day=1)
    rows = view.ask(
        queries.MONEY_RUN,
        kinds=queries.MONEY_KINDS,
        prose=queries.PROSE,
        begin=min(year_begin, view.week.since - timedelta(7)),
        year_begin=year_begin,
        **view.bounds,
    )
    return tuple(
        MoneyRun(
            kind=wording.words(row["kind"]),
            currency=wording.plain(row["currency"], 12),
            week=MoneySum(row["week_documents"], row["week_total"]),
            last_week=MoneySum(row["last_documents"], row["last_total"]),
            year=MoneySum(row["year_documents"], row["year_total"]),
        )
        for row in rows
    )


def _amount(row: Row) -> AmountLine:
    figure = _figure(row)
    return AmountLine(
        keys=(("money", row["document_id"], "amount", f"{row['kind']} {row['source_field']}", figure),),
        anchor=wording.anchor("money", row["amount_id"]),
        document_id=row["document_id"],
        policy_id=row["policy_id"],
        amount_kind=wording.words(row["kind"]),
        label=wording.amount_label(row["kind"], row["source_field"]),
        currency=row["currency"],
        low=row["low"],
        high=row["high"],
        figure=figure,
        as_stated=wording.plain(row["raw_text"] or "", wording.MAX_ABSTRACT_CHARS),
        what=reference(row),
        evidence_id=row["evidence_id"],
    )


def _figure(row: Row) -> str:
    """An amount; a bound that the field's name already tells is not told twice."""
    low, high = row["low"], row["high"]
    if row["source_field"] in _ONE_BOUND and (low is None) != (high is None):
        low = high = low if high is None else high
    return wording.figure(low, high, row["currency"], row["qualifier"])
