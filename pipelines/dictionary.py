"""Writes docs/data-dictionary.md: what every published table, column, macro and vocabulary means.

Belongs here: putting dbt's manifest, the published macros and the seeds into one page. Does not belong here: any
meaning of its own; a wrong sentence is mended where it is stated, in `dbt/`.

Run as `python -m pipelines.dictionary [--out FILE]`.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.stage import published_macros
from scrapers.durable import write_whole

PROJECT = Path(__file__).parents[1]
DBT = PROJECT / "dbt"
MANIFEST = DBT / "target" / "manifest.json"
PAGE = PROJECT / "docs" / "data-dictionary.md"
_DAY = "date '2025-01-10'"

Node = dict[str, Any]
Row = Sequence[str]


def read_manifest(path: Path = MANIFEST) -> dict[str, Any]:
    """What dbt says of the project.

    Raises FileNotFoundError when the installation has not made it.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path.name}: expected dbt's manifest in dbt/target, found none; run: make install")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def dictionary(manifest: dict[str, Any], dbt: Path = DBT) -> str:
    """The whole page as Markdown."""
    nodes: list[Node] = sorted(manifest["nodes"].values(), key=lambda node: str(node["name"]))
    marts = [node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"]
    seeds = [node for node in nodes if node["resource_type"] == "seed"]
    tests = [node for node in nodes if node["resource_type"] == "test"]
    parts = [
        "# Data dictionary",
        "Generated from dbt's manifest, the published macros and the seeds by `python -m pipelines.dictionary` "
        "(`make docs`); a test holds it up to date. Change the descriptions in `dbt/`, not this page.",
        "Names that end in `_date` (and the column `day`) are civil dates of the source's own place; names that end in "
        "`_at` (and `known_from`) are UTC instants. Every `evidence_id` leads to one row of [evidence](#evidence).",
        "## Tables",
        "Readers find them in `policy.duckdb` and, a file a table, in `parquet/` of an edition. The database holds "
        "also the table `edition`: one row with `edition_id`, `as_of`, `content_sha256` and `is_sample`, which is true "
        "when the edition was made from the bundled samples or other stand-ins, whose texts are not official wording.",
        _table(("table", "one row is"), [(f"[{mart['name']}](#{mart['name']})", _grain(mart)) for mart in marts]),
        *(_mart(mart, tests, _unit_tests(manifest, mart)) for mart in marts),
        "## Rules over tables",
        "Each is a query of `dbt/tests` that must find no row.",
        _table(("rule", "tables", "when broken"), [_rule(test) for test in tests if "test_metadata" not in test]),
        "## Macros",
        *(_macro(path, marts) for path in published_macros(dbt / "macros" / "published")),
        "## Vocabularies",
        "Closed lists, kept in `dbt/seeds`. A value of a source that they do not hold is kept raw beside a null.",
        *(_vocabulary(seed, dbt) for seed in seeds if _is_closed_list(seed)),
        "## Rule lists",
        "Patterns by which documents are chosen and named; also in `dbt/seeds`.",
        _table(
            ("list", "rows", "one row is"),
            [
                (f"`{seed['name']}`", f"{len(_rows(seed, dbt)):,}", str(seed["description"]))
                for seed in seeds
                if not _is_closed_list(seed)
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _grain(mart: Node) -> str:
    text = " ".join(str(mart["description"]).split())
    return text.removeprefix("One row ").removesuffix(".")


def _mart(mart: Node, tests: list[Node], unit_tests: list[Node]) -> str:
    own = [test for test in tests if test.get("attached_node") == mart["unique_id"]]
    by_column: dict[str | None, list[Node]] = {}
    for test in own:
        for column in _columns_of(test):
            by_column.setdefault(column, []).append(test)
    rows = [
        (f"`{name}`", str(column["data_type"]), str(column["description"]), _sentences(by_column.get(name, [])))
        for name, column in mart["columns"].items()
    ]
    parts = [
        f"### {mart['name']}",
        " ".join(str(mart["description"]).split()),
        _table(("column", "type", "meaning", "checked"), rows),
    ]
    if by_column.get(None):
        parts.append(f"Checked as a whole: {_sentences(by_column[None])}.")
    if unit_tests:
        lines = [
            f"- {' '.join(str(test['description'] or test['name'].replace('_', ' ')).split())}" for test in unit_tests
        ]
        parts.append("Unit tests:\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _columns_of(test: Node) -> list[str | None]:
    """The columns each of which a test asks about; none where it asks about the table as a whole."""
    about = test["test_metadata"]
    return list(about["kwargs"]["columns"]) if about["name"] == "filled" else [test.get("column_name")]


def _unit_tests(manifest: dict[str, Any], mart: Node) -> list[Node]:
    tests: Iterable[Node] = manifest["unit_tests"].values()
    return sorted((test for test in tests if test["model"] == mart["name"]), key=lambda test: str(test["name"]))


def _sentences(tests: list[Node]) -> str:
    return ", ".join(sorted(_sentence(test) for test in tests))


def _sentence(test: Node) -> str:
    """What a generic test asks, in a few words; one that only warns says so."""
    arguments = test["test_metadata"]["kwargs"]
    match test["test_metadata"]["name"]:
        case "relationships":
            target = re.sub(r"ref\('(\w+)'\)", r"\1", str(arguments["to"]))
            text = f"in {target}.{arguments['field']}"
        case "accepted_values":
            text = "one of " + ", ".join(str(value) for value in arguments["values"])
        case "unique_combination":
            text = "unique by " + ", ".join(str(column) for column in arguments["columns"])
        case "filled":
            text = "not null"
        case other:
            text = str(other).replace("_", " ")
    return f"{text} (warns)" if str(test["config"]["severity"]).lower() == "warn" else text


def _rule(test: Node) -> Row:
    tables = sorted(str(node).split(".")[-1] for node in test["depends_on"]["nodes"])
    is_warning = str(test["config"]["severity"]).lower() == "warn"
    return (
        str(test["name"]).replace("_", " "),
        ", ".join(f"`{table}`" for table in tables),
        "warns" if is_warning else "stops the publication",
    )


def _macro(path: Path, marts: list[Node]) -> str:
    """A published macro: what its file says of it and of the columns that DuckDB itself finds in its answer.

    Raises KeyError for a column that the file does not describe.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line.removeprefix("--").strip() for line in lines[: _first_statement(lines)]]
    title, *rest, described = "\n".join(header).split("\n\n")
    meanings = dict(line.split(": ", 1) for line in described.splitlines())
    signature, _, meaning = title.replace("\n", " ").partition(": ")
    paragraphs = [f"### {path.stem}", f"`{signature}`: {meaning}", *(part.replace("\n", " ") for part in rest)]
    columns = [(f"`{name}`", kind.lower(), meanings[name]) for name, kind in _answer(path, marts)]
    return "\n\n".join([*paragraphs, _table(("column", "type", "meaning"), columns)])


def _first_statement(lines: list[str]) -> int:
    return next(number for number, line in enumerate(lines) if not line.startswith("--"))


def _answer(path: Path, marts: list[Node]) -> list[tuple[str, str]]:
    with duckdb.connect() as connection:
        for mart in marts:
            columns = ", ".join(f'"{name}" {column["data_type"]}' for name, column in mart["columns"].items())
            connection.execute(f'create table "{mart["name"]}" ({columns})')
        for macro in published_macros(path.parent):
            connection.execute(macro.read_text(encoding="utf-8"))
        rows = connection.execute(f"describe from {path.stem}({_DAY})").fetchall()
    return [(name, kind) for name, kind, *_ in rows]


def _is_closed_list(seed: Node) -> bool:
    """A vocabulary explains each of its values; a rule list has notes."""
    return "description" in seed["columns"]


def _vocabulary(seed: Node, dbt: Path) -> str:
    rows = _rows(seed, dbt)
    shown = [name for name in rows[0] if name != "pattern"]
    body = [tuple(f"`{row[name]}`" if name == shown[0] else row[name] for name in shown) for row in rows]
    return "\n\n".join([f"### {seed['name']}", str(seed["description"]), _table(shown, body)])


def _rows(seed: Node, dbt: Path) -> list[dict[str, str]]:
    with (dbt / str(seed["original_file_path"])).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: 0 when the page was written."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.dictionary", description="Write the data dictionary.")
    parser.add_argument("--out", type=Path, default=PAGE, help="file to write (default: docs/data-dictionary.md)")
    options = parser.parse_args(argv)
    write_whole(options.out, dictionary(read_manifest()).encode())
    sys.stdout.write(f"wrote {options.out.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
