"""The alerter's sign of life: a file after each round and, where one is named, an address that is told.

Whoever waits for it elsewhere (a dead man's switch) hears of a silence that no alerter could tell. Belongs here: the
sign, and how old it may be. Does not belong here: the round (teller.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from ipaddress import ip_address
from typing import Literal
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import AwareDatetime, BaseModel, ValidationError

from pipelines.alerts.channels import HEARTBEAT_VARIABLE
from pipelines.home import Home
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from scrapers.contracts import utc_text
from scrapers.durable import write_whole
from scrapers.locks import holder_of

ROUND_SECONDS = 300
SILENT_ROUNDS = 3
"""So many rounds may be missed; more are a silence."""
PING_SECONDS = 10.0
_TO_DO = "look at the sensor alerts in the UI: is it on, and what does its last tick say? Else start the UI again"


class Beat(BaseModel):
    """What the file says of the last round."""

    at: AwareDatetime
    standing: int
    """Alerts that stand."""
    refusing: tuple[str, ...]
    """Variables of channels that did not take what they were sent."""
    ping: Literal["ok", "failed", "none", "withheld"]
    """Whether the address that is to be told took it; none where none is named, withheld where nobody can be told."""
    unheard: str | None = None
    """Why none of the channels can be told of an alert; None where one can, or where nobody wants to be."""


def beat(
    home: Home,
    now: datetime,
    standing: int,
    refusing: tuple[str, ...],
    environment: Mapping[str, str],
    unheard: str | None = None,
) -> Beat:
    """Give a sign of life; an alerter whom nobody hears gives its address none."""
    address = environment.get(HEARTBEAT_VARIABLE, "").strip()
    ping: Literal["ok", "failed", "none", "withheld"] = "none"
    if address:
        ping = "withheld" if unheard else "ok" if is_taken(address) else "failed"
    made = Beat(at=now, standing=standing, refusing=refusing, ping=ping, unheard=unheard)
    write_whole(home.alerts / "heartbeat.json", made.model_dump_json(indent=1).encode())
    return made


def read(home: Home) -> Beat | None:
    """The last sign of life; None without one that can be read."""
    try:
        return Beat.model_validate_json((home.alerts / "heartbeat.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def silence(home: Home, now: datetime) -> tuple[str, bool]:
    """How old the last sign of life is, in a sentence, and whether that is too old or came from one nobody hears."""
    last = read(home)
    if last is None:
        return "the alerter has given no sign of life", True
    age = now - last.at
    said = f"the alerter's last round was at {utc_text(last.at)}, {math.floor(age.total_seconds() / 60)} minutes ago"
    if last.unheard:
        return f"{said}, and nobody can be told of an alert: {last.unheard}", True
    return said, age > timedelta(seconds=SILENT_ROUNDS * ROUND_SECONDS)


def finding(home: Home, now: datetime) -> Finding:
    """For the doctor: a silence is a fault while the UI runs, since its daemon makes the rounds."""
    said, is_silent = silence(home, now)
    if not home.ui_lock.exists() or holder_of(home.ui_lock) is None:
        return Finding(OK, "alerts", f"{said}; the UI is not open, so nobody looks")
    opened = datetime.fromtimestamp(home.ui_lock.stat().st_mtime, UTC)
    if is_silent and now - opened > timedelta(seconds=SILENT_ROUNDS * ROUND_SECONDS):
        return Finding(FAIL, "alerts", said, _TO_DO)
    last = read(home)
    if last is not None and (last.refusing or last.ping == "failed"):
        faulty = [*last.refusing, *([HEARTBEAT_VARIABLE] if last.ping == "failed" else [])]
        return Finding(WARN, "alerts", f"{said}; not taken by {', '.join(faulty)}", "run: aipolicy alerts")
    return Finding(OK, "alerts", said)


def is_taken(address: str) -> bool:
    """Whether an address answers well when it is told. It is a secret, so nothing of it is said.

    Only https is asked, or this machine; a redirect is not followed, since it could lead anywhere.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname)):
            return False
        with build_opener(_NoRedirect).open(Request(address), timeout=PING_SECONDS) as answer:  # noqa: S310  as above
            return 200 <= int(answer.status) < 300
    except (URLError, OSError, ValueError, HTTPException):
        return False


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        """Follow nothing: what answers with a redirect has not taken it."""


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or (host is not None and ip_address(host).is_loopback)
    except ValueError:
        return False
