"""Whether sources still answer as their contracts say: one child process a source, one report each.

Belongs here: starting the checks and reading their reports. Does not belong here: what drift is (`scrapers/drift.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.children import ChildResult, run_children
from pipelines.home import Home
from pipelines.progress import say
from scrapers.drift import NOT_ANSWERED, CheckReport, Drift

AT_ONCE = 2
DEADLINE_SECONDS = 600.0


def check_sources(
    home: Home, slugs: Sequence[str], base_urls: Mapping[str, str], until: date | None = None
) -> list[CheckReport]:
    """One report a source, in the order of their slugs; a check that crashed is told as drift."""
    commands = [(slug, _command(home, slug, base_urls, until)) for slug in sorted(slugs)]
    results = run_children(
        commands,
        at_once=AT_ONCE,
        deadline_seconds=DEADLINE_SECONDS,
        on_end=lambda result: None,
        on_wait=lambda names: say(f"still asking: {', '.join(names)}"),
    )
    return [_report(result) for result in sorted(results, key=lambda result: result.name)]


def _command(home: Home, slug: str, base_urls: Mapping[str, str], until: date | None) -> list[str]:
    arguments = [slug, "--home", str(home.root)]
    arguments += ["--until", until.isoformat()] if until else []
    for host, base in sorted(base_urls.items()):
        arguments += ["--base-url", f"{host}={base}"]
    return ["scrapers.check", *arguments]


def _report(result: ChildResult) -> CheckReport:
    if result.exit_code == 0:
        return CheckReport.model_validate_json(result.stdout.splitlines()[-1])
    sentence = f"the check ended with {result.exit_code}: {result.stderr_tail.strip()[-800:]}"
    crash = Drift(kind="crashed", name=result.name, sentence=sentence)
    return CheckReport(source_id=result.name, answers=0, documents=0, drifts=(crash,))


def lines_of(report: CheckReport) -> list[str]:
    """A report for people: a line for the source, one a drift."""
    if report.not_asked:
        return [f"{report.source_id}: not asked: {report.not_asked}"]
    head = f"{report.source_id}: {_verdict(report)} ({report.answers} answers, {report.documents} documents)"
    drifted = (f"  {drift.kind} {drift.name}: {drift.sentence}" for drift in report.drifts)
    return [head, *drifted, *(f"  not held against the contract: {answer}" for answer in report.unheld)]


def _verdict(report: CheckReport) -> str:
    if report.drifts:
        silent = sum(drift.kind == NOT_ANSWERED for drift in report.drifts)
        counts = {"drifted": len(report.drifts) - silent, "not answered": silent}
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return (
        "as its contract says" if report.documents else "it answers, but shows no document to hold against its contract"
    )
