"""The audit: every check that an edition must pass, and the token that says it did.

A token is bound to the staged bytes. It counts a check that crashed, was skipped or never ran as failed, and publishing
verifies it again, so publishing alone, after a failed audit, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from quality.suites import SUITES
from scrapers.durable import write_whole

TOKEN = "AUDIT.json"  # noqa: S105  a file name
BOUNDS_CHECK = "bounds:enough_sources_seen"
MAX_EXAMPLES = 3
DBT_MANIFEST = Path(__file__).parents[2] / "dbt" / "target" / "manifest.json"


class CheckOutcome(BaseModel):
    """How one check of the audit ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    tool: Literal["great_expectations", "dbt", "bounds"]
    table: str
    severity: Literal["error", "warn"]
    outcome: Literal["passed", "failed", "broken", "not_run"]
    sentence: str
    what_to_do: str = ""
    sample: tuple[dict[str, object], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this outcome stops the publication: a failed error, or any check that did not run to its end."""
        return self.outcome in ("broken", "not_run") or (self.outcome == "failed" and self.severity == "error")

    @property
    def examples(self) -> str:
        """A few rows of the sample by their ids, such as those of source and document, else by their first value."""
        rows = (
            " ".join(str(value) for name, value in row.items() if name.endswith("_id"))
            or str(next(iter(row.values()), ""))
            for row in self.sample[:MAX_EXAMPLES]
        )
        told = ", ".join(dict.fromkeys(rows))
        return f" Such as: {told}." if told else ""


class AuditToken(BaseModel):
    """The verdict over one staged edition."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edition_id: str
    staged_sha256: str
    expected: tuple[str, ...]
    outcomes: tuple[CheckOutcome, ...]

    def faults(self) -> list[str]:
        """Why the edition may not be published; empty when it may."""
        faults = [
            f"{outcome.check}: {outcome.outcome}: {outcome.sentence}{outcome.examples}"
            for outcome in self.outcomes
            if outcome.blocks
        ]
        missing = sorted(set(self.expected) - {outcome.check for outcome in self.outcomes})
        return faults + [f"{check}: expected a result, got none" for check in missing]


def write_token(folder: Path, token: AuditToken) -> None:
    """Put the token beside the staged edition."""
    write_whole(folder / TOKEN, token.model_dump_json(indent=1).encode())


def read_token(folder: Path) -> AuditToken:
    """The token of an edition.

    Raises FileNotFoundError when it was never audited, ValueError when the token cannot be read.
    """
    return AuditToken.model_validate_json((folder / TOKEN).read_bytes())


def dbt_tests(manifest: Path) -> dict[str, dict[str, Any]]:
    """The tests of data of a manifest, by id; unit tests are about the SQL and run with the suite."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {unique_id: node for unique_id, node in nodes.items() if unique_id.startswith("test.")}


def bounds_outcome(blind: Sequence[str], known: Sequence[str], max_blind_share: float) -> CheckOutcome:
    """Whether enough sources were seen for an edition at all."""
    share = len(blind) / max(len(known), 1)
    return CheckOutcome(
        check=BOUNDS_CHECK,
        tool="bounds",
        table="source_coverage",
        severity="error",
        outcome="failed" if share > max_blind_share else "passed",
        sentence=f"{len(known) - len(blind)} of {len(known)} sources seen; blind: {', '.join(blind) or 'none'}",
        what_to_do="Look at the check crawl_is_good of each blind source; mend what they say and run again. An edition "
        "of so few sources is not published.",
        sample=tuple({"blind source": source_id} for source_id in blind[:5]),
    )


def required_checks() -> frozenset[str]:
    """Every check that the code as it is demands of an edition; a token that expects less was made by other code.

    Raises FileNotFoundError before the installation has written dbt's manifest.
    """
    gx = {check for suite in SUITES for check in suite.check_ids()}
    return frozenset({*gx, *(f"dbt:{test}" for test in dbt_tests(DBT_MANIFEST)), BOUNDS_CHECK})
