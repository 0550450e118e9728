"""Which fact of now is the one that was told, where its day, its amount or its other end is read otherwise.

Belongs here: finding the pairs. Does not belong here: what follows where two of a pair differ (issues.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from pipelines.digest.model import Key

_PARTS = 5
"""Length of a key whose last two parts, the other end and the value, may be read otherwise."""
Facts = Mapping[str, str]


def same_deed(key: Key) -> Key:
    """A change but for who did it: on one day it is the same, whether or not a source names the actor."""
    return (*key[:3], *key[4:]) if len(key) == _PARTS and key[0] == "change" else key


def is_named(key: Key) -> bool:
    """Whether a change says who did it: what two others did on one day are two deeds."""
    return len(key) == _PARTS and key[0] == "change" and bool(key[3])


def matched(said: Mapping[Key, Facts], now: Mapping[Key, Facts]) -> dict[Key, Key]:
    """The present key of each fact that was told, where there is one.

    Facts of one sort about one thing are paired by what is surest: the whole key, all that they say, the other end (the
    actor, the duty, the field), the value (the day, the figure), and at last where one of both names no other end.
    """
    by_subject = _grouped(now)
    found: dict[Key, Key] = {}
    ways: tuple[Callable[[Key, Key], bool], ...] = (
        lambda told, held: told == held,
        lambda told, held: said[told] == now[held],
        lambda told, held: told[3] == held[3],
        lambda told, held: told[4] == held[4],
        lambda told, held: told[0] == "change" and "" in (told[3], held[3]),
    )
    for subject, keys in _grouped(said).items():
        free = list(by_subject.get(subject, ()))
        for is_same in ways if len(subject) < len(keys[0]) else ways[:1]:
            for told in (key for key in keys if key not in found):
                held = next((one for one in free if is_same(told, one)), None)
                if held is not None:
                    found[told] = held
                    free.remove(held)
    return found


def _grouped(keys: Iterable[Key]) -> dict[Key, list[Key]]:
    groups: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(keys):
        groups[_subject(key)].append(key)
    return groups


def _subject(key: Key) -> Key:
    return key[:3] if len(key) == _PARTS else key
