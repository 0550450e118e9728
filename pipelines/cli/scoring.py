"""Sub-commands of the benchmark."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.options import home_option
from pipelines.home import Home


def _evaluated_files(task: str, given: dict[str, Path | None]) -> dict[str, Path]:
    """The files that a task is given; one that is missing or of no use to it is wrong usage."""
    from pipelines.evaluate.tasks import TASKS

    takes = TASKS[task]
    files = {name: path for name, path in given.items() if path is not None}
    if missing := [f"--{name}" for name in takes.files if name not in files]:
        raise click.UsageError(f"{task} needs {' and '.join(missing)}")
    may_take = (*takes.files, *takes.may_take, *(("edition",) if takes.asks_edition else ()))
    if idle := [f"--{name}" for name in files if name not in may_take]:
        used = " and ".join(f"--{name}" for name in takes.files)
        raise click.UsageError(f"{task} does not read {' or '.join(idle)}; give {used}")
    return files


def _evaluated_tasks() -> list[str]:
    from pipelines.evaluate.tasks import TASKS

    return list(TASKS)


class TaskName(click.ParamType[str]):
    """A task of the benchmark."""

    name = "TASK"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the name of a task."""
        tasks = _evaluated_tasks()
        if str(value) not in tasks:
            self.fail(f"expected one of {', '.join(tasks)}, got {value!r}", param, ctx)
        return str(value)


@click.command()
@home_option
@click.argument("task", type=TaskName())
@click.option("--documents", type=click.Path(path_type=Path), help="List of documents (CSV, may be gzipped).")
@click.option("--gold", type=click.Path(path_type=Path), help="Labels (CSV; a folder for extraction).")
@click.option("--texts", type=click.Path(path_type=Path), help="Folder of texts (extraction).")
@click.option("--notes", type=click.Path(path_type=Path), help="Orders with their disposition notes (dispositions).")
@click.option(
    "--edition", type=click.Path(path_type=Path), help="Folder of an edition (status); without it, the current one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the errors to this CSV or .jsonl."
)
@click.pass_obj
def evaluate(
    home: Home,
    task: str,
    documents: Path | None,
    gold: Path | None,
    texts: Path | None,
    notes: Path | None,
    edition: Path | None,
    as_json: bool,
    errors: Path | None,
) -> None:
    """Score enrichment, or the status in an edition, against label files as they are.

    \b
    relevance, instrument, topics   --documents FILE --gold FILE
    rule_stage, govuk               --gold FILE
    agora                           --documents FILE
    dispositions                    --notes FILE --gold FILE
    extraction                      --texts FOLDER --gold FOLDER
    timeline                        --gold FILE [--documents FILE]
    status                          --gold FILE [--edition FOLDER]

    Exit 1 when a file cannot be read or lacks a column.
    """  # noqa: D301 - the mark by which click keeps lines apart
    import json

    from pipelines.evaluate.files import BadFile
    from pipelines.evaluate.table import lines_of, write_errors
    from pipelines.evaluate.tasks import TASKS, run_task
    from pipelines.publish.edition import current_edition

    given = {"documents": documents, "gold": gold, "texts": texts, "notes": notes, "edition": edition}
    files = _evaluated_files(task, given)
    try:
        if TASKS[task].asks_edition and "edition" not in files:
            files["edition"] = current_edition(home)
        report = run_task(task, files)
    except (BadFile, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(report.as_json(), default=str) if as_json else "\n".join(lines_of(report)))
    if errors:
        try:
            write_errors(report, errors)
        except OSError as error:
            raise click.ClickException(f"{errors}: {error.strerror}; give a file that can be written") from error


COMMANDS = (evaluate,)
