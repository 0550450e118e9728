"""The one sentence of counts that an issue opens with.

Belongs here: counting lines and looks. Does not belong here: choosing them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipelines.digest import wording
from pipelines.digest.model import Digest, SourceWeek

SOON_DAYS = 30
NAMED = 3
"""So many sources that were looked at alike are named in the sentence that all read; the table below names all."""


def summary(digest: Digest) -> str:
    """One sentence of counts; says nothing that is not counted."""
    sources = sources_sentence(digest.sources)
    live = [line for line in digest.coming if line.void is None]
    horizon = f"in the next {SOON_DAYS} days"
    coming = wording.count(len(live), f"deadline {horizon}", f"deadlines {horizon}")
    fixed = len(digest.corrections)
    corrected = wording.count(fixed, "correction to earlier issues", "corrections to earlier issues")
    if digest.item_count == 0:
        return f"0 items{f', {corrected}' if fixed else ''}, {sources}{f'; {coming}' if live else ''}."
    sizes = {group.key: len(group.lines) for group in digest.new}
    tracks = sum(size for key, size in sizes.items() if key.startswith("track-"))
    revoked = [line for line in digest.current_changes if "revoked" in line.verb.split()]
    ended = sum(not line.is_partial for line in revoked)
    cut = len(revoked) - ended
    parts = [wording.count(tracks, "new policy", "new policies")]
    counted = (
        (sizes.get("side-statements", 0), "statement", None),
        (sizes.get("side-published", 0), "earlier one published", "earlier ones published"),
        (sizes.get("side-also", 0), "other publication", None),
        (sizes.get("side-late", 0), "earlier item seen only now", "earlier items seen only now"),
        (sizes.get("side-undated", 0), "item without a day", "items without a day"),
        (ended, "revocation", None),
        (cut, "revocation in part", "revocations in part"),
        (len(digest.current_changes) - ended - cut, "other change" if ended + cut else "change", None),
        (
            len(digest.late_changes),
            "earlier change published or first seen this week",
            "earlier changes published or first seen this week",
        ),
        (len(digest.passed), "date passed", "dates passed"),
    )
    parts += [wording.count(number, one, many) for number, one, many in counted if number]
    parts += [corrected] if fixed else []
    parts += [coming] if live else []
    ahead = sum(line.void is None for line in (*digest.later, *digest.ahead))
    parts += [wording.count(ahead, "deadline further ahead", "deadlines further ahead")] if ahead else []
    return f"{', '.join(parts)}; {sources}."


def sources_sentence(sources: Sequence[SourceWeek]) -> str:
    """How many sources were looked at on all seven days, which on some of them, and which on none."""
    total = wording.count(len(sources), "source")
    whole = [source for source in sources if source.is_checked]
    partly = [source for source in sources if source.checked_days and not source.is_checked]
    unasked = [source for source in sources if source.is_unasked]
    blind = [source for source in sources if not source.checked_days and not source.is_unasked]
    if not partly and not blind and not unasked:
        return f"{len(whole)} of {total} checked"
    if len(unasked) == len(sources):
        return f"0 of {total} checked: this week was never asked for"
    looks = [wording.partly_looked(source) for source in partly]
    if len(partly) == len(sources) and len(set(looks)) == 1:
        return f"{len(partly)} of {total} checked in part ({looks[0]})"
    told = [f"{len(whole)} of {total} checked in full"]
    if partly:
        names = [f"{source.what.title} {look}" for source, look in zip(partly, looks, strict=True)]
        is_alike = len(partly) > NAMED and len(set(looks)) == 1
        told.append(f"{len(partly)} in part ({f'{looks[0]} each' if is_alike else '; '.join(names)})")
    if blind:
        reasons: dict[str, list[str]] = defaultdict(list)
        for source in blind:
            reasons[wording.not_looked(source)].append(source.what.title)
        names = [f"{why}: {wording.listing(titles)}" for why, titles in reasons.items()]
        told.append(f"{len(blind)} not at all ({'; '.join(names)})")
    if unasked:
        # Their names stand in one line below, not in the sentence that all read.
        told.append(f"{len(unasked)} not asked")
    return ", ".join(told)
