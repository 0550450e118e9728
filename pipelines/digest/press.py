"""Press material: told under the instrument that it tells of where an issue has it, else as a statement of its own.

Belongs here: which line stands under which. Does not belong here: how it is shown there (render.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from pipelines.digest import wording
from pipelines.digest.model import Group, NewLine

INSTRUMENTS = ("press_release", "speech")
"""What is said about policy; no policy itself."""
STATEMENTS = "side-statements"
"""Key of their group."""
_ABOUT_ANOTHER = re.compile(r"fact sheet|press|news|speech|^IP$", re.IGNORECASE)
"""What a source calls material that only tells of something else; other releases may be the thing itself."""
Groups = tuple[Group[NewLine], ...]


def tells_of_another(title: str | None, document_type: str | None) -> bool:
    """Whether press material is made to tell of an instrument, by what its source calls it."""
    return any(_ABOUT_ANOTHER.search(text) for text in (document_type or "", (title or "").partition(":")[0]))


def folded(groups: Iterable[Group[NewLine]]) -> Groups:
    """The groups with press material under the most binding of the instruments that it tells of."""
    unfolded = unfold(groups)
    lines = [line for group in unfolded for line in group.lines]
    hosts = {line.policy_id: line for line in lines if line.policy_id and line.instrument_code not in INSTRUMENTS}
    under: dict[str, list[NewLine]] = defaultdict(list)
    for line in lines:
        found = [hosts[policy_id] for policy_id in line.tells_of if policy_id in hosts]
        if found:
            host = min(found, key=lambda one: (wording.instrument_rank(one.instrument_code), one.anchor))
            under[host.anchor].append(line)
    away = {line.anchor for ones in under.values() for line in ones}

    def with_press(lines: tuple[NewLine, ...]) -> tuple[NewLine, ...]:
        return tuple(
            replace(line, press=tuple(under.get(line.anchor, ()))) for line in lines if line.anchor not in away
        )

    groups = (replace(group, lines=with_press(group.lines)) for group in unfolded)
    return tuple(group for group in groups if group.lines)


def filtered(groups: Iterable[Group[NewLine]], is_kept: Callable[[NewLine], bool]) -> Groups:
    """The groups with the lines that are kept; press material stands alone where its instrument is not."""
    kept = (replace(group, lines=tuple(filter(is_kept, group.lines))) for group in unfold(groups))
    return folded(kept)


def unfold(groups: Iterable[Group[NewLine]]) -> Groups:
    """The groups with press material as statements again."""
    held = tuple(groups)
    press = [line for group in held for host in group.lines for line in host.press]
    bare = [replace(group, lines=tuple(replace(line, press=()) for line in group.lines)) for group in held]
    if not press:
        return tuple(bare)
    statements = next((group for group in bare if group.key == STATEMENTS), None)
    if statements is None:
        statements = Group(STATEMENTS, wording.STATEMENTS, ())
        place = next((at for at, group in enumerate(bare) if group.key.startswith("side-")), len(bare))
        bare.insert(place, statements)
    lines = tuple(sorted((*statements.lines, *press), key=lambda line: (line.what.title, line.anchor)))
    return tuple(replace(group, lines=lines) if group.key == STATEMENTS else group for group in bare)
