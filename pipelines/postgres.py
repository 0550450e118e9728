"""How a PostgreSQL is named in a variable of the environment: words as its own client has them, and no password.

Passwords are read by that client, from PGPASSWORD or from the file that PGPASSFILE names. Does not belong here: what is
kept in it.
"""

from __future__ import annotations

import re

EXPECTED = "words such as host=db port=5432 dbname=aipolicy user=aipolicy"
_NAMES = "host|hostaddr|port|dbname|user|connect_timeout|application_name|sslmode|sslrootcert|sslcert|sslkey"
_WORDS = re.compile(rf"(?:\s*(?:{_NAMES})=[^\s'\"\\;]+)+\s*")


def words_of(address: str) -> dict[str, str] | None:
    """The words of an address by name; None where it is anything else, such as one with a password in it."""
    if not _WORDS.fullmatch(address):
        return None
    return dict(word.split("=", 1) for word in address.split())
