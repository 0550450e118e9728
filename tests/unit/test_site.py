"""The site of an edition: whole, equal for equal editions, valid, and deaf to what hostile texts say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import html5lib
import lxml.html
import pytest

from pipelines.digest import wording
from pipelines.page_names import MAX_CHARS, page_name
from pipelines.site.build import build_site
from pipelines.site.graph import MAX_NODES, Neighbour, draw
from pipelines.site.redline import redline
from pipelines.site.render import POLICY, Renderer, marked
from scrapers.contact import PROJECT_PAGE
from scrapers.registry import identifier_schemes
from tests.faults.verdict import Verdict
from tests.unit.site_fixture import CHANGED, HOSTILE_POLICY, make_site

REVOKED = "policies/us-eo-14110.html"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("editions") / "20261102T000000Z-4f1c2a9b")


@pytest.fixture(scope="module")
def site(edition: Path) -> Path:
    return edition / "site"


def pages_of(site: Path) -> Iterator[tuple[Path, lxml.html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        yield path, lxml.html.fromstring(path.read_text(encoding="utf-8"))


def text_of(path: Path) -> str:
    """What a page says, without its white space."""
    return " ".join(lxml.html.fromstring(path.read_text(encoding="utf-8")).text_content().split())


@pytest.mark.fault("P9")
def test_the_same_edition__gives_the_same_bytes(edition: Path, verdict: Verdict) -> None:
    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (edition / "site").rglob("*") if path.is_file()}

    first = content()
    build_site(edition)
    assert content() == first
    verdict.recovered(len(content().items() ^ first.items()))


def test_templates__take_a_dictionarys_own_key_before_what_every_dictionary_has() -> None:
    template = Renderer({}).environment.from_string("{{ row.items }} {{ row.rest.keys() | list }} {{ day.year }}")
    told = template.render(row={"items": 3, "rest": {"keep": 1}}, day=datetime(2026, 1, 5, tzinfo=UTC))
    assert told == "3 [&#39;keep&#39;] 2026"


def test_every_internal_link__leads_somewhere(edition: Path, site: Path) -> None:
    anchors = {path: {node.get("id") for node in page.xpath("//*[@id]")} for path, page in pages_of(site)}
    for path, page in pages_of(site):
        for node in page.xpath("//*[@href or @src]"):
            address = node.get("href") or node.get("src")
            parts = urlsplit(address)
            if parts.scheme in ("https", "http", "data"):
                continue
            assert not parts.scheme, f"{path.name}: {address}"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name} links to {address}"
            assert target.is_relative_to(edition), f"{path.name} leads out of the edition: {address}"
            assert not parts.fragment or parts.fragment in anchors[target], f"{path.name} links to {address}"


def test_every_page__is_valid_html(site: Path) -> None:
    for path in site.rglob("*.html"):
        html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


@pytest.mark.fault("P1")
def test_every_page__may_load_nothing_of_others_and_holds_no_live_text(site: Path, verdict: Verdict) -> None:
    live = 0
    for path, page in pages_of(site):
        assert page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [POLICY]
        assert [node.get("src") for node in page.xpath("//script")] in ([], ["site.js"]), path.name
        live += len(page.xpath("//img | //iframe | //style | //*[@style] | //base | //object | //b[not(text())]"))
        live += sum(name.startswith("on") for node in page.iter() for name in node.attrib)
        assert not live, path.name
        for address in page.xpath("//@href"):
            assert urlsplit(address).scheme in ("", "https", "http", "data"), f"{path.name}: {address}"
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", path.read_text(encoding="utf-8")), path.name
    verdict.recovered(live)


def test_every_page__has_one_heading_of_the_first_rank_and_leaves_none_out(site: Path) -> None:
    for path, page in pages_of(site):
        ranks = [int(node.tag[1]) for node in page.xpath("//h1 | //h2 | //h3 | //h4")]
        assert ranks.count(1) == 1, path.name
        assert ranks[0] == 1, path.name
        assert all(after - before <= 1 for before, after in pairwise(ranks)), path.name
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{path.name}: an id stands twice"
        assert all(node.get("scope") for node in page.xpath("//th")), path.name


def test_every_policy__has_a_page(edition: Path, site: Path) -> None:
    with duckdb.connect(str(edition / "policy.duckdb"), read_only=True) as connection:
        ids = [row[0] for row in connection.execute("select policy_id from policies").fetchall()]
    assert HOSTILE_POLICY in ids
    assert {f"{page_name(policy_id)}.html" for policy_id in ids} == {
        path.name for path in (site / "policies").iterdir()
    }
    assert len(lxml.html.parse(site / "policies.html").xpath("//ul[@id='policies']/li")) == len(ids)


def test_names_of_pages__are_short_safe_and_never_shared() -> None:
    keys = [
        "us-eo-14110",
        "US-EO-14110",
        "us_eo_14110",
        "us.eo.14110",
        "../../etc/passwd",
        "",
        "con",
        "a" * 500,
        "日本-法",
    ]
    keys += [page_name(key) for key in keys[1:]]
    names = [page_name(key) for key in keys]
    assert names[0] == "us-eo-14110"
    assert len({name.lower() for name in names}) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9_-]+", name) and len(name) <= MAX_CHARS for name in names)


def test_a_revoked_policy__says_since_when_by_whom_and_shows_the_evidence(site: Path) -> None:
    page = text_of(site / REVOKED)
    assert "revoked since 20 January 2025, by Executive Order 14148" in page
    assert "“" in page or "Revokes: EO 14110, October 30, 2023" in page
    assert "a.warc.gz" in page
    assert "Cited by Reporting of Remote Access" in page


def test_an_end_that_is_no_policy__is_told_by_its_document_or_by_a_name_that_people_use(site: Path) -> None:
    page = lxml.html.parse(site / REVOKED)
    (cited,) = page.xpath("//li[.//span[@class='verb'] = 'Cited by'][contains(., 'Speech number 001')]")
    assert cited.xpath(".//a[@href='https://www.gov.uk/govuk/crowd-001']")
    assert "crowd-1" not in text_of(site / REVOKED).replace("crowd-1.", "")


def test_a_policy_without_an_abstract__tells_how_it_begins(site: Path) -> None:
    page = text_of(site / "policies" / "us-eo-14434.html")
    assert "In its own words: The executive branch writes Super Intelligence." in page


def test_an_error__is_reported_by_the_id_of_the_item(site: Path) -> None:
    links = {link for _, page in pages_of(site) for link in page.xpath("//a[@class='self']/@href")}
    assert len(links) > 50
    assert {link.partition("/issues/new?title=Error%20in%20")[0] for link in links} == {PROJECT_PAGE}
    assert f"{PROJECT_PAGE}/issues/new?title=Error%20in%20us-eo-14110" in links


def test_an_error__is_reported_to_whom_the_builder_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPOLICY_CONTACT", "mailto:desk@example.org")
    site = make_site(tmp_path / "e1") / "site"
    page = lxml.html.parse(site / REVOKED)
    assert "mailto:desk@example.org?subject=Error%20in%20us-eo-14110" in page.xpath("//a[@class='self']/@href")
    assert "desk@example.org" in text_of(site / "about.html")


def test_relations__are_drawn_with_a_text_for_who_cannot_see_them(site: Path) -> None:
    page = lxml.html.parse(site / REVOKED)
    (picture,) = page.xpath("//*[@role='img']")
    words = " ".join(picture.text_content().split())
    assert "Executive Order 14110 is revoked by Executive Order 14148." in words


def test_a_picture__says_how_many_neighbours_it_leaves_out() -> None:
    many = [Neighbour("cites", f"Policy {number}") for number in range(MAX_NODES + 3)]
    drawn = draw("Centre", many, [])
    assert drawn is not None
    assert (len(drawn.actors), drawn.left_out) == (MAX_NODES, 3)
    assert all(0 <= box.y <= drawn.height for box in drawn.actors)
    assert draw("Alone", [], []) is None


def test_the_calendar__strikes_out_what_no_longer_binds_and_says_why(site: Path) -> None:
    page = lxml.html.parse(site / "calendar.html")
    (void,) = page.xpath("//tr[@class='void'][contains(., 'Secretary of Commerce')]")
    assert void.xpath(".//s")
    assert "No longer applies: revoked on 20 January 2025 by Executive Order 14148." in " ".join(
        void.text_content().split()
    )
    (lost,) = page.xpath("//tr[@class='void'][contains(., 'Secretary of Labor')]")
    assert "No longer applies: revoked on 12 October 2026 by Executive Order 14148." in " ".join(
        lost.text_content().split()
    ), "its section went, and its order stands"
    (live,) = page.xpath("//tr[contains(., 'Secretary of State')]")
    assert not live.xpath(".//s")
    headings = [node.text_content().split(" 20")[0] for node in page.xpath("//h2 | //h3")]
    assert headings.index("December") < headings.index("The past year") < headings.index("October")


def test_money__never_stands_in_one_table_across_kinds_or_currencies(site: Path) -> None:
    page = lxml.html.parse(site / "money.html")
    captions = [" ".join(node.text_content().split()) for node in page.xpath("//table/caption")]
    assert {"Announced, GBP", "Announced, USD", "Available, USD", "Available, currency not stated"} <= set(captions)
    assert len(captions) == len(set(captions))


def test_sources__tell_apart_what_was_looked_at_and_what_was_not(site: Path) -> None:
    page = lxml.html.parse(site / "sources.html")
    (row,) = page.xpath("//table//tr[th[normalize-space()='GOV.UK']]")
    assert {"could not look", "not asked"} <= set(row.xpath("./td/span[@class='hidden']/text()"))
    assert "documented only" in text_of(site / "sources.html")


def test_the_first_page__tells_the_last_complete_week(site: Path) -> None:
    page = text_of(site / "index.html")
    assert "Week 44 of 2026" in page
    assert "Speech number 000 on AI" in page


def test_the_first_page__counts_policies_about_ai_as_the_digest_does(edition: Path, site: Path) -> None:
    with duckdb.connect(str(edition / "policy.duckdb"), read_only=True) as connection:
        [(about_ai, all_policies)] = connection.execute(
            "select count(*) filter (where is_ai), count(*) from policies"
        ).fetchall()
    assert about_ai < all_policies
    page = lxml.html.parse(site / "index.html")
    assert page.xpath("//dl[@class='counts']//dt/text()")[:2] == ["Policies about AI", "Of them in force"]
    assert page.xpath("string(//dl[@class='counts']//dd)") == str(about_ai)


def test_the_list_of_policies__goes_by_what_has_happened(edition: Path, site: Path) -> None:
    with duckdb.connect(str(edition / "policy.duckdb"), read_only=True) as connection:
        [(last, today)] = connection.execute(
            "select max(event_date), cast(any_value(as_of) at time zone 'UTC' as date) from policy_events, edition"
        ).fetchall()
    assert last > today
    said = re.findall(r"last event (\d{1,2} \w+ \d{4})", text_of(site / "policies.html"))
    days = [datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC).date() for day in said]
    assert days == sorted(days, reverse=True)
    assert days[0] <= today


def test_an_empty_week__leads_to_the_last_one_with_news(edition: Path, tmp_path: Path) -> None:
    folder = make_site(tmp_path / "later")
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("update edition set as_of = '2026-12-07'")
    build_site(folder)
    assert "Week 49 of 2026" in text_of(folder / "site" / "index.html")
    assert "Nobody looked: no source was asked for a day of this week." in text_of(folder / "site" / "index.html")
    assert "Week 44 of 2026" in text_of(folder / "site" / "last-week.html")


def test_sample_data__are_marked_on_every_page(tmp_path: Path) -> None:
    for path, page in pages_of(make_site(tmp_path / "samples", is_sample=True) / "site"):
        assert page.xpath("//*[@class='notice']"), path.name


def test_a_redline__shows_changed_passages_and_leaves_the_rest_out(site: Path) -> None:
    page = lxml.html.parse(site / "redlines" / f"{page_name(CHANGED)}.html")
    section = page.xpath("//section[h2='Text']")[0]
    (passage,) = section.xpath(".//p[@class='passage']")
    assert [node.text.strip() for node in passage.xpath("./del | ./ins")] == ["long", "longer"]
    assert "substantive" in page.xpath("//p[@class='kicker']")[0].text_content()
    assert "Paragraph 7 " not in section.text_content()


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("may export", "shall export", "may", "shall"),
        (None, "All of it", "", "All of it"),
        ("<b>x</b> y", "<i>x</i> y", "<b>x</b>", "<i>x</i>"),
        ("within 30 (thirty) days", "within 60 (sixty) days", "30 (thirty", "60 (sixty"),
    ],
)
def test_redlines__compare_by_word(before: str | None, after: str | None, gone: str, come: str) -> None:
    pieces = [piece for passage in redline(before, after).passages for piece in passage]
    assert "".join(piece.text for piece in pieces if piece.kind == "del").strip() == gone
    assert "".join(piece.text for piece in pieces if piece.kind == "ins").strip() == come


def test_redlines__of_white_space_are_empty_and_of_huge_paragraphs_whole() -> None:
    assert redline("a  b\n\nc", "a b\nc").passages == ()
    ((gone, came),) = redline("a " * 2_500, "b " * 2_500).passages
    assert (gone.kind, came.kind) == ("del", "ins")


def test_snippets__mark_what_was_found_and_nothing_else() -> None:
    assert marked("a <b> \x02cloud\x03 & \x02<i>\x03") == "a &lt;b&gt; <mark>cloud</mark> &amp; <mark>&lt;i&gt;</mark>"


def test_a_folder_without_an_edition__is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"expected an edition with policy\.duckdb"):
        build_site(tmp_path)


@pytest.mark.parametrize("scheme", sorted(identifier_schemes()))
def test_an_identifier__of_every_scheme_has_a_name_that_people_use(scheme: str) -> None:
    assert scheme in wording._IDENTIFIERS
    assert wording.identifier(scheme, "VALUE").endswith("VALUE") or scheme == "us_bill"


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("docket:Docket No. 240119-0020", "Docket 240119-0020"),
        ("docket:BIS-2024-0047", "Docket BIS-2024-0047"),
        ("cfr:15 CFR 7", "15 CFR 7"),
        ("named_law:AI Act", "AI Act"),
        ("memorandum:2022-11-30", "Memorandum of 2022-11-30"),
    ],
)
def test_an_identifier__is_written_as_people_write_it(named: str, told: str) -> None:
    assert wording.identified(named) == told
