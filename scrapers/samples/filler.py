"""What the makers of ordinary records share, so that AI policy is as rare in the samples as at the sources.

The same templates and the same seed give the same records on every machine. Does not belong here: the records of any
source, and facts.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

FIRST_DAY = date(2019, 2, 1)
LAST_DAY = date(2026, 10, 9)
"""The samples end here; what is open or closed is judged as of this day."""
SEED = "aipolicy samples 1"


def seeded_dice() -> random.Random:
    """Draws that are the same on every machine; nothing secret hangs on them."""
    return random.Random(SEED)  # noqa: S311


class Words(dict[str, str]):
    """The words of one record: a slot is drawn when first named and then stays."""

    def __init__(self, choices: Mapping[str, list[str]], dice: random.Random) -> None:
        super().__init__()
        self._choices = choices
        self._dice = dice

    def __missing__(self, slot: str) -> str:
        self[slot] = self._dice.choice(self._choices[slot])
        return self[slot]

    def fill(self, template: str) -> str:
        """A template with its slots filled."""
        return template.format_map(self)
