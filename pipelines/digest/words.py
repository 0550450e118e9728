"""Words by which a subscription finds an item: its names and numbers, what it says, does, and who made it.

All lines about an item are found by the same words, in whatever week and list they stand: a deadline is not lost
because its own line does not say what its rule is about. Belongs here: which words an item has. Does not belong here:
what a subscription makes of them (subscriptions.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipelines.digest import queries, wording
from pipelines.digest.known import View
from pipelines.digest.lines import issuers, policy_ids_of, said_of
from pipelines.digest.queries import Row


def read_words(view: View, policy_ids: Collection[str], document_ids: Collection[str]) -> dict[str, str]:
    """The words of policies, and of documents that belong to none, by their ids."""
    deeds = view.ask(queries.DEEDS, policy_ids=sorted(policy_ids), acts=queries.ACTS, until=view.week.until)
    asked = sorted({*policy_ids, *policy_ids_of(deeds)})
    policies = {row["policy_id"]: row for row in view.ask(queries.POLICIES, policy_ids=asked)}
    words = {about: [*_names(policies[about]), *_said(policies[about])] for about in policy_ids if about in policies}
    names = {as_actor(about): _names(policies[about]) for about in words}
    for deed in deeds:
        target = policies.get(deed["to_policy_id"] or "")
        named = _names(target) if target else [wording.identified(deed["to_identifier"] or deed["to_policy_id"] or "")]
        words.get(deed["from_policy_id"], []).extend(named)
    for row in view.ask(queries.DOCUMENT_WORDS, document_ids=sorted(document_ids)):
        words[row["document_id"]] = [row["title"] or "", row["native_id"] or "", *_said(row)]
    return {about: "\n".join(dict.fromkeys(filter(None, told))) for about, told in (words | names).items()}


def as_actor(policy_id: str) -> str:
    """The key of a policy's names alone: what it says, and does to others, are no words of what it acts on."""
    return f"actor {policy_id}"


def _names(policy: Row) -> list[str]:
    """What a policy is called: its title, and its numbers in each form in which people write them."""
    numbers: Iterable[Row] = policy["identifiers"] or ()
    names = (name for one in numbers for name in wording.names_of(one["scheme"], one["value"]))
    return [policy["title"] or "", *names]


def _said(row: Row) -> list[str]:
    return [
        said_of(row)[0] or "",
        wording.instrument(row["instrument"], row["document_type"]),
        *issuers(row),
    ]
