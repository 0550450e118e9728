"""Writes docs/faults.md from the catalogue: `python -m tests.faults.page`."""

from __future__ import annotations

from tests.faults import tally
from tests.faults.catalogue import faults
from tests.faults.plugin import PAGE

if __name__ == "__main__":
    PAGE.write_text(tally.page(faults()), encoding="utf-8")
