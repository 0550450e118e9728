"""The `aipolicy` command. Thin: each sub-command imports what it needs when it is called, so that --help is quick.

Exit codes: 0 good, 1 bad result, 2 wrong usage. Sub-commands stand in operate.py (from crawls to editions), readers.py
(what is read from an edition), desk.py (the quarantine), care.py (the state folder), alerting.py (alerts) and
scoring.py (the benchmark); options that they share in options.py.
"""

from __future__ import annotations

import click

from pipelines.cli import alerting, care, desk, operate, readers, scoring
from pipelines.cli.options import Commands, home_option, log_option


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@home_option
@log_option
def main() -> None:
    """Track government AI policy from official sources: crawl, archive, load, transform, audit, publish, digest."""


for module in (operate, readers, desk, care, alerting, scoring):
    for command in module.COMMANDS:
        main.add_command(command)
