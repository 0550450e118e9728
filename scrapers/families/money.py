"""Money as sources write it, in whole units of a currency; what is no certain amount is never guessed.

Does not belong here: which field holds which kind of amount, and how prose states money.
"""

from __future__ import annotations

import re
from decimal import Decimal

MOST = Decimal(10) ** 20
"""More than any budget; `contracts.Money` holds what is below."""
CENT = Decimal("0.01")
_TRACE = Decimal("0.0001")
"""What sums of binary fractions add to cents, as in 79947450.42999999."""
_WRITTEN = re.compile(r"(-?)[$€]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")


def amount(value: object) -> Decimal:
    """An amount from a number, or from a text such as "1,500,000", "$99.50" or "-20.00".

    Raises TypeError for anything else than a number or a text, ValueError for a text that is no plain amount, for parts
    of a cent and for more than a column of money holds.
    """
    if isinstance(value, str):
        written = value.strip()
    elif type(value) in (int, float):
        written = format(Decimal(str(value)), "f")
    else:
        raise TypeError(f"expected an amount, got {type(value).__name__} {str(value)[:40]!r}")
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError(f"expected an amount such as 1500000 or 99.50, got {str(value)[:60]!r}")
    exact = Decimal(f"{match[1]}{match[2].replace(',', '')}{match[3] or ''}")
    if abs(exact) >= MOST:
        raise ValueError(f"expected an amount of at most 20 digits, got {str(value)[:60]!r}")
    rounded = exact.quantize(CENT)
    if abs(exact - rounded) > _TRACE:
        raise ValueError(f"expected an amount to the cent, got {str(value)[:60]!r}")
    return rounded
