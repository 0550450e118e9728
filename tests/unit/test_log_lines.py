"""Logs for a collector: one JSON object a line, from us and from children, and no key in any."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines import progress
from pipelines.assets import ingest
from pipelines.children import ChildResult
from pipelines.cli import main
from pipelines.home import Home
from scrapers import log_lines
from scrapers.registry import sources
from tests.crawl_fixture import SLUG, T0

FIELDS = {"time", "level", "event", "source", "run_id"}
KEYED = next(config for config in sources().values() if config.key)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_run_id", "run-1")
    monkeypatch.setenv(log_lines.VARIABLE, "json")


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert all(set(line) == FIELDS for line in lines)
    return lines


def test_progress__is_an_object_a_line_whatever_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    progress.say('load: "done"\nand more')
    progress.say("uk_govuk: NOT GOOD", level="warning", source="uk_govuk")
    first, second = told(capsys)
    assert (first["event"], first["level"], first["run_id"]) == ('load: "done"\nand more', "info", "run-1")
    assert (second["source"], second["level"]) == ("uk_govuk", "warning")
    assert log_lines.line_of(T0, "info", "x", None, None).startswith('{"time": "2026-10-09T12:00:00.000Z"')


def test_without_the_variable__lines_are_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(log_lines.VARIABLE)
    progress.say("load: done")
    progress.pass_on(SLUG, "a warning of a child")
    assert capsys.readouterr().err.split(" s  ")[1:] == ["load: done\n"]


def test_what_a_child_said__is_passed_on_without_its_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert KEYED.key is not None
    monkeypatch.setenv(KEYED.key.variable, "very-secret")
    own = log_lines.line_of(T0, "warning", "slow answer", KEYED.slug, "run-1")
    said = f"{own}\nTraceback: asked with very-secret\n\n"
    ended = ChildResult(KEYED.slug, 3, T0, 1.0, "", said)
    ingest._say_ended(ended, Home(tmp_path), "run-1", replay=False)
    first, second, last = told(capsys)
    assert (first["event"], first["level"]) == ("slow answer", "warning")
    assert (second["event"], second["level"]) == ("Traceback: asked with redacted", "error")
    assert (last["level"], last["source"]) == ("warning", KEYED.slug)


def test_a_crawl__logs_lines(tmp_path: Path) -> None:
    """A traceback is one line as well; and Scrapy adds no handler of its own."""
    program = f"""
import logging
from scrapers import crawl
class Ends(crawl.AsyncCrawlerProcess):
    def __init__(self, settings):
        super().__init__(settings)
        try:
            1 / 0
        except ZeroDivisionError:
            logging.getLogger("scrapy.core").exception("a bug")
        raise SystemExit(0)
crawl.AsyncCrawlerProcess = Ends
crawl.main(["{SLUG}", "--since", "2024-01-01", "--until", "2024-01-01", "--home", "{tmp_path}", "--run-id", "run-7"])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["level"], line["source"], line["run_id"]) == ("error", SLUG, "run-7")
    assert line["event"].startswith("a bug\nTraceback")
    assert line["event"].endswith("ZeroDivisionError: division by zero")


def test_the_option__is_that_of_the_variable_and_refuses_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(log_lines.VARIABLE, "text")
    assert CliRunner().invoke(main, ["--log-format", "json", "sources", "--help"]).exit_code == 0
    assert os.environ[log_lines.VARIABLE] == "json", "children inherit it"
    assert CliRunner().invoke(main, ["--log-format", "xml", "sources"]).exit_code == 2
    assert CliRunner().invoke(main, ["sources"], env={log_lines.VARIABLE: "xml"}).exit_code == 2
    monkeypatch.setenv(log_lines.VARIABLE, "xml")
    with pytest.raises(ValueError, match="expected json or text, got 'xml'"):
        log_lines.are_wanted()


def test_the_root_logger__is_left_alone_in_this_process() -> None:
    assert not [handler for handler in logging.root.handlers if isinstance(handler.formatter, log_lines._Lines)]
