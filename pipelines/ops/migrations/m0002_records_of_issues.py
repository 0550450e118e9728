"""Records of regular issues by what each line tells of, where older ones held its anchor in the page alone.

All that the edition of an issue tells of its week was told by that issue or by an earlier one, so the record is made
anew from that edition, which is kept for it. What the issue corrected is not carried over.
"""

from __future__ import annotations

from datetime import datetime

import orjson

from pipelines.digest.issues import RECORD, record_of, write_issue
from pipelines.digest.model import Week
from pipelines.digest.reader import read_digest
from pipelines.home import Home, StateRefused


def apply(home: Home) -> None:
    """Write the older records anew, each whole or not at all.

    Raises StateRefused where the edition of one is gone.
    """
    for path in sorted(home.digests.glob(f"*/{RECORD}")):
        held = orjson.loads(path.read_bytes())
        if not isinstance(held["said"], dict):
            continue
        looked_until = datetime.fromisoformat(held["looked_until"])
        try:
            digest = read_digest(
                home.editions / held["edition_id"], Week.parse(held["week"]), None, looked_until=looked_until
            )
        except FileNotFoundError as error:
            raise StateRefused(
                f"{path}: expected the edition that the issue was written from; {error}; bring it back from a copy, or "
                "delete the record: then the next issue may tell again what this one told"
            ) from error
        write_issue(path.parent, record_of(digest, looked_until, ()))
