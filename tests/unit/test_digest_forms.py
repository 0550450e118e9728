"""The digest in every form: read by others' tools, equal bytes, nothing of a source live, no link lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import feedparser
import html5lib
import icalendar
import openpyxl
import pytest
from lxml import etree, html

from pipelines.digest import build_digest, feeds, mail, sheets, wording
from pipelines.digest.calendar import read_calendar, to_ics
from pipelines.digest.calendar_before import read_before
from pipelines.digest.charts import charts
from pipelines.digest.model import Digest, Week
from pipelines.digest.reader import read_digest
from pipelines.digest.render import to_html, to_json, to_markdown
from scrapers.contact import PROJECT_PAGE
from tests.faults.verdict import Verdict
from tests.unit.edition_fixture import HOSTILE, make_edition

WEEKS = ("2025-W04", "2026-W36", "2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44")
BREAKING = "A ]]> \x01\x0b\ufffe end\r\nBcc: x@evil.example\r\nATTACH:https://evil.example/x\r\nBEGIN:VALARM"
"""Ends a CDATA section, holds what XML cannot hold, and begins a header, a property and a component."""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_edition(tmp_path_factory.mktemp("editions") / "20261105T000000Z-4f1c2a9b")
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        for table, key in (("documents", "document_id"), ("policies", "lead_document_id")):
            connection.execute(f"update {table} set title = title || ? where {key} = 'fr:hostile'", [BREAKING])
    return folder


@pytest.fixture(scope="module")
def digests(edition: Path) -> dict[str, Digest]:
    return {week: read_digest(edition, Week.parse(week), None) for week in WEEKS}


def changed(edition: Path, folder: Path, *statements: str) -> Path:
    """A copy of the edition in which something else was told."""
    shutil.copytree(edition, folder)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder


# ---- the page, checked strictly


@pytest.mark.parametrize("week", WEEKS)
def test_page__is_html_without_a_fault_and_small(digests: dict[str, Digest], week: str) -> None:
    told = to_html(digests[week])
    html5lib.HTMLParser(strict=True).parse(told)
    assert len(told.encode()) < 300_000


@pytest.mark.parametrize("week", WEEKS)
def test_page__draws_shapes_and_text_alone(digests: dict[str, Digest], week: str) -> None:
    for drawn in html.document_fromstring(to_html(digests[week])).iter("svg"):
        for element in drawn.iter():
            assert element.tag in {"svg", "title", "desc", "g", "path", "line", "text"}
            assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)
            assert "#" not in "".join(value for name, value in element.attrib.items() if name in ("fill", "stroke"))


# ---- charts


def test_charts__are_described_and_hold_the_same_numbers_as_their_tables(digests: dict[str, Digest]) -> None:
    run, money = charts(digests["2026-W40"])
    for chart in (run, money):
        drawn = etree.fromstring(str(chart.svg))
        named = {element.get("id") for element in drawn if etree.QName(element).localname in ("title", "desc")}
        assert drawn.get("role") == "img"
        assert set(drawn.get("aria-labelledby").split()) == named
    assert run.rows[-1] == ("2026-W40", "3", "0")
    assert "week 40: 3 new, 0 changed" in run.svg
    assert money.rows == (("Announced", "US$140 million", "1"), ("Available", "US$93 million", "2"))
    assert "Announced: US$140 million" in money.svg


def test_charts__a_week_not_looked_at_is_not_told_as_an_empty_one(digests: dict[str, Digest]) -> None:
    run, *_ = charts(digests["2026-W40"])
    told = {week: numbers for week, *numbers in run.rows}
    assert told["2026-W36"] == ["3", "1"]
    assert told["2026-W35"] == ["1", "0"], "found by a look at another week"
    assert told["2026-W30"] == ["–", "–"]
    assert "week 30: not looked at" in run.svg
    assert "no source was looked at" in run.note


def test_charts__count_what_was_known_then(edition: Path) -> None:
    then = read_digest(edition, Week.parse("2026-W40"), datetime(2026, 9, 1, tzinfo=UTC))
    assert [count.new for count in then.run[-6:]] == [1, 0, 0, 0, 0, 0]
    assert then.year_money == ()


def test_charts__draw_the_same_bytes_again(digests: dict[str, Digest]) -> None:
    assert charts(digests["2026-W40"]) == charts(digests["2026-W40"])


# ---- e-mail


def read_mail(told: bytes) -> EmailMessage:
    message = message_from_bytes(told, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links_of_page(page: str) -> set[str]:
    return set(html.document_fromstring(page).xpath("//a/@href"))


def links_of_text(text: str) -> set[str]:
    return set(re.findall(r"<((?:https?|mailto):[^\s>]+)>", text))


@pytest.mark.parametrize("week", WEEKS)
def test_mail__is_a_message_without_defects_in_the_same_bytes_again(digests: dict[str, Digest], week: str) -> None:
    told = mail.to_mail(digests[week])
    message = read_mail(told)
    assert [defect for each in message.walk() for defect in each.defects] == []
    assert [value.defects for value in message.values()] == [()] * len(message)
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert told == mail.to_mail(digests[week])
    assert all(len(line) <= 998 for line in told.split(b"\r\n"))
    assert b"\n" not in told.replace(b"\r\n", b"")


@pytest.mark.parametrize("week", WEEKS)
def test_mail__its_text_keeps_every_link_and_its_page_is_small(digests: dict[str, Digest], week: str) -> None:
    message = read_mail(mail.to_mail(digests[week], unsubscribe="https://example.org/leave?id=7"))
    page, text = part(message, "html"), part(message, "plain")
    assert links_of_text(text) == links_of_page(page)
    assert "https://example.org/leave?id=7" in links_of_page(page)
    html5lib.HTMLParser(strict=True).parse(page)
    assert len(page.encode()) <= mail.MAX_BYTES
    for line in text.splitlines():
        assert len(line) <= mail.COLUMNS or re.fullmatch(r"\s*\S+", line), "only an address alone is longer"


def test_mail__links_what_the_digest_links(digests: dict[str, Digest]) -> None:
    page = part(read_mail(mail.to_mail(digests["2026-W40"])), "html")
    urls = {line.what.url for line in (*digests["2026-W40"].new_lines, *digests["2026-W40"].due)}
    assert urls <= links_of_page(page)


def test_mail__headers_are_functions_of_the_issue(edition: Path, digests: dict[str, Digest]) -> None:
    message = read_mail(mail.to_mail(digests["2026-W40"], sender="Digest <d@example.org>", recipient="r@example.org"))
    assert message["Subject"].startswith("AI policy, week 2026-W40: 3 new policies, 1 other publication")
    assert message["Date"].datetime == datetime(2026, 10, 5, tzinfo=UTC)
    assert (message["From"], message["To"]) == ("Digest <d@example.org>", "r@example.org")
    assert re.fullmatch(r"<2026-w40\.[0-9a-f]{16}@example\.org>", message["Message-ID"])
    moment = datetime(2026, 10, 4, 12, tzinfo=UTC)
    then = read_mail(mail.to_mail(read_digest(edition, Week.parse("2026-W40"), moment), sender="d@example.org"))
    assert then["Date"].datetime == moment
    assert then["Message-ID"] != message["Message-ID"]


@pytest.mark.parametrize(
    ("stated", "address", "one_click"),
    [
        ("https://example.org/leave", "https://example.org/leave", None),
        ("https://example.org/leave?from={subscription}", "https://example.org/leave?from=team", None),
        (
            "https://example.org/leave?who={address}&from={subscription}",
            "https://example.org/leave?who=a%2Bb%40example.org&from=team",
            "List-Unsubscribe=One-Click",
        ),
        ("mailto:l@e.org", "mailto:l@e.org", None),
        ("mailto:l@e.org?subject={address}", "mailto:l@e.org?subject=a%2Bb%40example.org", None),
    ],
)
def test_mail__tells_how_to_leave_and_takes_one_click_only_where_it_knows_who(
    digests: dict[str, Digest], stated: str, address: str, one_click: str | None
) -> None:
    issue = replace(digests["2026-W41"], subscription="team")
    message = read_mail(mail.to_mail(issue, recipient="A B <a+b@example.org>", unsubscribe=stated))
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == one_click
    assert f"Unsubscribe <{address}>" in " ".join(part(message, "plain").split())
    assert "List-Unsubscribe" not in read_mail(mail.to_mail(digests["2026-W41"]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "a@example.org\r\nBcc: x@evil.example"},
        {"sender": "nobody"},
        {"recipient": "a@example.org\nBcc: x@evil.example"},
        {"unsubscribe": "https://example.org/\r\nBcc: x@evil.example"},
        {"unsubscribe": "javascript:alert(1)"},
        {"unsubscribe": "http://example.org/"},
        {"unsubscribe": "https://example.org/{reader}"},
    ],
)
def test_mail__refuses_what_would_be_another_header(digests: dict[str, Digest], wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        mail.to_mail(digests["2026-W41"], **wrong)


@pytest.mark.fault("P5")
def test_mail__of_hostile_texts_has_no_header_and_no_element_of_theirs(
    digests: dict[str, Digest], verdict: Verdict
) -> None:
    calm, hostile = (read_mail(mail.to_mail(digests[week])) for week in ("2026-W41", "2026-W42"))
    assert hostile.keys() == calm.keys()
    verdict.recovered(len(hostile.keys()) - len(calm.keys()))
    page = html.document_fromstring(part(hostile, "html"))
    assert not page.xpath("//script | //img | //svg | //iframe | //link | //form | //object | //base")
    assert not [name for element in page.iter(etree.Element) for name in element.attrib if name.startswith("on")]
    assert {urlsplit(href).scheme for href in page.xpath("//a/@href")} <= {"http", "https"}
    assert "<script>alert(1)</script>" in page.text_content()
    assert "<script>alert(1)</script>" in " ".join(part(hostile, "plain").split())
    assert "url(" not in part(hostile, "html")
    assert "@import" not in part(hostile, "html")


def test_mail__shows_fewer_lines_where_all_would_be_cut_off(
    digests: dict[str, Digest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MAX_BYTES", 1)
    text = part(read_mail(mail.to_mail(digests["2026-W44"])), "plain")
    assert "And 50 more in the edition" in text


def test_mail__stands_without_a_style_sheet(digests: dict[str, Digest]) -> None:
    page = html.document_fromstring(part(read_mail(mail.to_mail(digests["2026-W40"])), "html"))
    assert all(element.get("style") for element in page.xpath("//h1 | //h2 | //a | //td"))
    assert "var(" not in html.tostring(page, encoding="unicode")


# ---- feeds


@pytest.fixture(scope="module")
def written(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("feeds")
    feeds.write_feeds(edition, out)
    return out


def items(folder: Path, name: str = "all") -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["items"]
    return held


def test_feeds__are_of_everything_and_of_each_track_in_three_forms(written: Path) -> None:
    names = {f"{feed}.{form}" for feed in ("all", *wording.TRACKS) for form in ("atom", "json", "ics")}
    assert {path.name for path in written.iterdir()} == names


def test_feeds__of_the_same_edition_are_the_same_bytes(edition: Path, written: Path, tmp_path: Path) -> None:
    feeds.write_feeds(edition, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in written.iterdir()
    }


@pytest.mark.fault("P3")
@pytest.mark.parametrize("name", feeds.FEEDS)
def test_atom__is_read_without_a_fault(written: Path, name: str, verdict: Verdict) -> None:
    told = (written / f"{name}.atom").read_bytes()
    read = feedparser.parse(told)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert (read.feed.id[:9], read.feed.updated) == ("urn:uuid:", "2026-11-02T00:00:00+00:00")
    assert len(read.entries) == len({entry.id for entry in read.entries})
    assert [entry.updated_parsed for entry in read.entries] == sorted(
        (entry.updated_parsed for entry in read.entries), reverse=True
    )
    assert all(entry.id.startswith("urn:uuid:") and entry.published and entry.title for entry in read.entries)
    assert [entry.id for entry in read.entries] == [item["id"] for item in items(written, name)]
    verdict.recovered(int(read.bozo))


def test_atom__holds_what_its_standard_demands(written: Path) -> None:
    feed = etree.parse(written / "all.atom").getroot()
    names = {"a": "http://www.w3.org/2005/Atom"}
    for element in (feed, *feed.findall("a:entry", names)):
        for wanted in ("id", "title", "updated"):
            assert len(element.findall(f"a:{wanted}", names)) == 1
    assert feed.find("a:author/a:name", names) is not None
    assert [link.get("href") for link in feed.findall("a:link[@rel='self']", names)] == ["all.atom"]


def test_atom__entries_link_the_official_source_and_say_what_they_are(written: Path) -> None:
    [entry] = [
        entry
        for entry in feedparser.parse((written / "executive_orders.atom").read_bytes()).entries
        if entry.title == "Executive Order 14434: Inaugurating the Era of Super Intelligence"
    ]
    assert entry.link.startswith("https://www.federalregister.gov/documents/2026/10/02/2026-20321/")
    assert [tag.term for tag in entry.tags] == ["Executive orders", "United States", "Executive order"]
    assert "Signed and effective 29 September, published 2 October" in entry.summary


def test_json_feed__has_what_its_standard_demands(written: Path) -> None:
    feed = json.loads((written / "all.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert item["id"].startswith("urn:uuid:")
        assert item["content_html"].startswith("<p>")
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
        assert urlsplit(item.get("url", "https://")).scheme in ("http", "https")


def test_feeds__of_a_track_hold_that_track_alone(written: Path) -> None:
    every = {item["id"]: item["tags"] for item in items(written)}
    for track in wording.TRACKS:
        held = {item["id"] for item in items(written, track)}
        assert held == {name for name, tags in every.items() if tags[:1] == [wording.track_title(track)]}
    assert {item["id"] for item in items(written, "export_controls")}, "a change and a date have a track too"


@pytest.mark.fault("P3")
def test_feeds__keep_ids_when_titles_and_editions_change(
    edition: Path, written: Path, tmp_path: Path, verdict: Verdict
) -> None:
    copy = changed(
        edition,
        tmp_path / "20261112T000000Z-00000000",
        "update policies set title = 'Another title'",
        "update documents set title = 'Another title'",
        "update edition set edition_id = '20261112T000000Z-00000000', as_of = timestamptz '2026-11-12 00:00:00+00'",
    )
    feeds.write_feeds(copy, tmp_path / "feeds")
    before, after = (
        {item["id"]: item["date_modified"] for item in items(folder)} for folder in (written, tmp_path / "feeds")
    )
    kept = {name: moment for name, moment in before.items() if name in after}
    assert len(kept) > 60
    assert all(after[name] == moment for name, moment in kept.items())
    gone = {before[name] for name in before.keys() - after.keys()}
    assert gone == {"2026-09-14T00:00:00Z"}, "only the oldest issue leaves"
    verdict.recovered(sum(after[name] != moment for name, moment in kept.items()))


def test_feeds__hold_each_item_once_and_say_where_an_error_is_reported(written: Path) -> None:
    told = items(written)
    assert len({item["id"] for item in told}) == len(told) == len({item["content_html"] for item in told})
    for item in told:
        [link] = html.fragment_fromstring(item["content_html"], create_parent="div").iter("a")
        assert link.text == "Report an error"
        assert link.get("href", "").startswith(f"{PROJECT_PAGE}/issues/new?title=Error%20in%20")
    reported = [item["content_html"].rsplit("Error%20in%20")[1] for item in told]
    assert len(set(reported)) == len(told), "each by its own id"


def test_feeds__a_change_at_the_source_moves_what_is_told_of_it(edition: Path, written: Path, tmp_path: Path) -> None:
    copy = changed(
        edition,
        tmp_path / "changed",
        "update policies set title = 'Another title' where policy_id = 'us-grants-gov-363001'",
        """insert into document_versions by name
           select * replace (2 as version_no, 'v2-grant' as version_id, 'substantive' as change_kind,
               timestamptz '2026-11-04 07:30:00.5+00' as first_seen_at)
           from document_versions where document_id = 'grants-gov:363001'""",
    )
    feeds.write_feeds(copy, tmp_path / "feeds")
    before, after = ({item["id"]: item for item in items(folder)} for folder in (written, tmp_path / "feeds"))
    moved = [item for name, item in after.items() if item["date_modified"] != before[name]["date_modified"]]
    assert {item["date_modified"] for item in moved} == {"2026-11-04T07:30:00Z"}
    assert all("Another title" in item["title"] for item in moved)
    assert items(tmp_path / "feeds")[0] == moved[0], "the latest told stands first"


def test_feeds__show_hostile_text_as_text(written: Path) -> None:
    read = feedparser.parse((written / "all.atom").read_bytes(), sanitize_html=False)
    [entry] = [entry for entry in read.entries if "]]>" in entry.title and "Comments" not in entry.title]
    assert "alert(1)" in entry.title
    assert "links" not in entry, "its address is no address"
    for held in [entry.content[0].value for entry in read.entries] + [item["content_html"] for item in items(written)]:
        body = html.fragment_fromstring(held, create_parent="div")
        assert {element.tag for element in body.iter()} <= {"div", "p", "a"}
        assert {name for element in body.iter() for name in element.attrib} == {"href"}
        assert all(link.get("href", "").startswith(PROJECT_PAGE) for link in body.iter("a"))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", (written / "all.atom").read_text(encoding="utf-8"))


# ---- calendar


def events(told: bytes) -> dict[str, icalendar.Event]:
    """The events of a calendar by their summaries."""
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(told).walk("VEVENT")}


def event_of(folder: Path, beginning: str) -> icalendar.Event:
    [event] = [event for name, event in events(to_ics(read_calendar(folder))).items() if name.startswith(beginning)]
    return event


@pytest.mark.parametrize("name", feeds.FEEDS)
def test_calendar__is_read_again_and_folded(written: Path, name: str) -> None:
    told = (written / f"{name}.ics").read_bytes()
    book = icalendar.Calendar.from_ical(told)
    assert book.subcomponents, "RFC 5545, 3.6: at least one component"
    assert (str(book["VERSION"]), str(book["PRODID"])) == ("2.0", "-//AI policy tracker//Calendar//EN")
    assert told.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in told.replace(b"\r\n", b"")
    assert b"\r" not in told.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in told.split(b"\r\n")), "RFC 5545, 3.1: 75 octets"
    assert all(not event.errors for event in book.walk("VEVENT"))
    uids = [str(event["UID"]) for event in book.walk("VEVENT")]
    assert len(uids) == len(set(uids))


def test_calendar__tells_days_without_a_time_zone(edition: Path) -> None:
    event = event_of(edition, "Applications close: AI Research Institutes")
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTART"].dt == date(2026, 10, 12)
    assert (str(event["STATUS"]), int(event["SEQUENCE"]), str(event["TRANSP"])) == ("CONFIRMED", 0, "TRANSPARENT")
    assert str(event["URL"]) == "https://www.grants.gov/search-results-detail/363001"
    told = str(event["DESCRIPTION"]).split("\n")
    assert told[:3] == ["AI Research Institutes", "National Science Foundation", str(event["URL"])]
    assert told[3].startswith("Evidence ")
    assert told[4] == (
        f"Report an error: {PROJECT_PAGE}/issues/new?title=Error%20in%20day-grants-gov-363001-closes-9908c932"
    )
    assert event["CATEGORIES"].to_ical() == b"Funding"


def test_calendar__reaches_beyond_the_digest_and_a_year_back(edition: Path, tmp_path: Path) -> None:
    told = read_calendar(edition)
    assert max(day.day for day in told) == date(2026, 12, 20)
    later = changed(edition, tmp_path / "later", "update edition set as_of = timestamptz '2027-10-12 00:00:00+00'")
    assert min(day.day for day in read_calendar(later)) == date(2026, 10, 12)


def test_calendar__a_moved_date_keeps_its_uid_and_raises_its_sequence(edition: Path, tmp_path: Path) -> None:
    at_first = event_of(edition, "Applications close: AI Research Institutes")
    folder, dates = edition, [at_first["DTSTART"].dt]
    sequences, uids, changes = [int(at_first["SEQUENCE"])], {str(at_first["UID"])}, [at_first["DTSTAMP"].dt]
    for number, day in enumerate((date(2026, 11, 30), date(2026, 10, 12)), start=1):
        known = f"timestamptz '2026-10-{10 + number} 00:00:00+00'"
        folder = changed(
            folder,
            tmp_path / str(number),
            f"""insert into policy_event_history by name
                select *, {known} as known_until from policy_events
                where policy_id = 'us-grants-gov-363001' and event = 'closes'""",
            f"""update policy_events set event_date = '{day}', known_from = {known}
                where policy_id = 'us-grants-gov-363001' and event = 'closes'""",
        )
        event = event_of(folder, "Applications close: AI Research Institutes")
        dates.append(event["DTSTART"].dt)
        sequences.append(int(event["SEQUENCE"]))
        uids.add(str(event["UID"]))
        changes.append(event["DTSTAMP"].dt)
    assert dates == [date(2026, 10, 12), date(2026, 11, 30), date(2026, 10, 12)]
    assert len(uids) == 1
    assert sequences == sorted(set(sequences))
    assert changes == sorted(set(changes))


def test_calendar__an_extended_period_closes_once_on_its_last_day(edition: Path, tmp_path: Path) -> None:
    folder = changed(
        edition,
        tmp_path / "extended",
        """insert into policy_events by name
           select * replace ('extended' as event_id, date '2026-12-01' as event_date) from policy_events
           where policy_id = 'us-fr-2026-16000' and event = 'comment_closes'""",
    )
    event = event_of(folder, "Comments close: Request for Information on Agent Security")
    assert (event["DTSTART"].dt, int(event["SEQUENCE"])) == (date(2026, 12, 1), 1)


def test_calendar__what_ended_before_its_day_is_cancelled_with_why(edition: Path, tmp_path: Path) -> None:
    name = "Comments close: Request for Information on Compute"
    before = event_of(edition, name)
    folder = changed(
        edition,
        tmp_path / "withdrawn",
        """insert into policy_events by name
           select * replace ('w' as event_id, 'withdrawn' as event, date '2026-10-20' as event_date,
               timestamptz '2026-10-21 00:00:00+00' as known_from)
           from policy_events where policy_id = 'us-fr-2026-17900' and event = 'comment_closes'""",
    )
    event = event_of(folder, name)
    assert (str(event["STATUS"]), str(event["UID"])) == ("CANCELLED", str(before["UID"]))
    assert int(event["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert event["LAST-MODIFIED"].dt == datetime(2026, 10, 21, tzinfo=UTC)
    assert str(event["DESCRIPTION"]).startswith("No longer applies: withdrawn on 2026-10-20.\n")


def test_calendar__what_ended_after_its_day_stays(edition: Path, tmp_path: Path) -> None:
    folder = changed(
        edition,
        tmp_path / "later",
        """insert into policy_events by name
           select * replace ('w' as event_id, 'revoked' as event, date '2026-11-01' as event_date)
           from policy_events where policy_id = 'us-fr-2026-17000' and event = 'effective'""",
    )
    event = event_of(folder, "Takes effect: Export Controls on Advanced")
    assert (str(event["STATUS"]), event["DTSTART"].dt) == ("CONFIRMED", date(2026, 10, 1))


def test_calendar__a_day_that_is_stated_no_longer_is_cancelled(edition: Path, tmp_path: Path) -> None:
    folder = changed(
        edition,
        tmp_path / "unsaid",
        """insert into policy_event_history by name
           select *, timestamptz '2026-11-01 00:00:00+00' as known_until from policy_events
           where policy_id = 'us-fr-2026-17900' and event = 'comment_closes'""",
        "delete from policy_events where policy_id = 'us-fr-2026-17900' and event = 'comment_closes'",
    )
    event = event_of(folder, "Comments close: Request for Information on Compute")
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert "the source states this day no longer" in str(event["DESCRIPTION"])


CUT_OFFS = """
insert into policy_events by name
select policy_events.* replace (day::varchar as event_id, 'cut_off' as event, day as event_date)
from policy_events, unnest([date '2026-11-15', date '2026-10-05']) as cut_offs(day)
where policy_id = 'us-grants-gov-363001' and event = 'closes'
"""


def test_calendar__each_cut_off_is_an_event_of_its_own(edition: Path, tmp_path: Path) -> None:
    several = changed(edition, tmp_path / "several", CUT_OFFS)
    before, told = by_uid(to_ics(read_calendar(edition))), by_uid(to_ics(read_calendar(several)))
    assert {uid: told[uid].to_ical() for uid in before} == {uid: event.to_ical() for uid, event in before.items()}
    added = {event["DTSTART"].dt: event for uid, event in told.items() if uid not in before}
    assert list(added) == [date(2026, 10, 5), date(2026, 11, 15)]
    assert {str(event["SUMMARY"]) for event in added.values()} == {"Cut-off for applications: AI Research Institutes"}
    assert {(str(event["STATUS"]), int(event["SEQUENCE"])) for event in added.values()} == {("CONFIRMED", 0)}

    moved = "policy_id = 'us-grants-gov-363001' and event_date = date '2026-11-15'"
    known = "timestamptz '2026-11-01 00:00:00+00'"
    later = changed(
        several,
        tmp_path / "moved",
        f"""insert into policy_event_history by name
            select *, {known} as known_until from policy_events where {moved}""",
        f"""insert into policy_events by name
            select * replace ('m' as event_id, date '2026-11-20' as event_date, {known} as known_from)
            from policy_events where {moved}""",
        f"delete from policy_events where {moved}",
    )
    after = by_uid(calendar_after(later, to_ics(read_calendar(several))))
    kept, gone = added.values()
    assert after[str(kept["UID"])].to_ical() == kept.to_ical()
    taken_back = after.pop(str(gone["UID"]))
    assert (str(taken_back["STATUS"]), int(taken_back["SEQUENCE"])) == ("CANCELLED", 1)
    [new] = [event for uid, event in after.items() if uid not in told]
    assert (new["DTSTART"].dt, str(new["STATUS"]), int(new["SEQUENCE"])) == (date(2026, 11, 20), "CONFIRMED", 0)


DUTY = """
insert into obligations by name
select 'duty-1' as obligation_id, 'us-eo-14434' as policy_id, 'fr:2026-20321:2026-10-02' as document_id,
    'Secretary of Commerce' as actor, 'report to the President' as action, date '2026-12-{day}' as due_date,
    {recurrence} as recurrence, {void} as void_from, 'order_date' as anchor, 'e' as evidence_id
"""


def test_calendar__a_duty_falls_due_and_is_void_with_its_order(edition: Path, tmp_path: Path) -> None:
    due = changed(edition, tmp_path / "due", DUTY.format(day=28, recurrence="null", void="null"))
    event = event_of(due, "Due: Secretary of Commerce: report to the President: Inaugurating")
    assert (event["DTSTART"].dt, str(event["STATUS"])) == (date(2026, 12, 28), "CONFIRMED")
    assert "RRULE" not in event
    moved = changed(due, tmp_path / "moved", "update obligations set due_date = '2027-01-05'")
    assert str(event_of(moved, "Due:")["UID"]) == str(event["UID"])
    void = changed(
        due,
        tmp_path / "void",
        "update obligations set void_from = '2026-11-01'",
        """insert into policy_events by name
           select * replace ('r' as event_id, 'revoked' as event, date '2026-11-01' as event_date)
           from policy_events where policy_id = 'us-eo-14434' and event = 'signed'""",
    )
    voided = event_of(void, "Due:")
    assert (str(voided["STATUS"]), str(voided["UID"])) == ("CANCELLED", str(event["UID"]))
    assert int(voided["SEQUENCE"]) == int(event["SEQUENCE"]) + 1
    assert "No longer applies: revoked on 2026-11-01." in str(voided["DESCRIPTION"])


def test_calendar__an_order_that_gets_its_number_keeps_its_uids_and_raises_their_sequence(
    edition: Path, tmp_path: Path
) -> None:
    before = changed(
        edition,
        tmp_path / "before",
        DUTY.format(day=28, recurrence="null", void="null"),
        "insert into policy_events by name (select 'e' as event_id, 'us-eo-14434' as policy_id, 'effective' as event, "
        "date '2026-12-01' as event_date, timestamptz '2026-10-02' as known_from)",
    )
    after = changed(
        before,
        tmp_path / "after",
        *(
            f"update {table} set policy_id = 'us-eo-15000' where policy_id = 'us-eo-14434'"
            for table in ("policies", "policy_documents", "policy_events", "documents", "obligations")
        ),
        "insert into policy_aliases values ('us-eo-14434', 'us-eo-15000', 'had it before')",
        # The Register publishes it: a second document, which leads and states the duty in its place.
        """insert into documents by name select * replace ('fr:later' as document_id,
               timestamptz '2026-11-04 12:00:00Z' as first_seen_at, 'THE OFFICIAL TITLE' as title)
           from documents where policy_id = 'us-eo-15000' limit 1""",
        "insert into policy_documents by name (select 'us-eo-15000' as policy_id, 'fr:later' as document_id, "
        "'lead' as role)",
        "update policies set lead_document_id = 'fr:later', title = 'THE OFFICIAL TITLE' "
        "where policy_id = 'us-eo-15000'",
        "update obligations set document_id = 'fr:later', obligation_id = 'another'",
    )
    for beginning in ("Due: Secretary of Commerce", "Takes effect: Inaugurating"):
        first = event_of(before, beginning)
        second = [
            event
            for name, event in events(to_ics(read_calendar(after))).items()
            if name.startswith(beginning.partition(" Inaugurating")[0]) and "THE OFFICIAL TITLE" in name
        ]
        assert [str(event["UID"]) for event in second] == [str(first["UID"])]
        assert int(second[0]["SEQUENCE"]) > int(first["SEQUENCE"])


def test_calendar__a_publication_that_becomes_a_policy_keeps_its_uid_and_its_sequence_does_not_fall(
    edition: Path, tmp_path: Path
) -> None:
    name = "fr:2026-19999:2026-09-25"
    before = changed(
        edition,
        tmp_path / "before",
        f"update documents set comments_close_date = date '2026-12-01', version_count = 3 where document_id = '{name}'",
        f"insert into document_versions by name (select '{name}' as document_id, 3 as version_no, "
        "timestamptz '2026-10-20 08:00:00Z' as first_seen_at)",
    )
    after = changed(
        before,
        tmp_path / "after",
        f"update documents set policy_id = 'us-fr-2026-19999' where document_id = '{name}'",
        "insert into policies by name (select 'us-fr-2026-19999' as policy_id, title, instrument, document_id as "
        f"lead_document_id, true as is_ai, url from documents where document_id = '{name}')",
        "insert into policy_documents by name (select 'us-fr-2026-19999' as policy_id, "
        f"'{name}' as document_id, 'lead' as role)",
        "insert into policy_events by name (select 'e' as event_id, 'us-fr-2026-19999' as policy_id, "
        f"'{name}' as document_id, 'comment_closes' as event, date '2026-12-01' as event_date, "
        "timestamptz '2026-09-29' as known_from)",
    )
    first, second = (event_of(folder, "Comments close: Notice of an AI Advisory") for folder in (before, after))
    assert str(second["UID"]) == str(first["UID"])
    assert int(second["SEQUENCE"]) >= int(first["SEQUENCE"]) == 2
    assert second["DTSTAMP"].dt >= first["DTSTAMP"].dt


@pytest.mark.parametrize(
    ("day", "recurrence", "void", "rule"),
    [
        (28, "'annual'", "null", b"FREQ=YEARLY"),
        (28, "'quarterly'", "null", b"FREQ=MONTHLY;INTERVAL=3"),
        (28, "'monthly'", "date '2027-06-01'", b"FREQ=MONTHLY;UNTIL=20270531"),
        (31, "'monthly'", "null", None),
        (28, "'other'", "null", None),
    ],
)
def test_calendar__a_duty_comes_again_where_its_days_are_certain(
    edition: Path, tmp_path: Path, day: int, recurrence: str, void: str, rule: bytes | None
) -> None:
    folder = changed(edition, tmp_path / "again", DUTY.format(day=day, recurrence=recurrence, void=void))
    event = event_of(folder, "Due:")
    assert (event["RRULE"].to_ical() if "RRULE" in event else None) == rule
    assert "Comes again" in str(event["DESCRIPTION"])


def calendar_after(edition: Path, before: bytes, track: str | None = None) -> bytes:
    """The calendar of an edition, after readers have had another."""
    held = edition / "before.ics"
    held.write_bytes(before)
    return to_ics(read_calendar(edition), track, read_before([held], edition))


def feeds_after(edition: Path, editions: Path, name: str, current: str | None = None) -> Path:
    """The feeds of an edition that is published under a name, after the current one of some editions."""
    if current is not None:
        (editions / "current").unlink(missing_ok=True)
        (editions / "current").symlink_to(current)
    out = editions / name / "feeds"
    feeds.write_feeds(edition, out, None, editions)
    return out


def by_uid(told: bytes) -> dict[str, icalendar.Event]:
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(told).walk("VEVENT")}


ADVISORY = "fr:2026-19999:2026-09-25"


@pytest.mark.parametrize(
    ("first", "beginning", "gone"),
    [
        pytest.param(
            f"update documents set comments_close_date = date '2026-12-01' where document_id = '{ADVISORY}'",
            "Comments close: Notice of an AI Advisory",
            "update documents set comments_close_date = null",
            id="a publication loses its date",
        ),
        pytest.param(
            DUTY.format(day=28, recurrence="null", void="null"), "Due:", "delete from obligations", id="a duty is gone"
        ),
        pytest.param(
            "select 1",
            "Comments close: Request for Information on Compute",
            "update policies set is_ai = false where policy_id = 'us-fr-2026-17900'",
            id="a policy is not about AI any more",
        ),
        pytest.param(
            "select 1",
            "Comments close: Request for Information on Compute",
            "update policy_documents set policy_id = 'us-eo-14434', role = 'member' "
            "where policy_id = 'us-fr-2026-17900'; "
            "delete from policies where policy_id = 'us-fr-2026-17900'",
            id="two records are one",
        ),
    ],
)
def test_calendar__a_day_that_vanishes_stays_cancelled_and_stands_again_when_it_returns(
    edition: Path, tmp_path: Path, first: str, beginning: str, gone: str
) -> None:
    told = changed(edition, tmp_path / "told", first)
    before = event_of(told, beginning)
    uid = str(before["UID"])
    after = changed(told, tmp_path / "after", gone)
    second = calendar_after(after, to_ics(read_calendar(told)))
    cancelled = by_uid(second)[uid]
    assert (str(cancelled["STATUS"]), int(cancelled["SEQUENCE"])) == ("CANCELLED", int(before["SEQUENCE"]) + 1)
    assert cancelled["DTSTART"].dt == before["DTSTART"].dt
    assert str(cancelled["DESCRIPTION"]).startswith("No longer told: ")
    assert cancelled["LAST-MODIFIED"].dt == datetime(2026, 11, 5, tzinfo=UTC)
    assert calendar_after(after, second) == second, "it changes no more"
    for track in wording.TRACKS:
        had = to_ics(read_calendar(told), track)
        assert (uid in by_uid(calendar_after(after, had, track))) is (uid in by_uid(had))
    again = by_uid(calendar_after(told, second))[uid]
    assert (str(again["STATUS"]), int(again["SEQUENCE"])) == ("CONFIRMED", int(cancelled["SEQUENCE"]) + 1)
    assert all(again[name].dt >= cancelled[name].dt for name in ("DTSTAMP", "LAST-MODIFIED"))


@pytest.mark.parametrize("held", [b"", b"no calendar", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n"])
def test_calendar__follows_none_where_that_of_before_cannot_be_read(
    edition: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, held: bytes
) -> None:
    folder = changed(edition, tmp_path / "after")
    assert calendar_after(folder, held) == to_ics(read_calendar(folder))
    assert f"{folder / 'before.ics'}: expected the calendar that subscribers have, got " in caplog.text


COMPUTE = "Comments close: Request for Information on Compute"
NO_AI_COMPUTE = "update policies set is_ai = false where policy_id = 'us-fr-2026-17900'"


def of_another_form(told: bytes, uid: str, old: bytes, new: bytes) -> bytes:
    """A calendar whose event of a UID has other lines; those that are no part of it stay."""
    before, _, after = told.partition(f"UID:{uid}".encode())
    head, _, begun = before.rpartition(b"BEGIN:VEVENT")
    rest, end, others = after.partition(b"END:VEVENT")
    event = re.sub(old, new, begun + f"UID:{uid}".encode() + rest)
    return head + b"BEGIN:VEVENT" + event + end + others


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"\r\nSEQUENCE:.*?\r\n(?! )", b"\r\n"),
        (rb"\r\nSEQUENCE:.*?\r\n(?! )", b"\r\nSEQUENCE:abc\r\n"),
        (rb"\r\nSTATUS:.*?\r\n(?! )", b"\r\n"),
        (rb"\r\nSTATUS:.*?\r\n(?! )", b"\r\nSTATUS:TENTATIVE\r\n"),
        (rb"(?s)\r\nDESCRIPTION:.*?\r\n(?! )", b"\r\n"),
        (rb"\r\nLAST-MODIFIED:.*?\r\n(?! )", b"\r\n"),
        (rb"\r\nLAST-MODIFIED:.*?\r\n(?! )", b"\r\nLAST-MODIFIED:20261101T000000\r\n"),
        (rb"\r\nDTSTART;VALUE=DATE:(\d+)", rb"\r\nDTSTART:\1T120000Z"),
        (rb"\r\nUID:", b"\r\nUID:urn:uuid:0b9a2a0e-8f5c-5d1b-a7de-5f6d3c1e9b42\r\nUID:"),
        (rb"\r\nUID:urn:uuid:", b"\r\nUID:"),
        (rb"\r\nTRANSP:", b"\r\nRRULE:FREQ=NEVER\r\nTRANSP:"),
    ],
)
def test_calendar__passes_over_an_event_of_before_that_is_not_of_its_form(
    edition: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, old: bytes, new: bytes
) -> None:
    told, uid = to_ics(read_calendar(edition)), str(event_of(edition, COMPUTE)["UID"])
    damaged = of_another_form(told, uid, old, new)
    assert damaged != told
    after = changed(edition, tmp_path / "after", NO_AI_COMPUTE)
    assert calendar_after(after, damaged) == to_ics(read_calendar(after))
    assert f"{after / 'before.ics'}: passed over 1 of " in caplog.text


def test_calendar__takes_over_nothing_foreign_from_that_of_before(edition: Path, tmp_path: Path) -> None:
    told, uid = to_ics(read_calendar(edition)), str(event_of(edition, COMPUTE)["UID"])
    foreign = b"\r\nATTACH:https://evil.example/a\r\nX-FOREIGN:a\r\nSUMMARY;X-FOREIGN=a:"
    held = of_another_form(told, uid, rb"\r\nSUMMARY:", foreign).replace(
        b"END:VEVENT", b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:a\r\nTRIGGER:-PT1M\r\nEND:VALARM\r\nEND:VEVENT"
    )
    after = changed(edition, tmp_path / "after", NO_AI_COMPUTE)
    assert calendar_after(after, held) == calendar_after(after, told)
    assert str(by_uid(calendar_after(after, held))[uid]["STATUS"]) == "CANCELLED"


def test_calendar__a_day_older_than_a_year_leaves_without_a_word(edition: Path, tmp_path: Path) -> None:
    uid = str(event_of(edition, "Applications close: AI Research Institutes")["UID"])
    later = changed(edition, tmp_path / "later", "update edition set as_of = timestamptz '2027-11-12 00:00:00+00'")
    assert uid not in by_uid(calendar_after(later, to_ics(read_calendar(edition))))


@pytest.mark.parametrize("is_current_there", [True, False])
def test_calendar__of_feeds_follows_that_of_the_current_edition_or_the_newest_that_is_left(
    edition: Path, tmp_path: Path, *, is_current_there: bool
) -> None:
    editions = tmp_path / "editions"
    for name, held in (("20261101T000000Z-b", to_ics(read_calendar(edition))), ("20261001T000000Z-a", b"older")):
        (editions / name / "feeds").mkdir(parents=True)
        (editions / name / "feeds" / "all.ics").write_bytes(held)
    (editions / "current").symlink_to("20261101T000000Z-b" if is_current_there else "20261102T000000Z-c")
    after = changed(edition, tmp_path / "after", NO_AI_COMPUTE)
    feeds.write_feeds(after, tmp_path / "feeds", None, editions)
    told = by_uid((tmp_path / "feeds" / "all.ics").read_bytes())
    assert str(told[str(event_of(edition, COMPUTE)["UID"])]["STATUS"]) == "CANCELLED"


INSTITUTES = "Applications close: AI Research Institutes"


def test_calendar__after_going_back_to_an_older_edition_no_sequence_falls(edition: Path, tmp_path: Path) -> None:
    first, second, third, fourth = (
        "20261101T000000Z-a",
        "20261102T000000Z-b",
        "20261103T000000Z-c",
        "20261104T000000Z-d",
    )
    editions, uid = tmp_path / "editions", str(event_of(edition, INSTITUTES)["UID"])
    move = """update policy_events set event_date = date '{day}'
        where policy_id = 'us-grants-gov-363001' and event = 'closes'"""
    moved = changed(edition, tmp_path / "moved", CUT_OFFS, move.format(day="2026-12-01"))
    again = changed(moved, tmp_path / "again", move.format(day="2026-12-08"))
    feeds_after(edition, editions, first)
    feeds_after(moved, editions, second, current=first)
    seen = feeds_after(again, editions, third, current=second)
    back = feeds_after(edition, editions, fourth, current=first)
    for name in ("all", "funding"):
        before, after = (by_uid((folder / f"{name}.ics").read_bytes()) for folder in (seen, back))
        assert (after[uid]["DTSTART"].dt, int(before[uid]["SEQUENCE"])) == (date(2026, 10, 12), 2)
        assert all(int(after[one]["SEQUENCE"]) >= int(event["SEQUENCE"]) for one, event in before.items())
        assert int(after[uid]["SEQUENCE"]) == 3, "its day is another than the one that was seen"
        taken_back = [str(after[one]["STATUS"]) for one, event in before.items() if "Cut-off" in event["SUMMARY"]]
        assert taken_back == ["CANCELLED"] * 2


def test_calendar__a_day_of_another_track_is_cancelled_in_the_first(edition: Path, tmp_path: Path) -> None:
    editions, uid = tmp_path / "editions", str(event_of(edition, INSTITUTES)["UID"])
    tracked = "update policies set track = '{track}' where policy_id = 'us-grants-gov-363001'"
    moved = changed(edition, tmp_path / "moved", tracked.format(track="partnerships"))
    name, told, steps = None, [], (edition, moved, moved, edition)
    for number, folder in enumerate(steps, start=1):
        out = feeds_after(folder, editions, f"2026110{number}T000000Z-a", current=name)
        name = out.parent.name
        held = {feed: by_uid((out / f"{feed}.ics").read_bytes()) for feed in ("all", "funding", "partnerships")}
        told.append(
            {
                feed: (str(events[uid]["STATUS"]), int(events[uid]["SEQUENCE"])) if uid in events else None
                for feed, events in held.items()
            }
        )
        if number in (2, 3):
            cancelled = held["funding"][uid]
            assert str(cancelled["DESCRIPTION"]).startswith("No longer told here: it is of another track now")
    assert told == [
        {"all": ("CONFIRMED", 0), "funding": ("CONFIRMED", 0), "partnerships": None},
        {"all": ("CONFIRMED", 0), "funding": ("CANCELLED", 1), "partnerships": ("CONFIRMED", 0)},
        {"all": ("CONFIRMED", 0), "funding": ("CANCELLED", 1), "partnerships": ("CONFIRMED", 0)},
        {"all": ("CONFIRMED", 0), "funding": ("CONFIRMED", 2), "partnerships": ("CANCELLED", 1)},
    ]


def test_calendar__a_duty_that_came_again_for_years_ends_with_its_order(edition: Path, tmp_path: Path) -> None:
    since = "update obligations set due_date = date '2024-06-28'"
    bound = changed(edition, tmp_path / "bound", DUTY.format(day=28, recurrence="'annual'", void="null"), since)
    ended = changed(bound, tmp_path / "ended", "update obligations set void_from = date '2026-09-01'")
    before = event_of(bound, "Due:")
    told = calendar_after(ended, to_ics(read_calendar(bound)))
    event = by_uid(told)[str(before["UID"])]
    assert (str(event["STATUS"]), event["RRULE"].to_ical()) == ("CONFIRMED", b"FREQ=YEARLY;UNTIL=20260831")
    assert int(event["SEQUENCE"]) > int(before["SEQUENCE"])
    gone = changed(ended, tmp_path / "gone", "delete from obligations")
    assert str(by_uid(calendar_after(gone, told))[str(before["UID"])]["STATUS"]) == "CANCELLED"
    later = changed(ended, tmp_path / "later", "update edition set as_of = timestamptz '2027-09-02 00:00:00+00'")
    assert str(before["UID"]) not in by_uid(calendar_after(later, told))


def test_calendar__an_end_known_beforehand_raises_the_sequence_when_it_cancels(edition: Path, tmp_path: Path) -> None:
    name = "Comments close: Request for Information on Compute"
    end = """insert into policy_events by name
        select * replace ('w' as event_id, 'withdrawn' as event, event_date - 1 as event_date)
        from policy_events where policy_id = 'us-fr-2026-17900' and event = 'comment_closes'"""
    known = changed(edition, tmp_path / "known", "update edition set as_of = timestamptz '2026-09-01'", end)
    ended = changed(known, tmp_path / "ended", "update edition set as_of = timestamptz '2027-03-01'")
    before, after = (event_of(folder, name) for folder in (known, ended))
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


@pytest.mark.fault("P4")
def test_calendar__of_hostile_titles_has_no_property_of_theirs(edition: Path, verdict: Verdict) -> None:
    told = to_ics(read_calendar(edition))
    book = icalendar.Calendar.from_ical(told)
    assert {component.name for component in book.walk()} == {"VCALENDAR", "VEVENT"}
    assert not [event for event in book.walk("VEVENT") if "ATTACH" in event]
    unfolded = told.replace(b"\r\n ", b"").split(b"\r\n")
    theirs = [line for line in unfolded if line.startswith((b"ATTACH", b"BEGIN:VALARM", b"Bcc"))]
    assert not theirs
    hostile = event_of(edition, "Comments close: <script>")
    assert "URL" not in hostile
    assert "alert(1)" in str(hostile["SUMMARY"])
    verdict.recovered(len(theirs))


# ---- workbook


def test_workbook__holds_every_line_and_is_the_same_again(digests: dict[str, Digest], tmp_path: Path) -> None:
    digest = digests["2026-W40"]
    for name in ("a", "b"):
        sheets.write_digest_workbook(tmp_path / f"{name}.xlsx", digest)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = {page.title: page.max_row - 1 for page in book if page.title != "about"}
    assert rows == {
        "short": len(digest.top),
        "new": len(digest.new_lines),
        "changed": len(digest.changes),
        "due": len(digest.due),
        "lapsing": len(digest.lapsing),
        "standing": len(digest.standing),
        "money": sum(len(group.lines) for group in digest.money),
        "corrections": 0,
        "coverage": len(digest.sources) * 7,
    }
    titles = {row[0].value: row[1].value for row in book["about"].iter_rows(max_row=6)}
    assert (titles["title"], titles["summary"]) == ("AI policy, week 40 of 2026", digest.summary)


def test_workbook__holds_no_formula(digests: dict[str, Digest], tmp_path: Path) -> None:
    sheets.write_digest_workbook(tmp_path / "a.xlsx", digests["2026-W42"])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    linked = {cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert {urlsplit(target).scheme for target in linked} == {"https"}


def test_workbook__of_an_edition_gets_the_last_issue(edition: Path) -> None:
    sheet = feeds.last_digest_sheet(edition)
    assert sheet.name == "digest"
    assert {row[0] for row in sheet.rows} == {"2026-W44"}
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (the command soffice) is not on this machine")
def test_workbook__opens_in_libreoffice(digests: dict[str, Digest], tmp_path: Path) -> None:
    sheets.write_digest_workbook(tmp_path / "digest.xlsx", digests["2026-W40"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "digest.xlsx")], check=True, capture_output=True, timeout=120)
    assert "AI policy, week 40 of 2026" in (tmp_path / "digest.csv").read_text(encoding="utf-8", errors="replace")


# ---- all of it


def test_digest__tells_the_numbers_of_its_charts_as_json_too(edition: Path, tmp_path: Path) -> None:
    told = json.loads(build_digest(edition, "2026-W40", None, tmp_path).json.read_text(encoding="utf-8"))
    assert told["run"][-1] == {"week": "2026-W40", "new": 3, "changed": 0, "is_seen": True}
    [announced, *_] = [one for one in told["money_run"] if one["currency"] == "USD"]
    assert (announced["kind"], announced["year"]) == ("announced", {"documents": 1, "total": "140000000.00"})


@pytest.mark.fault("P9")
def test_digest__every_form_is_the_same_bytes_again(edition: Path, tmp_path: Path, verdict: Verdict) -> None:
    first, second = (build_digest(edition, "2026-W42", None, tmp_path / name) for name in ("a", "b"))
    forms = ("markdown", "html", "json", "mail", "workbook")
    differing = [one for one in forms if getattr(first, one).read_bytes() != getattr(second, one).read_bytes()]
    assert not differing
    assert HOSTILE.split()[0] in first.json.read_text(encoding="utf-8")
    verdict.recovered(len(differing))


def test_the_archived_copy_of_a_line__is_told_in_every_form(digests: dict[str, Digest], tmp_path: Path) -> None:
    digest = digests["2026-W40"]
    line = digest.new_lines[0]
    whole = digest.copies[line.evidence_id or ""].sha256
    page = html.fromstring(to_html(digest)).xpath(f"//li[@id='{line.anchor}']//*[@class='copy']/code")[0]
    assert (page.get("title"), page.text_content()) == (f"SHA-256 {whole}", whole[:12])
    assert f", sha256 `{whole[:12]}` · [report an error]" in to_markdown(digest)
    told = json.loads(to_json(digest))["new"][0]["lines"][0]
    assert (told["sha256"], told["report_url"]) == (whole, wording.report_url(digest.contact, line.anchor))
    sheets.write_digest_workbook(tmp_path / "a.xlsx", digest)
    [head, first, *_] = openpyxl.load_workbook(tmp_path / "a.xlsx")["new"].iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert row["payload_sha256"] == whole
    assert row["report_url"] == told["report_url"]
    text, html_part = parts_of(mail.to_mail(digest))
    assert f"archived copy {whole[:12]} · report an error <" in " ".join(text.split())
    assert whole[:12] in html_part


def test_lines_lead_to_the_pages_of_the_site__where_its_address_is_known(digests: dict[str, Digest]) -> None:
    digest = replace(digests["2026-W40"], site="https://policy.example/site/")
    address = "https://policy.example/site/policies/us-eo-14434.html"
    assert f"]({address}#evidence " in to_markdown(digest)
    hrefs = html.fromstring(to_html(digest)).xpath("//li[@id='new-us-eo-14434']//a/@href")
    assert {address, f"{address}#evidence"} <= set(hrefs)
    text, _ = parts_of(mail.to_mail(digest))
    assert f"<{address}>" in text
    assert json.loads(to_json(digest))["new"][0]["lines"][0]["page_url"] == address


def test_coverage_with_the_sources_own_counts__is_in_every_form(digests: dict[str, Digest]) -> None:
    digest = digests["2026-W43"]
    text, html_part = parts_of(mail.to_mail(digest))
    for page in (to_html(digest), html_part):
        rows = html.fromstring(page).xpath("//table[caption or thead][.//th[.='By its own count']]/tbody/tr")
        told = {row[0].text_content(): [cell.text_content() for cell in row[1:]] for row in rows}
        assert told["US Federal Register"] == ["all 7 days", "840", "840", ""]
        assert told["GOV.UK"] == ["none, could not look", "0", "–", "since 18 October"]
    assert "840" in text
    assert "| all 7 days | 840 | 840 |" in to_markdown(digest)


def parts_of(message: bytes) -> tuple[str, str]:
    """The plain text and the HTML of a mail."""
    read = read_mail(message)
    plain, rich = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    return plain.get_content(), rich.get_content()
