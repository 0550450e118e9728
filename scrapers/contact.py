"""Where whoever runs this product is reached: publishers find it in every request, readers beside every line."""

from __future__ import annotations

import os

PROJECT_PAGE = "https://github.com/aipolicy/aipolicy"
CONTACT_VARIABLE = "AIPOLICY_CONTACT"
"""Names the page or address; without it that is the page of this project."""


def contact() -> str:
    """The address, https or mailto.

    Raises ValueError for one that no header can hold.
    """
    address = os.environ.get(CONTACT_VARIABLE) or PROJECT_PAGE
    if not (address.isascii() and address.isprintable()) or set(address) & set("()"):
        raise ValueError(f"{CONTACT_VARIABLE}: expected a web or mail address in plain ASCII, got {address!r}")
    return address
