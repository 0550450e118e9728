"""The audit: every check that an edition must pass, and the token that says it did.

A token is bound to the staged bytes. It counts a check that crashed, was skipped or never ran as failed, and publishing
verifies it again, so publishing alone, after a failed audit, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from quality.suites import SUITES
from scrapers.durable import write_whole

TOKEN = "AUDIT.json"  # noqa: S105  a file name
BOUNDS_CHECK = "bounds:enough_sources_seen"
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
            f"{outcome.check}: {outcome.outcome}: {outcome.sentence}" for outcome in self.outcomes if outcome.blocks
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


def dbt_outcomes(manifest: Path, run_results: Path) -> tuple[list[str], list[CheckOutcome]]:
    """The expected dbt tests and how the last build's tests ended.

    Every test and unit test of the manifest must have a result; a model that failed is a check of its own.
    """
    tests = _dbt_tests(manifest)
    results = {result["unique_id"]: result for result in json.loads(run_results.read_text(encoding="utf-8"))["results"]}
    outcomes = [_dbt_outcome(unique_id, node, results.get(unique_id)) for unique_id, node in sorted(tests.items())]
    for unique_id, result in sorted(results.items()):
        if unique_id not in tests and result["status"] not in ("success", "pass"):
            name = unique_id.split(".")[-1]
            outcomes.append(
                CheckOutcome(
                    check=f"dbt:{unique_id}",
                    tool="dbt",
                    table=name,
                    severity="error",
                    outcome="broken",
                    sentence=f"{name} was not built: {result.get('message') or result['status']}",
                    what_to_do="Read the log of the transform step; mend the model or its input and run again.",
                )
            )
    return [outcome.check for outcome in outcomes], outcomes


def _dbt_tests(manifest: Path) -> dict[str, dict[str, object]]:
    """The tests of data of a manifest, by id; unit tests are about the SQL and run with the suite."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {unique_id: node for unique_id, node in nodes.items() if unique_id.startswith("test.")}


def _dbt_outcome(unique_id: str, node: dict[str, object], result: dict[str, object] | None) -> CheckOutcome:
    table = str(node.get("model") or _tested_model(node))
    config = node.get("config")
    severity = str(config.get("severity", "error")).lower() if isinstance(config, dict) else "error"
    status = "not_run" if result is None else str(result["status"])
    outcome: Literal["passed", "failed", "broken", "not_run"]
    match status:
        case "pass" | "success":
            outcome = "passed"
        case "fail" | "warn":
            outcome = "failed"
        case "not_run" | "skipped":
            outcome = "not_run"
        case _:
            outcome = "broken"
    message = "" if result is None else str(result.get("message") or "")
    return CheckOutcome(
        check=f"dbt:{unique_id}",
        tool="dbt",
        table=table,
        severity="warn" if severity == "warn" else "error",
        outcome=outcome,
        sentence=message or f"{node.get('name')}: {status}",
        what_to_do=f"Query {table} with the test's compiled SQL (dbt folder of the state folder) to see the rows.",
    )


def _tested_model(node: dict[str, object]) -> str:
    attached = node.get("attached_node")
    return str(attached).split(".")[-1] if attached else str(node.get("name"))


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
        what_to_do="Look at the ledgers of the blind sources; crawl them again or raise the policy knowingly.",
    )


def required_checks() -> frozenset[str]:
    """Every check that the code as it is demands of an edition; a token that expects less was made by other code.

    Raises FileNotFoundError before the installation has written dbt's manifest.
    """
    gx = {check for suite in SUITES for check in suite.check_ids()}
    return frozenset({*gx, *(f"dbt:{test}" for test in _dbt_tests(DBT_MANIFEST)), BOUNDS_CHECK})
