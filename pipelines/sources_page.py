"""Writes docs/sources.md: every source of the registry, what is asked of it and how it was verified.

Belongs here: putting the contracts of `scrapers/sources` into one page. Does not belong here: any fact of its own.

Run as `python -m pipelines.sources_page [--out FILE]`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapers.durable import write_whole
from scrapers.registry import SourceConfig, sources

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"
HEAD = ("| source | publisher | place | listed by | verified | key |", "| --- | --- | --- | --- | --- | --- |")
DAYS_FOR_PEOPLE = {
    "daily": "every day", "mon-fri": "Monday to Friday", "mon": "Mondays", "tue": "Tuesdays", "wed": "Wednesdays",
    "thu": "Thursdays", "fri": "Fridays", "sat": "Saturdays", "sun": "Sundays",
}  # fmt: skip
LISTED_BY = {"window": "publication day", "changes": "day of change", "snapshot": "what is shown now"}


def sources_page() -> str:
    """The whole page as Markdown."""
    rows = [
        f"| [`{slug}`](#{slug}) | {config.publisher.name} | {config.publisher.jurisdiction} "
        f"| {LISTED_BY[config.listing]} | {config.verified} | {config.key.variable if config.key else 'none'} |"
        for slug, config in sources().items()
    ]
    parts = [
        "# Sources",
        "Generated from the contracts in `scrapers/sources` by `make docs`; a test holds it up to date. `recorded`: "
        "the parser was held against real recorded answers; `documented`: it was written from documentation alone. "
        "A source that demands a key is not asked without it, and the coverage says so.",
        "\n".join([*HEAD, *rows]),
        *(_section(slug, config) for slug, config in sources().items()),
    ]
    return "\n\n".join(parts) + "\n"


def _section(slug: str, config: SourceConfig) -> str:
    facts = {
        "page": config.publisher.page,
        "hosts": ", ".join(config.hosts),
        "document id": config.document_id,
        "official count": config.official_count,
        "amendments": config.amendments,
        "asked": f"{rhythm_of(config)}; owner {config.owner}, faults to the channel {config.channel}",
        "silence": _silence_of(config),
        "licence": config.licence,
        "terms": config.terms,
        "identifiers": ", ".join(f"{one.scheme} ({one.description})" for one in config.identifiers) or "none",
    }
    lines = [f"- {name}: {' '.join(value.split())}" for name, value in facts.items()]
    return "\n\n".join([f"## {slug}", f"{config.title}. {config.description}", "\n".join(lines), config.notes.strip()])


def rhythm_of(config: SourceConfig) -> str:
    """When a source is asked, for people."""
    return f"{DAYS_FOR_PEOPLE[config.rhythm.days]} at {', '.join(config.rhythm.at)} {config.time_zone}"


def _silence_of(config: SourceConfig) -> str:
    if config.quiet_days is None:
        return "says nothing"
    recess = ", ".join(f"{span.since} to {span.until}" for span in config.recess)
    days = (
        f"more than {config.quiet_days} publishing days (calendar {config.calendar}) without anything new are a fault"
    )
    return f"{days}; not in recess, {recess}" if recess else days


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: 0 when the page was written."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.sources_page", description="Write docs/sources.md.")
    parser.add_argument("--out", type=Path, default=PAGE, help="file to write (default: docs/sources.md)")
    options = parser.parse_args(argv)
    write_whole(options.out, sources_page().encode())
    sys.stdout.write(f"wrote {options.out.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
