"""An alert, and the kinds there are. Each kind has a runbook in docs/operations.md, under the heading of its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from scrapers.contact import PROJECT_PAGE

Severity = Literal["warning", "error"]
OPERATORS = "operators"
"""The channel of what concerns no source; that of a source stands in its contract."""
_RUNBOOKS = f"{PROJECT_PAGE}/blob/main/docs/operations.md"


class Kind(StrEnum):
    """What an alert is about."""

    RUN_FAILED = "run_failed"
    PUBLISH_BLOCKED = "publish_blocked"
    SOURCE_BLIND = "source_blind"
    SCHEMA_DRIFT = "schema_drift"
    NEWS_OVERDUE = "news_overdue"
    EDITION_DAMAGED = "edition_damaged"
    KEY_MISSING = "key_missing"
    KEY_EXPIRES = "key_expires"
    BENCHMARK_DROP = "benchmark_drop"
    DISK_LOW = "disk_low"
    BACKUP_STALE = "backup_stale"
    DIGEST_OVERDUE = "digest_overdue"
    DELIVERY_FAILED = "delivery_failed"
    ALERTER_FAULT = "alerter_fault"

    @property
    def anchor(self) -> str:
        """The heading of its runbook, as a link names it."""
        return self.value.replace("_", "-")


@dataclass(frozen=True)
class Alert:
    """One thing that somebody must look at."""

    kind: Kind
    subject: str
    """What of its kind it is about: a source, a job, a variable; with the kind it names the alert for good."""
    severity: Severity
    sentence: str
    what_to_do: str
    owner: str
    since: datetime
    """Since when it stands; the moment of the look where nothing tells."""
    channel: str = OPERATORS

    @property
    def key(self) -> str:
        """Such as ``source_blind:uk_govuk``; the same for as long as the alert stands."""
        return f"{self.kind}:{self.subject}"

    @property
    def runbook(self) -> str:
        """The address of what to do in detail."""
        return f"{_RUNBOOKS}#{self.kind.anchor}"
