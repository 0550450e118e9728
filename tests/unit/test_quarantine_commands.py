"""The quarantine desk on the command line: what is listed, shown and decided, and what is refused in words."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.home import Home
from pipelines.overrides.decisions import read_decisions
from pipelines.warehouse import open_warehouse
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from tests.crawl_fixture import SLUG, T0
from tests.unit.overrides_fixture import land_all, loaded, rows_by_kind

BODY = b'{"results": [{}, {}, {}, {"title": "\x1b[31mred"}]}'
URL = "https://www.federalregister.gov/api/v1/documents.json"
WORDS = ("--author", "Ada", "--reason", "Seen on the page.")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Rows in quarantine whose answer lies in the archive."""
    monkeypatch.setattr("pipelines.cli.desk._now", lambda: datetime(2026, 10, 10, 12, tzinfo=UTC))
    home = Home(tmp_path)
    land_all(home)
    loaded(home)
    row = rows_by_kind(home)["record"]
    archive = WarcArchive(home.archive / SLUG / row.warc_file, "test")
    written = archive.write(URL, "GET", {}, b"", ArchivedAnswer(200, (), BODY), T0)
    archive.seal()
    with open_warehouse(home) as connection:
        connection.execute(
            "update raw.fetches set warc_offset = ?, payload_sha256 = ?", [written.offset, written.sha256]
        )
    return home


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.root), "quarantine", *arguments])


def test_rows__are_listed_and_filtered(home: Home) -> None:
    rows = rows_by_kind(home)
    assert all(row.record_key in run(home, "list").stdout for row in rows.values())
    only = run(home, "list", "--source", SLUG, "--reason", "TooFarAhead").stdout.splitlines()
    assert [line.split()[0] for line in only] == [rows["document"].record_key]
    assert run(home, "reject", rows["document"].record_key, *WORDS).exit_code == 0
    assert rows["document"].record_key not in run(home, "list", "--undecided").stdout
    assert "[reject by Ada]" in run(home, "list").stdout


def test_a_row__is_shown_with_its_bytes_and_no_character_that_a_terminal_obeys(home: Home) -> None:
    shown = run(home, "show", rows_by_kind(home)["record"].record_key[:8])
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout
    assert 'what the source wrote of it:\n{"title": "\\x1b[31mred"}' in shown.stdout
    assert "expected:  expected a number" in shown.stdout
    assert "got:       \\x1b[31mnone" in shown.stdout
    assert "[25 characters before]" in shown.stdout
    raw = run(home, "show", rows_by_kind(home)["record"].record_key, "--raw")
    assert raw.stdout_bytes == BODY
    assert hashlib.sha256(raw.stdout_bytes).hexdigest() == rows_by_kind(home)["record"].payload_sha256


def test_an_archive_that_lost_the_bytes__says_what_to_do(home: Home) -> None:
    (path,) = (home.archive / SLUG).glob("*.warc.gz")
    path.unlink()
    shown = run(home, "show", rows_by_kind(home)["record"].record_key)
    assert (shown.exit_code, "restore it from a copy" in shown.output) == (1, True)


def test_verdicts__are_written_down_and_taken_back(home: Home) -> None:
    rows = rows_by_kind(home)
    for arguments in (
        ("accept", rows["document"].record_key),
        ("correct", rows["field"].record_key, "--set", "effective_date=2026-12-01"),
        ("reject", rows["record"].record_key),
    ):
        done = run(home, *arguments, *WORDS)
        assert done.exit_code == 0, done.output
        assert "it takes effect with the next aipolicy run" in done.stdout
    assert sorted(one.verdict for one in read_decisions(home)) == ["accept", "correct", "reject"]
    again = run(home, "reject", rows["record"].record_key, *WORDS)
    assert (again.exit_code, "aipolicy quarantine undo" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "zz"), "expected the beginning of one key, got that of 0"),
        (("accept", "record", *WORDS), "cannot be represented"),
        (("correct", "field", *WORDS), "expected at least one --set"),
        (("correct", "field", "--set", "effective_date=soon", *WORDS), "effective_date"),
        (("correct", "record", "--set", "title=A", *WORDS), "document_id: Field required"),
        (("reject", "record", "--author", "A\x1b[2J", "--reason", "x"), "author: expected"),
        (("undo", "record", *WORDS), "expected the beginning of one key, got that of 0"),
    ],
)
def test_what_cannot_be__is_refused_in_words(home: Home, arguments: tuple[str, ...], words: str) -> None:
    rows = rows_by_kind(home)
    done = run(home, *(rows[one].record_key if one in rows else one for one in arguments))
    assert done.exit_code == 1
    assert words in done.output
    assert read_decisions(home) == []


def test_a_folder_without_a_warehouse__says_what_to_run(tmp_path: Path) -> None:
    done = run(Home(tmp_path), "list")
    assert (done.exit_code, "run: aipolicy run" in done.output) == (1, True)
