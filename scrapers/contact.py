"""Where whoever runs this product is reached: publishers find it in every request, readers beside every line."""

from __future__ import annotations

import os

PROJECT_PAGE = "https://github.com/aipolicy/aipolicy"
CONTACT_VARIABLE = "AIPOLICY_CONTACT"
"""Names the page or address; without it that is the page of this project."""


SITE_VARIABLE = "AIPOLICY_SITE"
"""Names the address under which the site is served; without it no issue links to its pages."""


def contact() -> str:
    """The address, https or mailto.

    Raises ValueError for one that no header can hold.
    """
    address = os.environ.get(CONTACT_VARIABLE) or PROJECT_PAGE
    if not (address.isascii() and address.isprintable()) or set(address) & set("()"):
        raise ValueError(f"{CONTACT_VARIABLE}: expected a web or mail address in plain ASCII, got {address!r}")
    return address


def site_address() -> str:
    """The folder in which the site of the current edition is served, with its last slash; empty where none is named.

    Raises ValueError for what is no web address.
    """
    address = os.environ.get(SITE_VARIABLE, "")
    if not address:
        return ""
    if not address.startswith(("https://", "http://")) or not (address.isascii() and address.isprintable()):
        raise ValueError(f"{SITE_VARIABLE}: expected an address such as https://example.org/policy/, got {address!r}")
    return f"{address.rstrip('/')}/"
