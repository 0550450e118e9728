"""The benchmark on made-up label files: what is right, what is wrong, and files that are not what they should be."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.evaluate.tasks import TASKS

DOCUMENTS = [
    ("2031-1", "2031-01-02", "Request for Comments on Artificial Intelligence in Hospitals", ""),
    ("2031-2", "2031-01-03", "Grain Standards", "Grain is graded."),
    ("2031-3", "2031-01-04", "Robots; Notice of Meeting", "Machine learning and its standards are discussed."),
    ("2031-4", "2031-01-05", "Fish Quotas", "Pollock in the Aleutian Islands (AI)."),
]
GOLD = [
    ("2031-1", "2031-01-02", "2", "request_for_comment", "health", "A", "1.0", "true"),
    ("2031-2", "2031-01-03", "0", "", "", "D", "100.0", "true"),
    ("2031-3", "2031-01-04", "1", "guidance", "standards", "A", "1.0", "true"),
    ("2031-4", "2031-01-05", "2", "meeting", "other", "A", "1.0", "false"),
]
GOLD_HEAD = ("document_number", "publication_date", "relevance", "instrument", "topics", "stratum", "weight", "scored")


def write(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    text = "".join(",".join(f'"{cell}"' if cell else "" for cell in row) + "\n" for row in (head, *rows))
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    head = ("document_number", "publication_date", "title", "abstract")
    return {
        "documents": write(tmp_path / "documents.csv.gz", head, DOCUMENTS),
        "gold": write(tmp_path / "gold.csv", GOLD_HEAD, GOLD),
    }


def call(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    return result.exit_code, result.output


def scored(task: str, **paths: Path) -> dict[str, Any]:
    code, output = call(task, "--json", *(part for name, path in paths.items() for part in (f"--{name}", path)))
    assert code == 0, output
    answer = json.loads(output)
    assert answer["task"] == task
    metrics: dict[str, Any] = answer["metrics"]
    assert {"precision", "recall", "f1", "support", "ci95"} <= metrics.keys()
    return answer


def test_relevance__leaves_unscored_rows_out_and_weighs_the_others(files: dict[str, Path]) -> None:
    answer = scored("relevance", **files)
    assert answer["metrics"]["support"] == 2
    assert (answer["metrics"]["precision"], answer["metrics"]["recall"]) == (1, 1)
    assert answer["by_stratum"]["D"]["rows"] == 1
    assert answer["metrics"]["baselines"]["phrase"]["recall"] == 0.5


def test_relevance__tells_two_from_one(files: dict[str, Path], tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    code, output = call("relevance", "--documents", files["documents"], "--gold", files["gold"], "--errors", errors)
    assert code == 0
    assert "two_against_one" in output
    with errors.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["document_number"], row["relevance"], row["judged"]) for row in rows] == [("2031-3", "1", "2")]


def test_instrument__counts_by_class(files: dict[str, Path]) -> None:
    answer = scored("instrument", **files)
    assert answer["metrics"]["accuracy"] == 0.5
    assert answer["by_class"]["guidance"]["missed"] == 1
    assert answer["by_class"]["meeting"]["wrong"] == 1


def test_instrument__official_fields_of_the_list_are_read(files: dict[str, Path], tmp_path: Path) -> None:
    head = ("document_number", "publication_date", "title", "abstract", "type", "action")
    documents = [(*row, "Notice", "Guidance.") for row in DOCUMENTS]
    files["documents"] = write(tmp_path / "typed.csv", head, documents)
    assert scored("instrument", **files)["by_class"]["guidance"]["right"] == 1


def test_topics__are_sets(files: dict[str, Path]) -> None:
    answer = scored("topics", **files)
    assert answer["metrics"]["exact_sets"] == 0.5
    assert answer["by_class"]["health"]["right"] == 1


def test_rule_stage__no_title_is_judged_by_a_model_that_has_seen_it(tmp_path: Path) -> None:
    rows = [(str(n), "Rule", f"Zebra {n % 2}", "final_rule" if n % 2 else "interim_final_rule") for n in range(20)]
    answer = scored("rule_stage", gold=write(tmp_path / "stages.csv", ("id", "document_type", "title", "stage"), rows))
    assert answer["metrics"]["accuracy"] < 1
    assert answer["metrics"]["silent_titles"] == 20


def test_agora__reads_full_texts_beside_the_list(tmp_path: Path) -> None:
    head = ("AGORA ID", "Official name", "Short summary", "Annotated?")
    rows = [("1", "Grain Act", "About grain.", "true"), ("2", "Grain Act 2", "About artificial intelligence.", "false")]
    documents = write(tmp_path / "documents.csv", head, rows)
    assert scored("agora", documents=documents)["metrics"]["recall"] == 0
    (tmp_path / "fulltext_1.txt").write_text("Artificial intelligence shall be safe. " * 5, encoding="utf-8")
    answer = scored("agora", documents=documents)
    assert answer["metrics"]["annotated_full_text_recall"] == 1
    assert answer["metrics"]["precision"] is None
    assert answer["by_stratum"]["not annotated"]["recall"] == 1


def test_govuk__compares_wording_with_the_official_format(tmp_path: Path) -> None:
    head = ("dept", "title", "published_date", "description", "url", "format")
    rows = [
        (
            "X",
            "AI tests",
            "2031-01-01 00:00:00",
            "An assurance technique for AI systems.",
            "u",
            "ai_assurance_portfolio_technique",
        ),
        ("X", "Minister's speech on grain", "2031-01-01 00:00:00", "", "u", "speech"),
    ]
    answer = scored("govuk", gold=write(tmp_path / "items.csv", head, rows))
    assert (answer["metrics"]["recall"], answer["metrics"]["items"], answer["metrics"]["relevant"]) == (1, 2, 1)
    assert answer["by_class"]["speech"]["right"] == 1


def test_dispositions__are_compared_as_sets_and_by_both_ends(tmp_path: Path) -> None:
    notes = [
        ("13001", "Revokes: EO 13000, January 5, 2031"),
        ("13000", "Revoked by: EO 13001, February 6, 2031"),
    ]
    gold = [("13001", "revokes", "false", "EO 13000", "2031-01-05"), ("13000", "amends", "false", "EO 12999", "")]
    answer = scored(
        "dispositions",
        notes=write(tmp_path / "notes.csv", ("executive_order_number", "disposition_notes"), notes),
        gold=write(tmp_path / "gold.csv", ("executive_order_number", "type", "partial", "target", "target_date"), gold),
    )
    assert (answer["metrics"]["right"], answer["metrics"]["wrong"], answer["metrics"]["missed"]) == (1, 1, 1)
    assert answer["metrics"]["symmetric"] == {"edges": 2, "told_by_both": 2, "share": 1}


def test_timeline__takes_abstracts_where_a_list_is_given(files: dict[str, Path], tmp_path: Path) -> None:
    head = ("id", "title", "instrument", "jurisdiction", "issuer", "identifier", "date_published")
    rows = [
        ("a", "Robots", "rule_final", "US", "Grain Office", "FR Doc 2031-5", "2031-01-05"),
        ("b", "Robot Partnership", "partnership_mou", "US;UK", "Government of the United States; UK", "", "2031-01-05"),
        ("c", "Robots apply", "milestone", "EU", "", "", ""),
    ]
    gold = write(tmp_path / "timeline.csv", head, rows)
    assert scored("timeline", gold=gold)["metrics"]["accuracy"] == 0
    head = ("document_number", "publication_date", "title", "abstract")
    listed = [("2031-5", "2031-01-05", "Robots", "This final rule amends the robot standards.")]
    answer = scored("timeline", gold=gold, documents=write(tmp_path / "listed.csv", head, listed))
    assert answer["metrics"]["accuracy"] == 0.5
    assert answer["metrics"]["jurisdiction_of_agreements"]["accuracy"] == 1


@pytest.mark.parametrize("task", [name for name in TASKS if name not in ("extraction", "status")])
def test_a_missing_file_is_a_bad_result(task: str, tmp_path: Path) -> None:
    code, output = call(task, *(part for name in TASKS[task].files for part in (f"--{name}", tmp_path / "none.csv")))
    assert code == 1
    assert "none.csv: expected a CSV file" in output


def test_a_missing_column_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", ("document_number", "publication_date"), [("1", "2031-01-01")])
    code, output = call("relevance", "--documents", files["documents"], "--gold", bad)
    assert code == 1
    assert "expected the columns relevance, got document_number, publication_date" in output


def test_a_gold_document_that_is_not_listed_is_counted(files: dict[str, Path], tmp_path: Path) -> None:
    stray = ("2031-9", "2031-01-09", "1", "", "", "A", "1", "true")
    gold = write(tmp_path / "more.csv", GOLD_HEAD, [*GOLD, stray])
    metrics = scored("relevance", documents=files["documents"], gold=gold)["metrics"]
    assert (metrics["support"], metrics["rows_left_out"]) == (2, {"without_document": 1})
    code, output = call("relevance", "--documents", files["documents"], "--gold", write(gold, GOLD_HEAD, [stray]))
    assert code == 1
    assert "'2031-9'" in output


def test_a_weight_that_is_no_number_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    gold = write(tmp_path / "odd.csv", GOLD_HEAD, [("2031-1", "2031-01-02", "2", "", "", "A", "heavy", "true")])
    code, output = call("relevance", "--documents", files["documents"], "--gold", gold)
    assert code == 1
    assert "expected a number in weight, got 'heavy'" in output


@pytest.mark.parametrize(
    "arguments",
    [("relevance",), ("weather",), (), ("rule_stage", "--gold", "x", "--notes", "y"), ("extraction", "--gold", "x")],
)
def test_wrong_usage_is_told_apart(arguments: tuple[str, ...]) -> None:
    assert call(*arguments)[0] == 2


def test_the_same_files_give_the_same_figures(files: dict[str, Path]) -> None:
    assert scored("relevance", **files) == scored("relevance", **files)


def test_errors_can_be_json_lines(files: dict[str, Path], tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    code, _ = call("instrument", "--documents", files["documents"], "--gold", files["gold"], "--errors", errors)
    assert code == 0
    (row,) = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert (row["expected"], row["got"]) == ("guidance", "meeting")


def test_errors_that_cannot_be_written_are_a_bad_result(files: dict[str, Path], tmp_path: Path) -> None:
    arguments = ("--documents", files["documents"], "--gold", files["gold"], "--errors", tmp_path / "no" / "errors.csv")
    code, output = call("instrument", *arguments)
    assert code == 1
    assert "give a file that can be written" in output
