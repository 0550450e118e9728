"""All recordings of the Gateway to Research: projects are read whole, people and XML are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.contracts import Depth, NotADocument
from scrapers.families.gtr_projects import fund_paths, gtr_day
from scrapers.spiders.uk_ukri_gtr import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "uk_ukri_gtr", "ukri_gtr")
PROJECTS = [recording for recording in RECORDINGS if recording.kind == "GtR-2 JSON, single project"]


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of the Gateway in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if recording.kind != "GtR-2 JSON, single project":
        with pytest.raises(NotADocument):
            parse_answer(body)
        return
    raw = json.loads(body)
    answer = parse_answer(body)
    assert answer.rejected == ()
    (project,) = answer.documents
    assert project.document_id == f"gtr:{raw['id']}"
    assert project.depth is Depth.FULL
    assert project.unread_fields == ()
    assert project.text_flags == ()
    assert lost_leaves(raw, project) == []
    paid = [link for link in raw["links"]["link"] if link["rel"] == "FUND"]
    assert project.effective_date == min(gtr_day(link["start"]) for link in paid)
    assert fund_paths(project) == [link["href"].removeprefix("http://gtr.ukri.org:80") for link in paid]
    assert project.amounts == ()


@pytest.mark.parametrize(
    "recording", [one for one in RECORDINGS if "project" in one.kind and "JSON" in one.kind], ids=str
)
def test_a_list_holds_the_same_projects(recording: Recording) -> None:
    raw = json.loads(recording.path.read_bytes())
    listed = parse_answer(json.dumps({"page": 1, "size": 20, "totalSize": 1, "project": [raw]}).encode())
    (alone,) = parse_answer(recording.path.read_bytes()).documents
    assert listed.official_count == 1
    assert listed.documents == (alone.model_copy(update={"depth": Depth.LISTING}),)


def test_every_file_of_the_folders_is_listed(shared: Path) -> None:
    held = {path for folder in ("uk_ukri_gtr", "ukri_gtr") for path in (shared / "corpus" / folder).iterdir()}
    assert held == {recording.path for recording in RECORDINGS}
