"""When an issue is due, by the clock of the readers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from pipelines import ui
from pipelines.cli import main
from pipelines.due import NotDue, due_week, time_zone
from pipelines.home import Home, SettingRefused
from pipelines.ops.doctor import FAIL, OK, readers_zone
from pipelines.publish.edition import switch_current
from scrapers.durable import write_whole
from tests.unit.edition_fixture import make_edition
from tests.unit.test_issues import publish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    base = make_edition(tmp_path_factory.mktemp("base") / "edition", crowd=0)
    home = Home(tmp_path_factory.mktemp("home"))
    switch_current(home, publish(base, home.root, datetime(2026, 11, 16, tzinfo=UTC)).name)
    return home


@pytest.mark.parametrize(
    ("zone", "moment", "is_due"),
    [
        ("UTC", "2026-11-16 07:59", False),
        ("UTC", "2026-11-16 08:00", True),
        ("Europe/Berlin", "2026-11-16 06:59", False),
        ("Europe/Berlin", "2026-11-16 07:00", True),
        ("Asia/Tokyo", "2026-11-15 23:00", True),
        ("America/Los_Angeles", "2026-11-16 15:59", False),
        ("America/Los_Angeles", "2026-11-16 16:00", True),
    ],
)
def test_an_issue__is_due_on_monday_morning_where_its_readers_are(
    home: Home, zone: str, moment: str, is_due: bool
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert due_week(home, now, ZoneInfo(zone)).name == ("2026-W46" if is_due else "2026-W45")


def test_before_the_first_edition__nothing_is_due(tmp_path: Path) -> None:
    with pytest.raises(NotDue, match="the issue of 2026-W46 waits for the first edition"):
        due_week(Home(tmp_path), datetime(2026, 11, 17, tzinfo=UTC), ZoneInfo("UTC"))


def test_the_time_zone__is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIPOLICY_TIME_ZONE", raising=False)
    assert time_zone().key == "UTC"
    monkeypatch.setenv("AIPOLICY_TIME_ZONE", "Europe/Berlin")
    assert time_zone().key == "Europe/Berlin"
    for wrong in ("Mars/Base", "../etc/passwd", "berlin"):
        monkeypatch.setenv("AIPOLICY_TIME_ZONE", wrong)
        with pytest.raises(SettingRefused, match="AIPOLICY_TIME_ZONE: expected a time zone"):
            time_zone()


def test_a_wrong_time_zone__is_told_in_a_sentence_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPOLICY_TIME_ZONE", "Europe/Lodnon")
    home = str(tmp_path / "home")
    said = "AIPOLICY_TIME_ZONE: expected a time zone such as Europe/London, got 'Europe/Lodnon'"
    write_whole(Home(tmp_path / "home").archive / "us_bis" / "1.ledger.json", b"{}")
    call = CliRunner().invoke(main, ["--home", home, "replay"])
    assert (call.exit_code, f"Error: {said}" in call.output) == (1, True), call.output
    with pytest.raises(SystemExit, match=said):
        ui.main(["--home", home])
    assert readers_zone().verdict == FAIL
    monkeypatch.delenv("AIPOLICY_TIME_ZONE")
    assert readers_zone().verdict == OK
