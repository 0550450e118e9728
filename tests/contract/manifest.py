"""The list of shared recordings: what each file is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recording:
    """One file of the corpus."""

    path: Path
    kind: str

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def recordings(shared: Path, *folders: str) -> list[Recording]:
    """The recordings of some folders, in the order of the list; empty where there is no corpus."""
    listing = shared / "corpus" / "MANIFEST.tsv"
    if not listing.exists():
        return []
    with listing.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    found = [Recording(shared / "corpus" / row["path"], row["kind"]) for row in rows]
    return [recording for recording in found if recording.path.parent.name in folders]
