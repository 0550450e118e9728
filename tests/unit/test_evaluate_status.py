"""Status in an edition against gold rows: days around each change, rows that are not there, and what is no edition."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from tests.warehouse.test_policy_status import Policies

HEAD = (
    "id,instrument,identifier,official_url,date_signed,date_published,date_effective,comment_close,status,"
    "status_class,status_changed_on\n"
)
ORDER = "order,executive_order,EO 14110; 88 FR 75191,,2023-10-30,2023-11-01,2023-10-30,,revoked,revoked,2025-01-20\n"
REQUEST = "request,notice_rfi,,https://example.org/rfi/,,2024-08-08,,2024-09-09,closed,closed,2024-09-09\n"
OTHERS = (
    "elsewhere,executive_order,EO 13001,,2001-01-01,2001-01-01,2001-01-01,,in_force,in_force,\n"
    "open,institution_change,EO 14110,,2023-10-30,2023-10-30,,,renamed,,\n"
    "day,milestone,EO 14110,,,,2025-02-02,,in_force,in_force,\n"
)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A folder with a database of two policies."""
    folder = tmp_path / "edition"
    folder.mkdir()
    tables = Policies(folder / "policy.duckdb")
    tables.add("us-eo-14110", "executive_order", ("signed", "2023-10-30"), ("revoked", "2025-01-20", "us-eo-14148"))
    tables.add("us-fr-2024-1", "request_for_comment", ("published", "2024-08-08"), ("comment_closes", "2024-09-09"))
    tables.connection.execute(
        """
        alter table policies add column identifiers struct(scheme varchar, value varchar)[];
        update policies set identifiers = [{scheme: 'eo', value: '14110'}] where policy_id = 'us-eo-14110';
        create table documents as select 'us-fr-2024-1' as policy_id, 'https://example.org/rfi' as url;
        """
    )
    tables.connection.close()
    return folder


def evaluate(tmp_path: Path, gold: str, *options: str) -> Result:
    (tmp_path / "gold.csv").write_text(HEAD + gold, encoding="utf-8")
    arguments = ["evaluate", "--home", str(tmp_path / "home"), "status", "--gold", str(tmp_path / "gold.csv"), *options]
    return CliRunner().invoke(main, arguments)


def test_status__is_asked_on_five_days_around_each_change(tmp_path: Path, edition: Path) -> None:
    result = evaluate(tmp_path, ORDER + REQUEST + OTHERS, "--edition", str(edition), "--json")
    assert result.exit_code == 0, result.output
    metrics = json.loads(result.output)["metrics"]
    assert (metrics["accuracy"], metrics["support"], metrics["rows"], metrics["rows_right"]) == (1.0, 20, 2, 2)
    assert metrics["rows_not_in_the_edition"] == 1


def test_status__that_is_wrong_is_told_day_by_day(tmp_path: Path, edition: Path) -> None:
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("update policy_events set event_date = event_date + 1 where event = 'revoked'")
    errors = tmp_path / "errors.jsonl"
    result = evaluate(tmp_path, ORDER, "--edition", str(edition), "--errors", str(errors))
    assert result.exit_code == 0, result.output
    (error,) = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert (error["day"], error["expected"], error["got"]) == ("2025-01-20", "revoked", "in_force")


@pytest.mark.parametrize(
    ("gold", "options", "words"),
    [
        (OTHERS[: OTHERS.index("\n") + 1], ["--edition", "EDITION"], "expected a policy of"),
        (ORDER, ["--edition", "nowhere"], "expected the folder of an edition"),
        (ORDER, [], "no edition was published yet"),
    ],
)  # fmt: skip
def test_status__without_anything_to_score_fails_in_words(
    tmp_path: Path, edition: Path, gold: str, options: list[str], words: str
) -> None:
    result = evaluate(tmp_path, gold, *(str(edition) if word == "EDITION" else word for word in options))
    assert result.exit_code == 1
    assert words in result.output


def test_blank_rows_and_lacking_columns__are_no_error(tmp_path: Path, edition: Path) -> None:
    result = evaluate(tmp_path, f"{ORDER}\n,,,\n" + ",executive_order" * 3 + "\n", "--edition", str(edition), "--json")
    metrics = json.loads(result.output)["metrics"]
    assert (metrics["accuracy"], metrics["rows"], metrics["rows_left_out"]) == (1.0, 1, {"blank": 1})
    (tmp_path / "few.csv").write_text("id,status_class,identifier\nx,revoked,EO 14110\n", encoding="utf-8")
    few = CliRunner().invoke(
        main, ["evaluate", "status", "--gold", str(tmp_path / "few.csv"), "--edition", str(edition)]
    )
    assert few.exit_code == 1
    assert "expected a policy of" in few.output
