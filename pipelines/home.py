"""The state folder: where everything this product remembers lives.

Belongs here: paths, and nothing else. The layout is described in docs/architecture.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WAREHOUSE_VARIABLE = "AIPOLICY_WAREHOUSE_FILE"
"""The variable of the environment that tells dbt where the warehouse is."""


class NotInstalled(Exception):
    """What the installation makes is not there; no state folder is to blame."""


class SettingRefused(ValueError):
    """A variable of the environment holds what it may not; the message says which, and what was expected."""


class StateRefused(Exception):
    """This code cannot work on the state folder as it is; the message says why and what to do."""


class WarehouseAway(StateRefused):
    """The server of a lake or its store does not answer, or no longer; it may again."""


@dataclass(frozen=True)
class Home:
    """Paths below one state folder."""

    root: Path

    @property
    def archive(self) -> Path:
        """WARC files and ledgers, a folder a source."""
        return self.root / "archive"

    @property
    def landing(self) -> Path:
        """Parsed records and manifests, a folder a source."""
        return self.root / "landing"

    @property
    def warehouse(self) -> Path:
        """The writer's database."""
        return self.root / "warehouse" / "warehouse.duckdb"

    @property
    def writer_lock(self) -> Path:
        """Held by whoever has the warehouse open."""
        return self.root / "warehouse" / "writer.lock"

    @property
    def staged_lock(self) -> Path:
        """Held by whoever makes, audits or publishes the staged edition."""
        return self.root / "locks" / "staged.lock"

    @property
    def turn_lock(self) -> Path:
        """Held by the run that is between loading and the end, whichever door it came through."""
        return self.root / "locks" / "turn.lock"

    @property
    def run_lock(self) -> Path:
        """Held by a run of the command line; there is one at a time."""
        return self.root / "run.lock"

    @property
    def ui_lock(self) -> Path:
        """Held by the UI and its daemon as long as they run."""
        return self.root / "locks" / "ui.lock"

    def lock_of_run(self, run_id: str) -> Path:
        """Held by the process of a worker that executes a run."""
        return self.root / "locks" / "runs" / f"{run_id}.lock"

    @property
    def dbt_target(self) -> Path:
        """What dbt writes about itself."""
        return self.root / "dbt"

    @property
    def staged(self) -> Path:
        """The edition under audit."""
        return self.root / "staged"

    @property
    def editions(self) -> Path:
        """Published editions and the link `current`."""
        return self.root / "editions"

    @property
    def audits(self) -> Path:
        """Quality reports of the last audits, also of editions that were refused."""
        return self.root / "audits"

    @property
    def bookkeeping(self) -> Path:
        """Coverage, sightings and fetches, fresher than the edition."""
        return self.root / "bookkeeping"

    @property
    def digests(self) -> Path:
        """Weekly digests, a folder a week."""
        return self.root / "digests"

    @property
    def deliveries(self) -> Path:
        """What was sent to whom, a folder a week."""
        return self.root / "deliveries"

    @property
    def subscriptions(self) -> Path:
        """Who gets the digest, written by whoever runs this."""
        return self.root / "subscriptions.yml"

    @property
    def alerts_settings(self) -> Path:
        """Which channel of alerts leads where, written by whoever runs this."""
        return self.root / "alerts.yml"

    @property
    def alerts(self) -> Path:
        """What was told of which alert, and the alerter's sign of life."""
        return self.root / "alerts"

    @property
    def archive_readings(self) -> Path:
        """When each archive file was last read and found whole; may be deleted at any time."""
        return self.root / "archive_readings.json"

    @property
    def sizes(self) -> Path:
        """How large this folder was on each day."""
        return self.root / "sizes.json"

    @property
    def last_backup(self) -> Path:
        """When this folder was last copied, and to where; no part of a copy, as its name begins with a dot."""
        return self.root / ".last-backup.json"

    @property
    def overrides(self) -> Path:
        """What people decided about quarantined rows, a file a decision."""
        return self.root / "overrides"

    @property
    def dagster(self) -> Path:
        """Run history of the UI."""
        return self.root / "dagster"
