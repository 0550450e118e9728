"""The site in a real Chromium: no barrier that axe knows, narrow screens, keyboard, and without JavaScript."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from pipelines.digest import build_digest
from tests.faults.verdict import Verdict
from tests.unit.site_fixture import CHANGED, make_site, served

pytestmark = [
    pytest.mark.xdist_group("site_browser"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]

POLICY = "policies/us-eo-14110.html"
PAGES = [
    "index.html", "policies.html", "calendar.html", "money.html", "changes.html", "sources.html", "about.html",
    "search.html", POLICY, f"redlines/{CHANGED}",
]  # fmt: skip
JUDGED = ["index.html", "policies.html", "calendar.html", "sources.html", POLICY, f"redlines/{CHANGED}"]
"""Pages that hold every kind of element that the others have; axe takes a second a page."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("editions") / "e1")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def address(edition: Path, page: str) -> str:
    """A page of the folder, without a server."""
    if page.startswith("redlines/"):
        (path,) = (path for path in (edition / "site" / "redlines").iterdir() if path.name.startswith("version-2"))
        return path.as_uri()
    return (edition / "site" / page).as_uri()


def heard(page: Page) -> list[str]:
    """Where what the page complains of will stand: a blocked style sheet, a script that ran."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return said


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages__have_no_barriers_that_axe_finds(edition: Path, browser: Browser, scheme: Scheme) -> None:
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        for name in JUDGED:
            page.goto(address(edition, name))
            found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
            told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
            assert not told, f"{name} in {scheme}: {json.dumps(told, indent=1)}"


def test_pages__load_all_they_need_from_a_folder_and_complain_of_nothing(edition: Path, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        said = heard(page)
        for name in PAGES:
            page.goto(address(edition, name))
            assert page.evaluate("document.styleSheets.length") == 1, name
            assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", name
        assert said == []


def test_pages__fit_a_narrow_screen(edition: Path, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        for path in sorted((edition / "site").rglob("*.html")):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name


def test_the_digest__tells_all_its_money_on_a_telephone(edition: Path, browser: Browser, tmp_path: Path) -> None:
    told = build_digest(edition, "2026-W36", None, tmp_path)
    mail = message_from_bytes(told.mail.read_bytes(), policy=policy.default).get_body(("html",))
    assert mail is not None
    (tmp_path / "mail.html").write_text(mail.get_content(), encoding="utf-8")
    with browser.new_context(viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        for path in (told.html, tmp_path / "mail.html"):
            page.goto(path.as_uri())
            table = page.locator("table.run")
            assert table.evaluate("table => table.parentNode.scrollWidth <= table.parentNode.clientWidth"), path.name
            [kind, *sums] = table.locator("tbody tr").first.locator("th, td").all()
            assert kind.evaluate("cell => cell.offsetWidth") > 300, path.name
            assert len({cell.evaluate("cell => cell.offsetTop") for cell in sums}) == 1, path.name


def test_the_calendar__gives_its_room_to_the_titles(edition: Path, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(address(edition, "calendar.html"))
        widths = page.evaluate("[...document.querySelector('td').parentNode.children].map(cell => cell.offsetWidth)")
    assert widths[:2] == [168, 224]
    assert widths[2] > sum(widths[:2])


def test_a_picture_wider_than_the_screen__says_so(edition: Path, browser: Browser) -> None:
    for width, is_told in ((1280, False), (390, True)):
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page = context.new_page()
            page.goto(address(edition, POLICY))
            assert page.get_by_text("The picture is wider than the screen").is_visible() is is_told


def test_in_print__the_evidence_stays_away(edition: Path, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address(edition, POLICY))
        assert page.locator(".provenance").is_visible()
        page.emulate_media(media="print")
        assert not page.locator(".provenance").is_visible()
        assert page.locator("#timeline").is_visible()


def test_dark_and_light__differ(edition: Path, browser: Browser) -> None:
    colours = set()
    for scheme in SCHEMES:
        with browser.new_context(color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(address(edition, "index.html"))
            colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2


def test_the_keyboard__reaches_the_content_and_the_filter(edition: Path, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address(edition, "policies.html"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        box = page.locator(".skip").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "filter-text"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_filter__narrows_the_list_and_gives_it_back(edition: Path, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address(edition, "policies.html"))
        shown = page.locator("#policies > li:visible")
        whole = shown.count()
        page.fill("#filter-text", "remote clusters")
        assert shown.count() == 1
        assert page.locator("#filter-count").inner_text() == f"1 of {whole} shown"
        page.fill("#filter-text", "")
        page.select_option("#filter-status", "revoked")
        assert shown.count() == 1
        page.click("button[type=reset]")
        page.wait_for_function("n => document.querySelectorAll('#policies > li:not([hidden])').length === n", arg=whole)


def test_without_javascript__the_list_is_whole_and_the_filter_away(edition: Path, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address(edition, "policies.html"))
        assert page.locator("#policies > li").count() == len(list((edition / "site" / "policies").iterdir()))
        assert not page.locator("#filter").is_visible()
        page.click("#policies a[href='policies/us-eo-14110.html']")
        assert page.locator("h1").inner_text().startswith("Safe, Secure, and Trustworthy")


def test_search__works_served_without_javascript_and_says_in_a_folder_what_it_needs(
    edition: Path, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context, served(lambda: edition) as port:
        page = context.new_page()
        page.goto(address(edition, "search.html"))
        assert "needs aipolicy serve" in page.locator("main").inner_text()
        page.goto(f"http://127.0.0.1:{port}/")
        page.click("nav >> text=Search")
        page.fill("#q", "clusters")
        page.keyboard.press("Enter")
        page.click("text=policy page")
        assert page.locator("h1").inner_text() == "Reporting of Remote Access to Advanced Computing Clusters"


@pytest.mark.fault("P1")
def test_hostile_texts__run_nothing(edition: Path, browser: Browser, verdict: Verdict) -> None:
    with browser.new_context(bypass_csp=True) as context, served(lambda: edition) as port:
        page = context.new_page()
        said = heard(page)
        for path in sorted((edition / "site" / "policies").glob("us-x*")):
            page.goto(path.as_uri())
        page.goto(f"http://127.0.0.1:{port}/site/search.html?q=alert")
        assert said == []
        verdict.recovered(len(said))
