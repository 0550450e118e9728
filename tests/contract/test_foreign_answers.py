"""Another source's answer is never read as ours: every fixture is given to every parser that it is not of."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.contracts import Refusal
from scrapers.parse import parser_of
from scrapers.registry import sources
from tests.contract.cases import all_cases

SAME_FORMAT = {"us_grants_gov_extract": {"us_grants_gov"}, "us_grants_gov": {"us_grants_gov_extract"}}
"""Sources that read each other's answers, as one publisher gives both."""
FOLDERS = {
    "congress_gov": "us_congress_gov",
    "billstatus_xml": "us_congress_gov",
    "federal_register_api": "us_federal_register",
    "federal_register_corrections": "us_govinfo_fr",
    "federal_register_xml": "us_govinfo_fr",
    "govuk_content": "uk_govuk",
    "nist": "us_nist",
    "nsf": "us_nsf_awards",
    "regulations_gov": "us_regulations_gov",
    "uk_govuk_search": "uk_govuk",
    "ukri_gtr": "uk_ukri_gtr",
    "us_omb": "us_omb_memos",
    "us_public_inspection": "us_federal_register",
    "us_usaspending_more": "us_usaspending",
    "usaspending": "us_usaspending",
    "whitehouse": "us_white_house",
}
"""Folders of recordings that are not named by the source whose they are."""
FILES_A_FOLDER, MAX_BYTES = 4, 120_000


def misread(slug: str, answers: dict[str, bytes]) -> dict[str, str]:
    """What a parser makes of answers that it should refuse, by their names."""
    found = {}
    for name, body in answers.items():
        try:
            answer = parser_of(slug)(body)
        except Refusal:
            continue
        found[name] = f"{len(answer.documents)} documents, {len(answer.rejected)} rejected"
    return found


@pytest.mark.parametrize("slug", list(sources()))
def test_no_fixture_of_another_source_is_read(slug: str) -> None:
    ours = {slug, *SAME_FORMAT.get(slug, ())}
    others = {str(case): case.answer.read_bytes() for case in all_cases() if case.slug not in ours}
    assert misread(slug, others) == {}


@pytest.mark.parametrize("slug", list(sources()))
def test_no_recording_of_another_source_is_read(slug: str, shared: Path) -> None:
    ours = {slug, *SAME_FORMAT.get(slug, ())}
    others: dict[str, bytes] = {}
    for folder in sorted((shared / "corpus").iterdir()):
        whose = FOLDERS.get(folder.name, folder.name)
        if not folder.is_dir() or whose in ours or (whose == "grants_gov" and slug.startswith("us_grants_gov")):
            continue
        files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.stat().st_size <= MAX_BYTES]
        others |= {
            f"{folder.name}/{file.name}": file.read_bytes() for file in files[:: -(-len(files) // FILES_A_FOLDER) or 1]
        }
    assert misread(slug, others) == {}


def test_an_empty_list_names_no_source() -> None:
    assert {slug: seen for slug in sources() if (seen := misread(slug, {"empty": b"[]"}))}.keys() <= {"us_nist"}
