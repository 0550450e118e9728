"""Whether a state folder speaks of the real sources or of stand-ins such as the bundled samples; never of both.

Texts of stand-ins are no official wording. Once they lay beside real ones, nobody could tell which may be cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.accounts import readable_ledgers
from pipelines.home import Home
from scrapers.registry import source

_NAMES = {True: "stand-ins (samples)", False: "the real sources"}


class MixedOrigins(Exception):
    """Answers of the real sources and of stand-ins would meet in one state folder."""


def require_one_origin(home: Home, slugs: Iterable[str], base_urls: Mapping[str, str]) -> None:
    """Hold the sources to be asked, and who answers for them, against what the state folder holds.

    Raises MixedOrigins when some would be real and others stand-ins.
    """
    asked = {source(slug).is_replaced(base_urls) for slug in slugs}
    if len(asked) > 1:
        raise MixedOrigins(
            "expected stand-ins for all sources or for none, got them for some; give the others a --base-url too, "
            "or ask them into another state folder with --home"
        )
    held = held_stand_ins(home)
    if held is not None and asked == {not held}:
        raise MixedOrigins(
            f"{home.root}: holds answers of {_NAMES[held]}, expected no others, was to ask {_NAMES[not held]}; "
            "give another state folder with --home"
        )


def held_stand_ins(home: Home) -> bool | None:
    """Whether the archive holds answers of stand-ins; None before the first.

    A crawl that sent nothing tells nothing.
    """
    newest_first = sorted(home.archive.glob("*/*.ledger.json"), key=lambda path: path.name, reverse=True)
    for ledger in readable_ledgers(newest_first):
        if ledger.fetches:
            return ledger.is_stand_in
    return None
