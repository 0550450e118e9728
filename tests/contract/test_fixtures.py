"""Every source keeps fixtures, and reads each of them exactly as its reviewed expectation says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scrapers.contracts import PolicyDocument
from scrapers.registry import identifier_schemes, sources
from tests import accept
from tests.contract import cases as fixtures_on_disk
from tests.contract.cases import FIXTURES, Case, all_cases, cases_of, expectations_without_answer, load_expected, read


@pytest.mark.parametrize("slug", list(sources()))
def test_every_source_has_fixtures(slug: str) -> None:
    assert cases_of(slug), f"missing folder tests/fixtures/{slug}: add an answer, run python -m tests.accept {slug}"


@pytest.mark.parametrize("slug", list(sources()))
def test_every_case_has_one_answer_and_one_expectation(slug: str) -> None:
    cases = cases_of(slug)
    names = [case.name for case in cases]
    assert sorted(names) == sorted(set(names)), f"two answers share a name in {FIXTURES / slug}"
    missing = [case.name for case in cases if not case.expected.exists()]
    assert not missing, f"no expectation for {missing}: run python -m tests.accept {slug} and review what it writes"
    assert not expectations_without_answer(slug), "these expectations have lost their answers"


def test_every_fixture_folder_belongs_to_a_source() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert folders <= set(sources()), "these folders have no file in scrapers/sources"


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_answer_is_read_as_expected(case: Case, subtests: pytest.Subtests) -> None:
    if not case.expected.exists():
        pytest.fail(f"no expectation for {case}: run python -m tests.accept {case.slug}")
    expected, got = load_expected(case), read(case)
    if "refused" in expected or "refused" in got:
        assert got == expected
        return
    wanted_documents, wanted_rejected = _parts(expected)
    documents, rejected = _parts(got)
    assert rejected == wanted_rejected
    for position, (document, wanted) in enumerate(zip(documents, wanted_documents, strict=False)):
        for field, value in _whole(wanted).items():
            if document[field] != value:
                with subtests.test(document=position, field=field):
                    assert document[field] == value
    assert len(documents) == len(wanted_documents)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_reading_twice_gives_the_same(case: Case) -> None:
    assert read(case) == read(case)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_relations_lead_to_identifiers_that_some_source_issues(case: Case) -> None:
    expected = load_expected(case)
    documents = [] if "refused" in expected else _parts(expected)[0]
    led_to = {relation["target"]["scheme"] for document in documents for relation in document.get("relations", ())}
    assert led_to <= identifier_schemes().keys()


def test_accept_writes_what_is_missing_and_fails_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "us_federal_register"
    folder.mkdir()
    (folder / "nothing_found.json").write_text('{"description": "Documents", "count": 0}')
    (folder / "wrong_field.json").write_text('{"message": "field is not valid"}')
    monkeypatch.setattr(accept, "cases_of", lambda slug: cases_of(slug, tmp_path))
    assert accept.main(["us_federal_register"]) == 1
    assert "wrote nothing_found.expected.json" in capsys.readouterr().out
    assert (folder / "nothing_found.expected.json").read_text() == "[]\n"
    assert load_expected(Case("us_federal_register", folder / "wrong_field.json")) == {"refused": "UpstreamError"}
    assert accept.main(["us_federal_register"]) == 0
    assert accept.main(["no_such_source"]) == 2


def test_a_wrong_field_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = tmp_path / "one.json"
    answer.write_text('{"document_number": "2026-00001", "publication_date": "2026-01-02", "title": "A"}')
    case = Case("us_federal_register", answer)
    wanted = _parts(read(case))[0][0]
    changed = {field for field, value in _whole({**wanted, "title": "B"}).items() if value != wanted[field]}
    assert changed == {"title"}


def test_hidden_files_are_no_cases(tmp_path: Path) -> None:
    folder = tmp_path / "slug"
    folder.mkdir()
    for name in (".hidden", "case.json", "case.expected.json", "stray.expected.json"):
        (folder / name).write_text("[]")
    assert [case.name for case in fixtures_on_disk.cases_of("slug", tmp_path)] == ["case"]
    assert [path.name for path in expectations_without_answer("slug", tmp_path)] == ["stray.expected.json"]


def _parts(value: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if isinstance(value, list):
        return value, []
    return value["documents"], value["rejected"]


def _whole(wanted: dict[str, Any]) -> dict[str, Any]:
    """The expectation with the contract's defaults for what it leaves out."""
    return PolicyDocument.model_validate(wanted).model_dump(mode="json")
