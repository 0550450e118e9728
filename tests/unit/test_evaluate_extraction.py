"""The score of extraction, on label files and a text of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.evaluate.extraction import run
from pipelines.evaluate.files import BadFile

TEXT = """Executive Order 90001 is revoked.  See 15 U.S.C. 45(a).
(a) Within 90 days of the date of this order, each agency shall spend up to $5 million.
(b) Within 30 days of the date of this order, the Board shall act.
(c) Within 30 days of the date of this order, the Board shall rest.
"""
FILES = {
    "documents.csv": "doc_id,title,instrument,jurisdiction,issuer,identifier,date_signed,date_published\n"
    "one,T,executive_order,US,P,EO 90002,2031-01-31,\ntwo,T,statute,US,C,Public Law 190-1,,\n",
    "obligations.csv": "doc_id,section,actor,action,period,anchor,due_date,recurring,quote_start\n"
    'one,(a),agencies,spend,P90D,order_date,2031-05-01,none,"Within 90 days of the date of this order, each"\n'
    'one,(b),Council,act,P30D,order_date,2031-03-02,none,"Within 30 days of the date of this order, the Board"\n'
    'one,(c),Board,rest,P30D,order_date,2031-03-02,none,"Within 30 days of the date of this order, the Board"\n',
    "relations.csv": "doc_id,relation_type,target,quote_start\n"
    "one,revokes,EO 90001,Executive\none,implements,15 U.S.C. 45,See\n",
    "amounts.csv": "doc_id,low,high,currency,kind,qualifier,quote_start\none,,5000000,USD,penalty,up to,up to\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "two.txt").write_text("It cites 15 U.S.C. 45.", encoding="utf-8")
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_each_part__is_scored_as_the_labels_say(folder: Path) -> None:
    report = run(folder, folder)
    counts = {name: (part["right"], part["wrong"], part["missed"]) for name, part in report.by_class.items()}
    assert counts == {
        "obligations": (2, 1, 1),
        "relations": (1, 2, 1),
        "relations_targets_alone": (2, 1, 0),
        "relations_labelled_documents": (1, 1, 1),
        "amounts": (1, 0, 0),
        "amounts_with_kind": (0, 1, 1),
    }
    assert report.by_class["amounts"]["kind_accuracy"] == 0
    assert report.metrics["support"] == 6
    assert set(report.by_stratum) == {"one", "two"}
    assert all(len(part["ci95"]) == 2 for part in report.by_class.values())


def test_errors__are_told_one_by_one(folder: Path) -> None:
    told = [(error["part"], error["error"]) for error in run(folder, folder).errors]
    assert told == [("obligations", "wrong"), ("relations", "missed"), ("relations", "wrong"), ("relations", "wrong")]
    assert run(folder, folder).as_json() == run(folder, folder).as_json()


def test_missing_text__is_counted_and_the_others_are_scored(folder: Path) -> None:
    (folder / "one.txt").unlink()
    report = run(folder, folder)
    assert report.metrics["rows_left_out"] == {"documents_without_text": 1, "labels_without_text": 6}
    assert set(report.by_stratum) == {"two"}


@pytest.mark.parametrize("name", [*FILES, "*.txt"])
def test_missing_table__is_told(folder: Path, name: str) -> None:
    for path in folder.glob(name):
        path.unlink()
    with pytest.raises(BadFile, match=name.replace("*.txt", r"expected the texts of .*one\.txt")):
        run(folder, folder)


def test_odd_rows__are_read_for_what_they_say(folder: Path) -> None:
    documents = "\ufeffdoc_id,identifier,date_signed\n\none,EO 90002,31/01/2031\n,,\n"
    (folder / "documents.csv").write_text(documents, encoding="utf-8")
    (folder / "amounts.csv").write_text('doc_id,low,high,currency\none,,"5,000,000",USD\none,,,\n,,,\n')
    parts = run(folder, folder).by_class
    assert parts["obligations"]["right"] == 2
    assert (parts["amounts"]["right"], parts["amounts"]["missed"]) == (0, 1), "without jurisdiction a $ is nobody's"
    (folder / "amounts.csv").write_text("doc_id,low,high\none,about a lot,\n")
    assert run(folder, folder).by_class["amounts"]["missed"] == 1


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("It applies Regulation (EU) 2031/679.", "Regulation (EU) 2031/679"),
        ("It applies Regulation (EU) 2031/679.", "32031R0679"),
        ("It applies S.I. 2031/480.", "SI 2031/480"),
        ("It applies SI 2031/480.", "S.I. 2031 No. 480"),
        ("It follows the Clocks Act 2031 (c. 12).", "2031 c. 12"),
        ("It follows the Clocks Act 2031.", "Clocks Act 2031"),
        ("It follows H.R. 8152.", "H.R. 8152"),
        ("It follows COM(2031) 206 final.", "COM(2031) 206"),
        ("It follows Public Law 190-167.", "P.L. 190-167"),
        ("It follows 89 FR 15698.", "89 Fed. Reg. 15698"),
        ("It follows FR Doc. 2031-01580.", "FR Doc 2031-01580"),
        ("It follows 15 CFR part 7.", "15 CFR Part 7"),
        ("It follows the Clock Repair Act of 2031.", "Clock Repair Act of 2031"),
    ],
)
def test_target__agrees_in_any_spelling_of_its_number(folder: Path, text: str, target: str) -> None:
    (folder / "one.txt").write_text(text, encoding="utf-8")
    (folder / "relations.csv").write_text(f"doc_id,relation_type,target\none,cites,{target}\n", encoding="utf-8")
    part = run(folder, folder).by_class["relations_targets_alone"]
    assert (part["right"], part["missed"]) == (1, 0)


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        ("EO 90002", "This Executive Order 90002 is short."),
        ("OMB M-90-01", "Memorandum M-90-01 is short."),
        ("Regulation (EU) 2031/679", "Regulation (EU) 2031/679 is short."),
        ("SI 2031/480", "S.I. 2031/480 is short."),
        ("2031 c. 12", "The Clocks Act 2031 (c. 12) is short."),
        ("COM(2031) 206", "COM(2031) 206 final is short."),
    ],
)
def test_own_identifier__is_no_target_of_the_text(folder: Path, identifier: str, text: str) -> None:
    documents = f"doc_id,identifier\none,{identifier}\n"
    (folder / "documents.csv").write_text(documents, encoding="utf-8")
    (folder / "one.txt").write_text(text, encoding="utf-8")
    (folder / "relations.csv").write_text("doc_id,relation_type,target\n", encoding="utf-8")
    assert run(folder, folder).by_class["relations_targets_alone"]["wrong"] == 0
