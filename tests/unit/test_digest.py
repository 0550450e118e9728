"""The weekly digest: same bytes, every line linked, nothing of a source live, gaps said, money apart."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
from lxml import html
from markdown_it import MarkdownIt

from pipelines.digest import DigestResult, WeekError, build_digest, queries, wording
from pipelines.digest.model import Week
from pipelines.digest.render import MAX_LINES, escape_markdown
from pipelines.digest.sentences import after_title, first_sentence, own_words
from scrapers.contact import PROJECT_PAGE
from scrapers.registry import sources
from tests.faults.verdict import Verdict
from tests.unit.edition_fixture import HOSTILE, make_edition

SEEDS = Path(__file__).parents[2] / "dbt" / "seeds"
WEEKS = ("2025-W04", "2025-W05", "2026-W36", "2026-W37", "2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44")

RUN = "This week, the week before, the year so far"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_edition(tmp_path_factory.mktemp("editions") / "20261105T000000Z-4f1c2a9b")


@pytest.fixture(scope="module")
def digests(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, DigestResult]:
    out = tmp_path_factory.mktemp("digests")
    return {week: build_digest(edition, week, None, out) for week in WEEKS}


def page(result: DigestResult) -> html.HtmlElement:
    return html.fromstring(result.html.read_text(encoding="utf-8"))


def data(result: DigestResult) -> dict:
    return json.loads(result.json.read_text(encoding="utf-8"))


def text(result: DigestResult) -> str:
    return result.markdown.read_text(encoding="utf-8")


def section(result: DigestResult, heading: str) -> str:
    """The Markdown below a heading of the second level."""
    return text(result).split(f"\n## {heading}\n")[1].split("\n## ")[0]


def section_texts(result: DigestResult) -> str:
    """The Markdown of what is new and what changed."""
    told = text(result)
    return "".join(section(result, name) for name in ("What is new", "What changed") if f"## {name}" in told)


def markdown_links(result: DigestResult) -> set[str]:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text(result))
    inline = [child for token in tokens for child in token.children or ()]
    return {str(token.attrs["href"]) for token in inline if token.type == "link_open"}


# ---- a pure function of edition, week and as_of


@pytest.mark.parametrize("week", WEEKS)
def test_digest__again_gives_the_same_bytes(
    edition: Path, digests: dict[str, DigestResult], week: str, tmp_path: Path
) -> None:
    again = build_digest(edition, week, None, tmp_path)
    for first, second in (
        (digests[week].markdown, again.markdown),
        (digests[week].html, again.html),
        (digests[week].json, again.json),
    ):
        assert first.read_bytes() == second.read_bytes()


def test_digest__as_of_a_moment_lies_beside_that_of_the_week(edition: Path, tmp_path: Path) -> None:
    whole = build_digest(edition, "2025-W04", None, tmp_path)
    told = text(whole)
    moment = datetime(2025, 1, 25, 1, tzinfo=timezone(timedelta(hours=1)))
    limited = build_digest(edition, "2025-W04", moment, tmp_path)
    assert limited.markdown.parent == tmp_path / "2025-W04@20250125T000000Z"
    assert "; counts what was known at 2025-01-25T00:00:00Z." in text(limited)
    assert "; counts all that was known when it was made." in told
    assert text(whole) == told


def test_digest__of_samples_says_so_before_anything_else(digests: dict[str, DigestResult], tmp_path: Path) -> None:
    folder = make_edition(tmp_path / "edition", crowd=1, is_sample=True)
    result = build_digest(folder, "2026-W40", None, tmp_path)
    assert text(result).startswith(f"> **{wording.SAMPLE_NOTICE}**\n\n# AI policy")
    assert page(result).find(".//header")[0].text == wording.SAMPLE_NOTICE
    assert list(data(result).items())[:2] == [("notice", wording.SAMPLE_NOTICE), ("is_sample", True)]
    real = digests["2026-W40"]
    assert wording.SAMPLE_NOTICE not in text(real) + real.html.read_text(encoding="utf-8")
    assert (data(real)["notice"], data(real)["is_sample"]) == (None, False)


def test_digest__leaves_only_whole_files(digests: dict[str, DigestResult]) -> None:
    folder = digests["2026-W40"].html.parent
    assert folder.name == "2026-W40"
    assert sorted(path.name for path in folder.iterdir()) == [
        "digest.eml",
        "digest.html",
        "digest.json",
        "digest.md",
        "digest.xlsx",
    ]


def test_digest__as_of_leaves_out_what_was_not_known(edition: Path, tmp_path: Path) -> None:
    before = build_digest(edition, "2025-W04", datetime(2025, 1, 26, 23, tzinfo=UTC), tmp_path / "before")
    after = build_digest(edition, "2025-W04", datetime(2025, 2, 1, tzinfo=UTC), tmp_path / "after")
    assert before.item_count == 0
    assert "14148" not in text(before)
    assert "2025-01-26T23:00:00Z" in text(before)
    assert after.item_count == 2


def test_digest__as_of_hides_later_looks(edition: Path, tmp_path: Path) -> None:
    result = build_digest(edition, "2026-W40", datetime(2026, 9, 30, tzinfo=UTC), tmp_path)
    looks = data(result)["sources"][0]["days"]
    assert [look["outcome"] for look in looks] == ["checked", "checked"] + ["not_asked"] * 5
    assert "; 4 of 4 sources checked in part (2 of 7 days)" in result.summary


def test_digest__as_of_counts_the_looks_of_then_whatever_was_looked_at_since(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition")
    again = """
        insert into source_looks by name
        select source_id, day, {outcome} as outcome, found + 1 as found, '{crawl}' as crawl_id,
            timestamptz '{moment}' as checked_at, {reason} as reason
        from source_looks where day between '2026-09-28' and '2026-10-04' and crawl_id not like 'c%'
    """
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(again.format(outcome="outcome", crawl="c1", moment="2026-11-01 00:00:00+00", reason="null"))
        connection.execute(
            again.format(outcome="'could_not_look'", crawl="c2", moment="2026-11-02 00:00:00+00", reason="'HTTP 503'")
        )
        connection.execute(
            again.format(outcome="'not_asked'", crawl="c3", moment="2026-11-03 00:00:00+00", reason="'no key'")
        )
    then = build_digest(edition, "2026-W40", datetime(2026, 10, 6, tzinfo=UTC), tmp_path)
    assert "; 4 of 4 sources checked." in then.summary
    assert [look["found"] for look in data(then)["sources"][0]["days"]] == [128, 129, 130, 101, 102, 0, 0]
    now = build_digest(edition, "2026-W40", None, tmp_path)
    looks = data(now)["sources"][0]["days"]
    assert [look["found"] for look in looks] == [129, 130, 131, 102, 103, 1, 1]
    assert {look["reason"] for look in looks} == {"re-check by c2 failed: HTTP 503"}


MOVED = (
    "insert into policy_event_history by name (select * replace (date '2026-10-20' as event_date), timestamptz "
    "'2026-11-01' as known_until from policy_events where event = 'comment_closes' and policy_id = 'us-fr-2026-20100')",
    "update policy_events set known_from = timestamptz '2026-11-01' "
    "where event = 'comment_closes' and policy_id = 'us-fr-2026-20100'",
)
RENAMED = (
    "insert into document_versions by name (select 'gb_govuk' as source_id, 'govuk:aisi-news' as document_id, "
    "2 as version_no, 'v2' as version_id, 'source' as change_origin, true as is_news, "
    'timestamptz \'2026-11-01\' as first_seen_at, \'[{"field": "title", "before": "As it was called"}, '
    '{"field": "closes_date", "before": "2026-10-25"}]\' as field_diff)'
)


def test_digest__as_of_tells_a_deadline_that_was_moved_since(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        for statement in MOVED:
            connection.execute(statement)
    then = build_digest(edition, "2026-W40", datetime(2026, 10, 6, tzinfo=UTC), tmp_path)
    now = build_digest(edition, "2026-W40", None, tmp_path)
    for result, day, shown in ((then, "2026-10-20", "20 October"), (now, "2026-10-30", "30 October")):
        due = {line["policy_id"]: line["day"] for line in data(result)["due"]}
        assert due["us-fr-2026-20100"] == day
        assert f"comments close {shown}" in section(result, "What is new")


def test_digest__as_of_tells_a_document_as_it_was(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(RENAMED)
    then = build_digest(edition, "2026-W40", datetime(2026, 10, 6, tzinfo=UTC), tmp_path)
    assert "As it was called" in section(then, "What is new")
    assert ("govuk:aisi-news", "2026-10-25") in {(line["document_id"], line["day"]) for line in data(then)["due"]}
    now = build_digest(edition, "2026-W40", None, tmp_path)
    assert "As it was called" not in section(now, "What is new")
    assert "govuk:aisi-news" not in {line["document_id"] for line in data(now)["due"]}


def test_digest__as_of_tells_an_order_by_the_page_that_was_there(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "insert into documents by name (select 'whitehouse:1' as document_id, 'Its own page' as title, "
            "'https://www.whitehouse.gov/x/' as url, 2 as relevance, "
            "timestamptz '2026-09-29 15:00:00Z' as first_seen_at)"
        )
        connection.execute("insert into policy_documents values ('us-eo-14434', 'whitehouse:1', 'member', 'title')")
        connection.execute(
            "update policy_events set known_from = timestamptz '2026-09-29 15:00:00Z' "
            "where policy_id = 'us-eo-14434' and event = 'signed'"
        )
    then = section(build_digest(edition, "2026-W40", datetime(2026, 9, 30, tzinfo=UTC), tmp_path), "What is new")
    assert "[Its own page](https://www.whitehouse.gov/x/)" in then
    assert "14434" not in then.split("Its own page")[1].split("\n")[1]


def test_digest__fresher_looks_lie_over_the_editions_own(edition: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "source_looks.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""attach '{edition / "policy.duckdb"}' as edition (read_only);
            copy (select * replace ('could_not_look' as outcome, 'firewall page' as reason)
                  from edition.source_looks where source_id = 'gb_govuk') to '{fresh}' (format parquet)"""
        )
    result = build_digest(edition, "2026-W41", None, tmp_path, looks=fresh)
    told = "0 of 4 sources checked in full, 1 not at all (could not look: GOV.UK), 3 not asked"
    assert told in result.summary
    assert "firewall page" in section(result, "What we could not look at")


@pytest.mark.parametrize(
    "week", ["2026-40", "2026-W54", "2025-W53", "2026-W4", "../2026-W40", "2026-W40\n", "٢٠٢٦-W40", ""]
)
def test_digest__refuses_what_is_no_week(edition: Path, tmp_path: Path, week: str) -> None:
    with pytest.raises(WeekError, match="expected"):
        build_digest(edition, week, None, tmp_path)
    assert not list(tmp_path.iterdir())


def test_digest__refuses_a_naive_as_of(edition: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        build_digest(edition, "2026-W40", datetime(2026, 10, 5), tmp_path)  # noqa: DTZ001


def test_plain__of_plain_letters_looks_for_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wording.plain("a\x00b \u200bc\x7f\td") == "ab [U+200B]c d"
    monkeypatch.setattr(wording, "_CONTROL", None)
    assert wording.plain("  Two  plain words ~ ") == "Two plain words ~"


def test_questions__look_ids_up_and_do_not_run_through_them_for_every_row() -> None:
    asked = {name: text for name, text in vars(queries).items() if name.isupper() and isinstance(text, str)}
    assert [name for name, text in asked.items() if re.search(r"list_contains\(\$(\w+_ids|abouts)\b", text)] == []
    assert any("(select unnest($policy_ids::varchar[]))" in text for text in asked.values())


def test_digest__says_where_no_edition_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"policy\.duckdb"):
        build_digest(tmp_path, "2026-W40", None, tmp_path / "out")


def test_week__of_a_year_that_begins_in_the_old_one() -> None:
    week = Week.parse("2026-W01")
    assert (week.since.isoformat(), week.until.isoformat(), week.number, week.year) == (
        "2025-12-29",
        "2026-01-04",
        1,
        2026,
    )
    assert wording.span(week.since, week.until) == "29 December 2025 to 4 January"


@pytest.mark.parametrize(
    ("name", "told"), [("2025-W04", "20 to 26 January"), ("2026-W40", "28 September to 4 October")]
)
def test_week__names_its_month_once(name: str, told: str) -> None:
    week = Week.parse(name)
    assert wording.span(week.since, week.until) == told


# ---- what it says


def test_digest__names_week_edition_and_counts(digests: dict[str, DigestResult]) -> None:
    result = digests["2026-W40"]
    title = "AI policy, week 40 of 2026 (28 September to 4 October)"
    assert text(result).startswith(f"# {title}\n")
    assert page(result).findtext(".//title") == title
    assert " ".join(page(result).find(".//h1").text_content().split()) == title
    assert "20261105T000000Z-4f1c2a9b" in text(result)
    assert result.summary == (
        "3 new policies, 1 other publication, 1 earlier item seen only now, 2 changes, 3 dates passed, "
        "2 deadlines in the next 30 days, 1 deadline further ahead; 4 of 4 sources checked."
    )
    assert result.item_count == 3 + 1 + 1 + 2 + 3


def test_digest__tells_a_new_order_whole(digests: dict[str, DigestResult]) -> None:
    new = section(digests["2026-W40"], "What is new")
    item = new.split("### Executive orders")[1].split("###")[0]
    assert (
        "[Inaugurating the Era of Super Intelligence](https://www.federalregister.gov/documents/2026/10/02/2026-20321/"
        in item
    )
    assert "Executive Order 14434 · Executive Office of the President · United States" in item
    assert "Signed and effective 29 September, published 2 October · in force" in item


def test_digest__tells_what_a_rule_implements_but_not_what_it_cites(digests: dict[str, DigestResult]) -> None:
    rule = section(digests["2026-W40"], "What is new").split("### Cloud access")[1].split("###")[0]
    assert "Implements: Executive Order 14434, [Inaugurating" in rule
    assert "14110" not in rule
    assert "above a threshold." in rule
    assert "Comments are invited" not in rule


def test_digest__leads_with_the_most_binding(digests: dict[str, DigestResult]) -> None:
    top = section(digests["2026-W40"], "In short").strip().splitlines()
    assert len(top) == 5
    assert top[0].startswith("1. Executive Order 14434: ")
    assert "revoked" not in top[1]
    assert "Proposed rule" in top[1]


def test_digest__tells_a_revocation_and_who_did_it(digests: dict[str, DigestResult]) -> None:
    changed = section(digests["2025-W04"], "What changed")
    assert "**Revoked:** Executive Order 14110, [Safe, Secure, and Trustworthy" in changed
    assert "by Executive Order 14148, [Initial Rescissions" in changed
    assert changed.count("**Revoked:**") == 1, "a relation and its event are one line"
    assert "1 revocation" in digests["2025-W04"].summary
    assert "Revokes: Executive Order 14110, [Safe" in section(digests["2025-W04"], "What is new")


def test_digest__publication_after_signature_is_told_in_its_own_week(digests: dict[str, DigestResult]) -> None:
    result = digests["2025-W05"]
    assert "### Published this week, signed, filed or announced earlier" in section(result, "What is new")
    assert "Executive Order 14148" in section(result, "What is new")
    assert "Signed 20 January, published this week, on 28 January · in force" in section(result, "What is new")
    assert result.summary.startswith(
        "0 new policies, 1 earlier one published, 1 earlier change published or first seen this week;"
    )


def test_digest__a_deed_that_nobody_could_know_in_its_week_is_told_in_the_next(edition: Path, tmp_path: Path) -> None:
    in_time = build_digest(edition, "2025-W04", datetime(2025, 1, 27, tzinfo=UTC), tmp_path)
    assert "14148" not in text(in_time)
    result = build_digest(edition, "2025-W05", datetime(2025, 2, 3, tzinfo=UTC), tmp_path)
    late = section(result, "What changed").split("### Dated earlier, published or first seen this week")[1]
    assert "**Revoked:** Executive Order 14110" in late
    assert "Signed 20 January, published this week, on 28 January" in late


def test_digest__an_earlier_change_never_reads_as_in_its_own_week(digests: dict[str, DigestResult]) -> None:
    lines: Counter[str] = Counter()
    for result in digests.values():
        lines.update(set(re.findall(r"^(?:- |\d\. |  ).{20,}$", section_texts(result), re.MULTILINE)))
    dated = [line for line in lines if lines[line] > 1 and re.search(r"igned \d|ublished \d", line)]
    assert not dated


def test_digest__a_withdrawal_noticed_late_says_when_and_why(edition: Path, tmp_path: Path) -> None:
    before = build_digest(edition, "2026-W36", datetime(2026, 9, 7, tzinfo=UTC), tmp_path / "before")
    assert "**Withdrawn:**" not in text(before)
    result = build_digest(edition, "2026-W37", datetime(2026, 9, 14, tzinfo=UTC), tmp_path)
    late = section(result, "What changed").split("### Dated earlier")[1]
    assert late.count("**Withdrawn:**") == 2, "one line a page, whether or not it is a policy"
    assert "Dated 4 September, first seen this week, on 7 September" in late
    assert "The source says: “The AI Safety Institute became the AI Security Institute.”" in late
    assert "See its new page" not in late
    assert "The source says: The AI Safety Institute became" in " ".join(page(result).text_content().split())


def test_digest__a_withdrawal_without_a_stated_day_is_told_as_seen(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "seen", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            "update policy_events set source_field = 'availability (first seen)' "
            "where policy_id = 'gb-govuk-aisi' and event = 'withdrawn'"
        )
    assert "**Withdrawn (seen; no day stated):**" in text(build_digest(copy, "2026-W37", None, tmp_path))


def test_digest__what_a_backfill_brings_is_no_late_news_unless_the_act_is_recent(tmp_path: Path) -> None:
    for days, is_told in ((14, True), (15, False)):
        copy = make_edition(tmp_path / f"backfill-{days}", crowd=0)
        with duckdb.connect(str(copy / "policy.duckdb")) as connection:
            connection.execute("update document_versions set is_news = false")
            connection.execute(
                "update policy_events set event_date = date '2026-09-07' - ?::integer "
                "where policy_id = 'gb-govuk-aisi' and event = 'withdrawn'",
                [days],
            )
        assert ("AI Safety Institute: overview" in text(build_digest(copy, "2026-W37", None, tmp_path))) is is_told


def test_digest__a_correction_names_and_links_what_it_corrects(digests: dict[str, DigestResult]) -> None:
    new = section(digests["2026-W36"], "What is new")
    assert "Corrects: [Export Controls on Advanced Computing Items](https://www.federalregister.gov/documents/" in new
    assert "[FR Doc. 2026-16500](https://www.federalregister.gov/d/2026-16500)" in new
    assert "**Corrected:** [Export Controls on" in section(digests["2026-W36"], "What changed")


def test_digest__a_kind_that_is_none_of_ours_goes_by_the_sources_word(digests: dict[str, DigestResult]) -> None:
    assert "HTML publication · Department for Science" in section(digests["2026-W36"], "What is new")
    assert "Other ·" not in text(digests["2026-W36"])
    assert "Other:" not in text(digests["2026-W36"])


@pytest.mark.parametrize("week", WEEKS)
def test_digest__a_status_never_repeats_the_dates(digests: dict[str, DigestResult], week: str) -> None:
    statuses = {line["status"] for group in data(digests[week])["new"] for line in group["lines"]}
    assert not statuses & {"published", "announced", "unknown"}


def test_digest__an_order_without_abstract_is_told_by_its_first_section(digests: dict[str, DigestResult]) -> None:
    new = section(digests["2026-W40"], "What is new")
    assert "In its own words: “The executive branch writes Super Intelligence.”" in new


def test_digest__an_inferred_and_partial_change_says_so(digests: dict[str, DigestResult]) -> None:
    assert "**Amended in part (inferred from the text):**" in section(digests["2026-W40"], "What changed")


@pytest.mark.parametrize(
    ("source_field", "told"),
    [("docket", "a shared docket"), ("rin", "a shared RIN"), ("abstract", "the text"), (None, "the text")],
)
def test_digest__says_of_what_a_change_was_inferred(tmp_path: Path, source_field: str | None, told: str) -> None:
    edition = make_edition(tmp_path / "edition")
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("update policy_relations set source_field = ? where confidence = 'inferred'", [source_field])
    result = build_digest(edition, "2026-W40", None, tmp_path)
    assert f"**Amended in part (inferred from {told}):**" in section(result, "What changed")
    assert f"Amends in part (inferred from {told}):" in section(result, "What is new")


def test_digest__what_one_statement_does_twice_is_one_line(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition")
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_relations by name
            select * replace ('twice' as relation_id, 'supersedes' as relation)
            from policy_relations where from_policy_id = 'us-eo-14148' and relation = 'revokes'"""
        )
    result = build_digest(edition, "2025-W04", None, tmp_path)
    changed = section(result, "What changed")
    assert changed.count("- **Revoked and superseded:**") == 1
    assert changed.count("\n- ") == 1
    assert "1 revocation;" in result.summary or "1 revocation," in result.summary
    assert section(result, "What is new").count("Revokes and supersedes: ") == 1


def test_digest__an_act_that_we_do_not_hold_is_linked_where_it_is_told(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "update policy_relations set to_policy_id = null, to_identifier = 'eo:13999', relation_id = 'x' "
            "where from_policy_id = 'us-eo-14148' and relation = 'revokes'"
        )
        connection.execute("update policies set is_ai = true where policy_id = 'us-eo-14148'")
    [change] = [
        one
        for one in data(build_digest(edition, "2025-W04", None, tmp_path))["changed"]
        if one["what"]["title"] == "Executive Order 13999"
    ]
    assert change["what"]["url"] == change["by"]["url"]
    assert change["what"]["url"]


def test_digest__what_an_act_will_do_is_told_with_the_day_from_which_it_holds(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "update policy_relations set relation_date = '2025-03-01' where from_policy_id = 'us-eo-14148' "
            "and relation = 'revokes'"
        )
    result = build_digest(edition, "2025-W04", None, tmp_path)
    assert "With effect from 1 March revokes: Executive Order 14110" in section(result, "What is new")


def test_digest__shows_fields_before_and_after(digests: dict[str, DigestResult]) -> None:
    changed = section(digests["2026-W40"], "What changed")
    assert "Comment deadline: 20 September → 2 October" in changed
    assert "Abstract: changed" in changed


def test_digest__dates_due_are_in_order_and_counted_from_the_weeks_end(digests: dict[str, DigestResult]) -> None:
    held = data(digests["2026-W40"])
    for lines in (held["passed"], held["due"]):
        assert [line["day"] for line in lines] == sorted(line["day"] for line in lines)
    assert [line["day"] for line in held["passed"]] == ["2026-09-29", "2026-10-01", "2026-10-02"]
    assert [line["day"] for line in held["due"]] == ["2026-10-12", "2026-10-30"]
    assert all(1 <= line["days"] <= 30 for line in held["due"])
    assert "**12 October** (in 8 days): applications close" in section(digests["2026-W40"], "What is due")
    assert "comments closed" in section(digests["2026-W40"], "What is due").split("### Passed")[1]


def test_digest__a_deadline_set_this_week_shows_however_far_it_is(digests: dict[str, DigestResult]) -> None:
    due = section(digests["2026-W36"], "What is due")
    assert "### Further ahead, set or published this week" in due
    assert "**20 December** (in 105 days): comments close: [Request for Information on Compute]" in due
    assert "1 deadline further ahead" in digests["2026-W36"].summary
    assert "Compute" not in text(digests["2026-W37"])


def test_digest__of_a_week_gone_by_tells_a_bill_and_says_that_it_became_law_later(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    about = "policy_id = 'us-fr-2026-20100'"
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(f"update policies set instrument = 'statute' where {about}")
        connection.execute(f"update documents set instrument = 'statute', signed_date = '2026-12-01' where {about}")
        connection.execute(
            f"""insert into policy_events by name
            select policy_events.* replace (law as event_id, law as event, date '2026-12-01' as event_date)
            from policy_events cross join (values ('signed'), ('effective')) as made(law)
            where {about} and event = 'proposed'"""
        )
        connection.execute(
            f"""insert into obligations by name
            select 'o' as obligation_id, policy_id, document_id, 'Attorney General' as actor, 'report' as action,
                date '2026-12-21' as due_date, evidence_id
            from documents where {about}"""
        )
    then = build_digest(edition, "2026-W40", None, tmp_path)
    item = section(then, "What is new").split("Reporting of Remote Access")[1]
    assert "Bill · Commerce Department" in item
    assert "Proposed and published 30 September, later signed and effective 1 December, comments close 30 " in item
    due = section(then, "What is due")
    assert "30 October" in due
    assert "takes effect" not in due, "nobody knew"
    assert "21 December" not in due, "nor of its duties"
    law = section(build_digest(edition, "2026-W49", None, tmp_path), "What is due")
    assert "Statute" in law
    assert "21 December" in law


def test_digest__what_had_not_begun_has_no_deadline_yet(digests: dict[str, DigestResult]) -> None:
    due = data(digests["2026-W37"])["due"]
    assert [line["day"] for line in due] == ["2026-10-01", "2026-10-02"]


def test_digest__a_deadline_of_a_withdrawn_page_is_void_and_not_counted(digests: dict[str, DigestResult]) -> None:
    assert "no longer applies: withdrawn 6 September" in section(digests["2026-W36"], "What is due")
    due = data(digests["2026-W36"])["due"]
    assert [line["void"] for line in due if line["void"]] == ["withdrawn 6 September"]
    assert f"{len(due) - 1} deadlines in the next 30 days" in digests["2026-W36"].summary


def test_digest__a_date_that_passed_before_the_end_is_not_void(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "passed", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_events
            select 'x', policy_id, document_id, 'withdrawn', date '2026-10-03', 'x', null, 'official', null, known_from,
                evidence_id from policy_events where policy_id = 'us-fr-2026-16000' and event = 'published'"""
        )
    passed = section(build_digest(copy, "2026-W40", None, tmp_path), "What is due").split("### Passed")[1]
    assert "Request for Information on Agent Security" in passed
    assert "no longer applies" not in passed


def test_digest__a_dead_policys_deadline_is_void(edition: Path, tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "void", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_events
            select 'x', 'us-fr-2026-20100', document_id, 'withdrawn', date '2026-10-03', 'x', null, 'official', null,
                known_from, evidence_id from policy_events
            where policy_id = 'us-fr-2026-20100' and event = 'published'"""
        )
    result = build_digest(copy, "2026-W40", None, tmp_path)
    assert "no longer applies: withdrawn 3 October" in section(result, "What is due")
    assert "No longer applies: withdrawn 3 October." in page(result).text_content()


def test_digest__a_withdrawal_is_one_line_however_it_shows(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "withdrawn", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_events
            select 'x', policy_id, document_id, 'withdrawn', date '2026-10-01', 'withdrawn_at', null, 'official', null,
                known_from, evidence_id from policy_events where policy_id = 'us-fr-2026-16000' and event = 'published';
            update document_versions set availability = 'withdrawn', changed_fields = ['availability', 'withdrawn_date']
            where version_no = 2"""
        )
    changed = section(build_digest(copy, "2026-W40", None, tmp_path), "What changed")
    assert changed.count("Request for Information on Agent Security") == 1
    assert "**Withdrawn:**" in changed


def test_digest__each_cut_off_is_due_on_its_own_day(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "cut_offs", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_events by name
            select policy_events.* replace (day::varchar as event_id, 'cut_off' as event, day as event_date)
            from policy_events, unnest([date '2026-10-06', date '2026-10-01', date '2026-11-20']) as cut_offs(day)
            where policy_id = 'us-grants-gov-363001' and event = 'closes'"""
        )
    held = data(build_digest(copy, "2026-W40", None, tmp_path))
    told = {
        when: [(line["day"], line["label"]) for line in held[when] if line["policy_id"] == "us-grants-gov-363001"]
        for when in ("passed", "due", "later")
    }
    assert told == {
        "passed": [("2026-10-01", "cut-off for applications passed")],
        "due": [("2026-10-06", "cut-off for applications"), ("2026-10-12", "applications close")],
        "later": [("2026-11-20", "cut-off for applications")],
    }


def test_digest__an_extended_period_closes_once(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "extended", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into policy_events
            select 'x', policy_id, document_id, event, date '2026-11-02', source_field, null, 'official', null,
                known_from, evidence_id from policy_events
            where policy_id = 'us-fr-2026-20100' and event = 'comment_closes'"""
        )
    result = build_digest(copy, "2026-W40", None, tmp_path)
    due = [line["day"] for line in data(result)["due"] if line["policy_id"] == "us-fr-2026-20100"]
    assert due == ["2026-11-02"]


def test_digest__money_kinds_and_currencies_stay_apart_and_unsummed(digests: dict[str, DigestResult]) -> None:
    money = section(digests["2026-W40"], "Money")
    assert re.findall(r"^### (.+)$", money, re.MULTILINE) == [
        "Announced, GBP", "Announced, USD", "Available, USD", "Available, currency not stated", RUN,
    ]  # fmt: skip
    assert "an estimated $140 million, subject to appropriations" in money
    assert "Available **US$5 million to US$20 million**" in money
    assert "Announced **up to £46 million**" in money
    for total in ("145", "160", "165", "186"):
        assert total not in money
    assert len(page(digests["2026-W40"]).xpath("//table[@class='money']")) == 4


def test_digest__amounts_go_by_the_name_of_their_field(digests: dict[str, DigestResult]) -> None:
    money = section(digests["2026-W36"], "Money")
    assert re.findall(r"^### (.+)$", money, re.MULTILINE) == [
        "Available, USD", "Threshold (a limit, not funding), USD", RUN,
    ]  # fmt: skip
    assert "Estimated total funding (available) **US$73 million**: [Compute" in money
    assert "Award floor **US$250,000**" in money
    assert "Award ceiling **US$1 million**" in money
    assert "stated as" not in money
    assert [line["as_stated"] for line in data(digests["2026-W36"])["money"][0]["lines"]] == ["73000000"]


def test_digest__says_which_money_fields_were_read(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "money", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("delete from amounts where not starts_with(document_id, 'grants-gov')")
    told = "No amounts in the money fields of Grants.gov this week"
    assert f"{told}; amounts in prose are not read yet." in text(build_digest(copy, "2025-W05", None, tmp_path))
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("update amounts set source_field = 'body' where source_field = 'award'")
    told = "No amounts in the money fields of Grants.gov or in prose this week."
    assert told in text(build_digest(copy, "2025-W05", None, tmp_path))
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("delete from amounts")
    told = "No amounts: no source has stated any in a field of its own, and amounts in prose are not read yet."
    assert told in text(build_digest(copy, "2025-W05", None, tmp_path))


def test_digest__no_amount_is_absent_from_a_source_that_was_not_looked_at(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "money", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("delete from amounts where not starts_with(document_id, 'grants-gov')")
    told = "No amounts in the money fields of Grants.gov (3 of 7 days) this week"
    assert told in text(build_digest(copy, "2026-W43", None, tmp_path))
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("delete from source_looks where source_id = 'us_grants_gov'")
    told = "No amounts are told. Sources of amounts not looked at this week: Grants.gov."
    assert told in text(build_digest(copy, "2026-W43", None, tmp_path))


def test_digest__what_a_later_look_brought_says_so(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "later", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """
            delete from source_looks where source_id = 'us_grants_gov';
            update amounts set evidence_id = 'later' where starts_with(document_id, 'grants-gov');
            insert into evidence by name
            select 'later' as evidence_id, 'us_grants_gov' as source_id,
                timestamptz '2026-12-01 12:00:00+00' as fetched_at;
            """
        )
    result = build_digest(copy, "2026-W40", None, tmp_path)
    assert "Grants.gov (looked at later)" in section(result, "Money")
    later = "A later look brought what is told above of Grants.gov."
    assert later in section(result, "What we could not look at")
    assert later in page(result).text_content()
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            "insert into source_looks by name select 'us_grants_gov' as source_id, date '2026-09-29' as day,"
            " 'could_not_look' as outcome, 'c' as crawl_id, timestamptz '2026-09-29 12:00:00+00' as checked_at"
        )
    told = section(build_digest(copy, "2026-W40", None, tmp_path), "What we could not look at")
    assert "A later look brought what is told of it above." in told


def test_digest__empty_sections_are_one_sentence(digests: dict[str, DigestResult]) -> None:
    result = digests["2025-W05"]
    assert section(result, "Nothing else").strip().startswith("Nothing is due in the next 30 days. No amounts in the")
    for heading in ("What is due", "Money"):
        assert f"## {heading}" not in text(result)
    assert not {"#due", "#money"} & set(page(result).xpath("//nav//a/@href"))


@pytest.mark.fault("P10")
def test_digest__empty_week_says_that_it_was_looked_at(tmp_path: Path, verdict: Verdict) -> None:
    empty = make_edition(tmp_path / "empty", crowd=0)
    with duckdb.connect(str(empty / "policy.duckdb")) as connection:
        connection.execute("delete from policy_events where event in ('closes', 'comment_closes')")
    result = build_digest(empty, "2026-W41", None, tmp_path)
    assert result.item_count == 0
    assert result.summary == "0 items, 4 of 4 sources checked."
    said = (
        "Nothing this week. Nothing is new, nothing changed, no date passed and nothing is due in the next 30 days. "
        "No amounts in the money fields of "
    )
    assert section(result, "In short").strip().startswith(said)
    for heading in ("What is new", "What changed", "What is due", "Nothing else"):
        assert f"## {heading}" not in text(result)
    whole = "All 4 sources were looked at on all 7 days, and every record could be read."
    looked, _, table = section(result, "What we could not look at").strip().partition("\n\n")
    assert looked == whole
    assert table.count("| all 7 days | 0 | 0 |") == 4
    assert said in page(result).text_content()
    assert len(page(result).xpath("//section[@aria-labelledby='gaps']/details/div/table")) == 1
    verdict.recovered(sum(said not in told for told in (text(result), page(result).text_content())))


def test_digest__empty_week_still_names_what_falls_due(digests: dict[str, DigestResult]) -> None:
    assert digests["2026-W41"].summary == "0 items, 4 of 4 sources checked; 2 deadlines in the next 30 days."


def test_digest__blind_source_is_named_with_reason_and_last_look(digests: dict[str, DigestResult]) -> None:
    result = digests["2026-W43"]
    assert (
        "2 of 4 sources checked in full, 1 in part (Grants.gov 3 of 7 days), 1 not at all (could not look: GOV.UK)."
        in result.summary
    )
    gaps = section(result, "What we could not look at")
    assert "**GOV.UK (withheld):** Could not look at 19 October to 25 October: answers were block pages" in gaps
    assert "Last day looked at: 18 October." in gaps
    assert "**Grants.gov:** Not asked for 22 October to 25 October." in gaps
    assert "1 record in quarantine, not shown above: 1 UnknownShape." in gaps
    cells = page(result).xpath("//tr[@id='source-gb-govuk']/td/span[@class='hidden']/text()")
    assert cells == ["could not look"] * 7


def test_digest__a_source_is_checked_in_full_in_part_or_not(digests: dict[str, DigestResult]) -> None:
    result = digests["2026-W36"]
    assert (
        "3 of 4 sources checked in full, 1 in part (US Federal Register 5 of 7 days, could not look on 2)."
        in result.summary
    )
    gaps = section(result, "What we could not look at")
    assert gaps.count("read, nothing kept") == 7
    assert "public inspection:**" not in gaps, "read, nothing kept is no gap"


def test_digest__a_week_nobody_asked_for_is_no_empty_week(edition: Path, tmp_path: Path) -> None:
    result = build_digest(edition, "2017-W30", None, tmp_path)
    assert result.summary == "0 items, 0 of 4 sources checked: this week was never asked for."
    line = (
        "- 4 sources not asked this week. No day of this week asked for; nothing looked at up to the "
        "week’s end: US Federal Register, US Federal Register public inspection, GOV.UK and Grants.gov."
    )
    assert section(result, "What we could not look at").strip() == line
    assert "Licences" not in text(result) + result.html.read_text(encoding="utf-8")


def test_digest__sources_that_were_not_asked_are_one_line(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition")
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "delete from source_looks where source_id in ('us_grants_gov', 'us_public_inspection') "
            "and day between '2026-10-19' and '2026-10-25';"
            "update sources set listing = 'snapshot' where source_id = 'us_grants_gov'"
        )
    result = build_digest(edition, "2026-W43", None, tmp_path)
    line = (
        "2 sources not asked this week. No day of this week asked for; last day looked at: 18 "
        "October: US Federal Register public inspection. Not asked on a day of this week; last asked on 18 October: "
        "Grants.gov."
    )
    assert f"\n- {line}\n" in section(result, "What we could not look at")
    assert line in page(result).text_content()
    assert ", 2 not asked." in result.summary
    cells = page(result).xpath("//table[@class='coverage']/tbody/tr/@id")
    assert cells == ["source-us-federal-register", "source-gb-govuk"]
    assert text(result).count("[US Federal Register public inspection]") == 0


def test_digest__licences_are_those_of_the_sources_cited(digests: dict[str, DigestResult]) -> None:
    told = text(digests["2025-W04"]).split("Licences of the sources cited above:\n\n")[1]
    words = "work of the United States Government, public domain"
    assert told == f"- [US Federal Register](https://www.federalregister.gov/): {words}\n"
    listed = page(digests["2025-W04"]).xpath("//ul[@class='licences']/li")
    assert [item.text_content() for item in listed] == [f"US Federal Register: {words}"]


def test_licence__of_every_source_is_in_words() -> None:
    for slug, config in sources().items():
        assert wording.licence(config.licence) != config.licence, slug


def test_digest__a_snapshot_is_told_by_the_days_on_which_it_was_asked(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition")
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("update sources set listing = 'snapshot' where source_id = 'us_grants_gov'")
    result = build_digest(edition, "2026-W43", None, tmp_path)
    gaps = section(result, "What we could not look at")
    told = "Not asked on 22 October to 25 October: it lists only what is open on the day it is asked."
    assert f"**Grants.gov:** {told}" in gaps
    assert "| 9 listed of 9 | 9 listed of 9 | 9 listed of 9 | not asked |" in gaps
    assert "| 120 found of 120 |" in gaps
    assert "(https://www.grants.gov/) | 3 of 7 days | 9 | 9 | since 21 October |" in gaps
    assert "or listed on the day of asking" in page(result).xpath("string(//table[@class='coverage']/caption)")


def test_digest__looked_found_nothing_and_not_asked_are_three_things(digests: dict[str, DigestResult]) -> None:
    outcomes = Counter(
        look["outcome"]
        for week in ("2026-W41", "2026-W43")
        for source in data(digests[week])["sources"]
        for look in source["days"]
    )
    assert outcomes == {"checked_nothing_found": 28, "checked": 17, "could_not_look": 7, "not_asked": 4}


def test_digest__long_lists_are_cut_with_their_number(digests: dict[str, DigestResult]) -> None:
    result = digests["2026-W44"]
    assert section(result, "What is new").count("- **[") == MAX_LINES
    assert "And 15 more in the edition" in text(result)
    assert "And 15 more in the edition" in page(result).text_content()
    assert len(data(result)["new"][0]["lines"]) == 55


# ---- links and anchors


@pytest.mark.parametrize("week", WEEKS)
def test_digest__both_forms_link_the_same_pages(digests: dict[str, DigestResult], week: str) -> None:
    in_html = {href for href in page(digests[week]).xpath("//a/@href") if not href.startswith("#")}
    assert in_html == {href.replace("&amp;", "&") for href in markdown_links(digests[week])}


@pytest.mark.parametrize("week", WEEKS)
def test_digest__each_line_links_its_official_page(digests: dict[str, DigestResult], week: str) -> None:
    held = data(digests[week])
    lines = (
        [line for group in held["new"] for line in group["lines"][:MAX_LINES]]
        + held["changed"]
        + held["due"]
        + held["passed"]
    )
    hrefs = set(page(digests[week]).xpath("//a/@href"))
    for line in lines:
        if url := line["what"]["url"]:
            assert url in hrefs


@pytest.mark.parametrize("week", WEEKS)
def test_digest__anchors_are_unique_and_all_targets_exist(digests: dict[str, DigestResult], week: str) -> None:
    tree = page(digests[week])
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")} <= set(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", anchor) for anchor in ids)


def test_digest__evidence_of_a_line_is_one_query_away(edition: Path, digests: dict[str, DigestResult]) -> None:
    sql = re.search(r"```sql\n(.+?)```", text(digests["2026-W40"]), re.DOTALL)
    assert sql is not None
    with duckdb.connect(str(edition / "policy.duckdb"), read_only=True) as connection:
        rows = connection.execute(sql[1]).fetchall()
    assert len(rows) == 5
    told = set(re.findall(r"evidence `([^`]+)`", text(digests["2026-W40"])))
    assert {row[0] for row in rows} <= told
    links = page(digests["2026-W40"]).xpath("//a[@class='evidence']")
    assert {link.get("href") for link in links} == {"#check"}
    assert {link.findtext("code") for link in links} >= {row[0] for row in rows}


# ---- hostile text


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.fault("P1")
def test_html__holds_nothing_live(digests: dict[str, DigestResult], week: str, verdict: Verdict) -> None:
    tree = page(digests[week])
    live = tree.xpath("//script | //iframe | //object | //embed | //img | //link | //form | //base")
    assert not live
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in ("style", "src", "srcset", "action", "formaction")
            if name == "href":
                assert value.startswith("#") or urlsplit(value).scheme in ("http", "https"), value
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "url(" not in tree.findtext(".//style")
    assert "@import" not in tree.findtext(".//style")
    verdict.recovered(len(live))


def test_html__shows_hostile_text_as_text(digests: dict[str, DigestResult]) -> None:
    result = digests["2026-W42"]
    shown = page(result).text_content()
    assert "<script>alert(1)</script>" in shown
    assert "{{7*7}} {% raw %}" in shown
    assert "&lt;img src=x" in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    assert "gnp.exe" in shown
    assert "[U+202E]" in shown
    assert not any(
        "evil.example" in href or "javascript" in href
        for href in page(result).xpath("//a[not(../@class='report')]/@href[not(starts-with(., '#'))]")
    )
    assert all(href.startswith(PROJECT_PAGE) for href in page(result).xpath("//*[@class='report']/a/@href"))


@pytest.mark.fault("P2")
def test_markdown__shows_hostile_text_as_text(digests: dict[str, DigestResult], verdict: Verdict) -> None:
    result = digests["2026-W42"]
    rendered = html.fromstring(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text(result)))
    assert not rendered.xpath("//script | //img | //i | //b[not(parent::*)]")
    told = [href for href in rendered.xpath("//a/@href") if not href.startswith(PROJECT_PAGE)]
    evil = [href for href in told if "evil.example" in href or "javascript" in href]
    assert not evil
    shown = rendered.text_content()
    assert (
        "<script>alert(1)</script> ](javascript:alert(1)) [x](https://evil.example) | `tick` {{7*7}} {% raw %}" in shown
    )
    assert "*a* _b_ www.evil.example" in shown
    assert len(rendered.xpath("//h1")) == 1
    assert [heading.text for heading in rendered.xpath("//h2")] == [
        "In short", "What is new", "What changed", "What is due", "What stands", "Money", "What we could not look at",
        "How to check a line",
    ]  # fmt: skip
    blind = MarkdownIt("gfm-like", {"linkify": False}).render(text(digests["2026-W43"]))
    assert {len(row.xpath("./th | ./td")) for row in html.fromstring(blind).xpath("(//table)[last()]//tr")} == {8}
    verdict.recovered(len(evil))


@pytest.mark.parametrize(
    "hostile",
    [HOSTILE, "# h", "- x", "1) x", "+ x", "> q", "```\ncode", "~~~", "===", "a | b", "\\", "\\](http://e)",
     "&#60;b&#62;", "![x](y)", "<http://e>", "**b**", "__b__", "`` ` ``", "\u2028# x", "[x]: http://e"],
)  # fmt: skip
def test_escape_markdown__shows_exactly_the_text(hostile: str) -> None:
    for frame in ("{}", "- {}", "| {} |\n| --- |\n| {} |", "**{}**", "[{}](https://ok.example/)"):
        source = frame.replace("{}", escape_markdown(hostile))
        rendered = html.fromstring(f"<div>{MarkdownIt('gfm-like', {'linkify': False}).render(source)}</div>")
        expected = " ".join(hostile.split())
        assert expected in " ".join(rendered.text_content().split()), frame
        assert set(rendered.xpath("//a/@href")) <= {"https://ok.example/"}
        assert not rendered.xpath("//code | //h1 | //blockquote | //em | //img | //del | //hr")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.gov.uk/a?b=c&d=e#f", "https://www.gov.uk/a?b=c&d=e#f"),
        ("http://example.gov:8080/x", "http://example.gov:8080/x"),
        ("HTTPS://WWW.GOV.UK/A", "https://www.gov.uk/A"),
        ("https://www.gov.uk/a)b(c\"d'e<f>g h", "https://www.gov.uk/a%29b%28c%22d%27e%3Cf%3Eg%20h"),
        ("https://www.gov.uk/50%25", "https://www.gov.uk/50%25"),
        ("https://www.gov.uk/é", "https://www.gov.uk/%C3%A9"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("/relative", None),
        ("https:///x", None),
        ("https://www.gov.uk@evil.example/", None),
        ("https://www.gov.uk\\@evil.example/", None),
        ("https://gоv.uk/", None),
        ("https://www.gov.uk/\r\nx", None),
        ("https://www.gov.uk/\u202ex", None),
        ("https://www.gov.uk:99999/", None),
        ("https://[::1/", None),
        ("", None),
        (None, None),
    ],
)
def test_safe_url__passes_only_what_leads_where_it_looks(url: str | None, expected: str | None) -> None:
    assert wording.safe_url(url) == expected


# ---- the page for people


def test_html__is_accessible(digests: dict[str, DigestResult]) -> None:
    for result in digests.values():
        tree = page(result)
        assert tree.get("lang") == "en-GB"
        levels = [int(heading.tag[1]) for heading in tree.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert tree.xpath("//body/*[1][@class='skip']/@href") == ["#content"]
        assert all(
            table.xpath("./caption") and table.xpath("./thead/tr/th[@scope='col']") for table in tree.xpath("//table")
        )
        assert all(link.text_content().strip() or link.get("aria-label") for link in tree.xpath("//a"))


def test_html__colours_contrast_enough(digests: dict[str, DigestResult]) -> None:
    style = page(digests["2026-W40"]).findtext(".//style")
    themes = re.findall(r":root \{([^}]+)\}", style)[:2]
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", theme))
        for ink in ("ink", "muted", "link", "good", "bad", "wait"):
            for paper in ("paper", "raised"):
                assert _contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# ---- words


@pytest.mark.parametrize(
    ("low", "high", "currency", "expected"),
    [
        ("5", "5", "USD", "US$5"),
        ("1500000", "2000000.50", "USD", "US$1.5 million to US$2,000,000.50"),
        ("1255000", "1255000", "USD", "US$1,255,000"),
        ("1250000000", "1250000000.00", "CHF", "CHF 1.25 billion"),
        ("100000000", "100000000", "CAD", "C$100 million"),
        (None, "46000000", "GBP", "up to £46 million"),
        ("10", None, "EUR", "from €10"),
        ("10", None, None, "from 10 (currency not stated)"),
        (None, None, "USD", "no figure read"),
    ],
)
def test_figure__says_no_more_than_is_known(
    low: str | None, high: str | None, currency: str | None, expected: str
) -> None:
    assert wording.figure(low and Decimal(low), high and Decimal(high), currency) == expected


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "expected"),
    [
        ("90000000", "90000000", "Nearly", "£90 million (nearly)"),
        ("5", "5", "a year", "£5 (a year)"),
        ("5", None, "over", "from £5"),
        ("5", None, "over; a year", "from £5 (a year)"),
        (None, "5", "not more than; a year", "up to £5 (a year)"),
        (
            None,
            "5",
            "may not exceed the greater of; per violation",
            "the greater of £5 and another sum (per violation)",
        ),
        (None, "5", "up to, whichever is higher", "the greater of £5 and another sum"),
    ],
)
def test_figure__says_what_limits_it_once(low: str | None, high: str | None, qualifier: str, expected: str) -> None:
    assert wording.figure(low and Decimal(low), high and Decimal(high), "GBP", qualifier) == expected


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("The U.S. Department acts. It then rests.", "The U.S. Department acts."),
        ("See No. 5 of Sec. 3. Next.", "See No. 5 of Sec. 3."),
        ("One sentence without an end", "One sentence without an end"),
        ("Does it? Yes.", "Does it?"),
        (
            "Version 2.0 of the A.I. plan (see J. Smith) is out. More.",
            "Version 2.0 of the A.I. plan (see J. Smith) is out.",
        ),
        ("  ", None),
        (None, None),
    ],
)
def test_first_sentence__stops_where_a_reader_would(abstract: str | None, expected: str | None) -> None:
    assert first_sentence(abstract) == expected


FORMULA = "By the authority vested in me as President by the Constitution, it is hereby ordered:"


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        (f"{FORMULA} Section 1. Purpose. America leads in AI. Its […]", "America leads in AI."),
        (f"{FORMULA} Section 1. Background and Purpose. […]", None),
        (f"{FORMULA} Section 1. Purpose. America stands at the […]", "America stands at the…"),
        (f"{FORMULA}\nSection 1.  Policy and Purpose.It is the policy.", "It is the policy."),
        (f"MEMORANDUM FOR THE HEADS OF AGENCIES SUBJECT: AI {FORMULA} Sec. 1. (a) Agencies act.", "Agencies act."),
        (
            "By the authority vested in me as President, I hereby determine that it is so. Sec",
            "I hereby determine that it is so.",
        ),
        (
            "By the President of the United States of America\nA Proclamation\n1. On May 2 he reported. So.",
            "On May 2 he reported.",
        ),
        (
            "A BILL To fund AI. Be it enacted by the Senate and House of Representatives: Section 1. AI is funded.",
            "AI is funded.",
        ),
        ("An Act or the A Act This bill directs an agency to act. More.", "This bill directs an agency to act."),
        ("(This note is not part of the Order) This Order extends the time. So.", "This Order extends the time."),
        ("These Rules may be cited as the AI Rules 2026. They set a fee. So.", "They set a fee."),
        ("Section 1.", None),
        ("Article 5. AI is banned.", "AI is banned."),
    ],
)
def test_first_sentence__says_something(abstract: str, expected: str | None) -> None:
    assert first_sentence(abstract) == expected


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ("Section 1. Purpose. The Nation leads. More.", "The Nation leads."),
        (
            "Section 1. Purpose. The U.S. leads. This order revokes a rule. Sec. 2. Policy. So.",
            "This order revokes a rule.",
        ),
        (
            "Section 1. Purpose. It leads.\nSec. 2. Policy. It is the policy of the Nation to win.",
            "It is the policy of the Nation to win.",
        ),
        ("Section 1. Purpose. It leads. Sec. 9. This order is not intended to create any right.", "It leads."),
        ("Section 1.  Policy and Purpose.It is the policy.", "It is the policy."),
        ("Section 1. Amendments to Executive Order 14144. It is amended.", "It is amended."),
        ("Section 1. Purpose. (a) As Chief Executive, I act.", "As Chief Executive, I act."),
        ("Section 1. I find and declare that it is so. Sec", "I find and declare that it is so."),
        ("Section 1. Policy. One line.\nSec. 2. Other.", "One line."),
        (None, None),
    ],
)
def test_own_words__tell_what_an_act_does(sections: str | None, expected: str | None) -> None:
    assert own_words(sections) == expected


def test_new__an_order_is_told_by_its_deed_and_not_by_its_formula(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "update documents set abstract = ?, body = ? where policy_id = 'us-eo-14434'",
            [
                f"{FORMULA} Section 1. Purpose. America leads […]",
                f"{FORMULA}\nSection 1. Purpose. America leads. This order changes a word.",
            ],
        )
    told = section(build_digest(edition, "2026-W40", None, tmp_path), "What is new")
    assert "In its own words: “This order changes a word.”" in told


def test_first_sentence__is_cut_at_a_word() -> None:
    cut = first_sentence("word " * 200)
    assert cut is not None
    assert len(cut) <= wording.MAX_ABSTRACT_CHARS
    assert cut.endswith("word…")


def test_plain__cuts_a_title_of_megabytes_and_shows_the_mark() -> None:
    assert len(wording.plain("x" * 10_000_000)) == wording.MAX_TITLE_CHARS
    assert wording.plain("x" * 10_000_000).endswith("…")


def _seed(name: str, column: str) -> set[str]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return {row[column] for row in csv.DictReader(stream)}


def test_vocabularies__are_those_of_the_seeds() -> None:
    assert set(wording.INSTRUMENT_RANK) == _seed("instrument", "instrument")
    assert set(wording.TRACKS) == _seed("track", "track")
    untold = {"filed", "comment_opened", "changed"}
    told = {*queries.FIRST_EVENTS, *queries.CHANGE_EVENTS, *queries.DUE_EVENTS}
    assert told | untold == _seed("event", "event")
    with (SEEDS / "relation.csv").open(encoding="utf-8", newline="") as stream:
        acting = {row["active_relation"] for row in csv.DictReader(stream) if row["partial_event"]}
    assert set(queries.ACTS) == acting


def test_weeks_of_the_fixture__span_seven_days() -> None:
    for name in WEEKS:
        week = Week.parse(name)
        assert week.until - week.since == timedelta(6)
        assert len(week.days()) == 7


def test_digest__says_which_sources_are_read_by_documentation_alone(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition")
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "update sources set verified = 'documented' where source_id in ('gb_govuk', 'us_grants_gov')"
        )
    result = build_digest(edition, "2026-W43", None, tmp_path)
    line = "Read by documentation, not yet held against a recorded answer: GOV.UK and Grants.gov."
    assert section(result, "What we could not look at").strip().endswith(line)
    assert line in page(result).text_content()


def test_digest__says_nothing_of_documentation_where_every_source_was_recorded(edition: Path, tmp_path: Path) -> None:
    assert "recorded answer" not in text(build_digest(edition, "2026-W43", None, tmp_path))


def test_digest__duties_fall_due_and_end_with_their_order(tmp_path: Path) -> None:
    copy = make_edition(tmp_path / "duties", crowd=0)
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute(
            """insert into obligations by name
            select 'o' || due_date as obligation_id, 'us-eo-14434' as policy_id, document_id, actor,
                'report on *compute*' as action, due_date::date as due_date, evidence_id
            from policy_documents
            inner join documents using (document_id)
            cross join (
                values ('Secretary of Commerce', '2026-10-20'), (null, '2026-10-21'), ('Attorney General', '2027-05-01')
            ) as t (actor, due_date)
            where policy_documents.policy_id = 'us-eo-14434' and role = 'lead'"""
        )
        # Signed in this week, published in the next.
        connection.execute("update documents set published_date = '2026-10-06' where policy_id = 'us-eo-14434'")
    due = section(build_digest(copy, "2026-W40", None, tmp_path), "What is due")
    assert "**20 October** (in 16 days): Secretary of Commerce: report on \\*compute\\*: " in due
    assert "21 October" not in due, "nobody is named"
    assert "**1 May 2027** (in 209 days): Attorney General: " in due.split("### Further ahead, set or published")[1]
    assert [line["day"] for line in data(build_digest(copy, "2026-W41", None, tmp_path))["ahead"]] == ["2027-05-01"]
    assert data(build_digest(copy, "2026-W42", None, tmp_path))["ahead"] == []


def with_fact_sheet(folder: Path, *, is_about_an_order: bool) -> Path:
    """An edition with a fact sheet of the week of an order."""
    edition = make_edition(folder, crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            """insert into documents by name
            select 'wh:1' as document_id, 'us_federal_register' as lead_source_id, 'press_release' as instrument,
                'Fact Sheet: what the order does' as title, 'https://x.gov/fact-sheet' as url, 'US' as jurisdiction,
                'Fact Sheets' as document_type, 1 as relevance, 'us-wh-1' as policy_id, 'available' as availability"""
        )
        connection.execute(
            """insert into policies by name
            select 'us-wh-1' as policy_id, title, instrument, jurisdiction, 'other' as track, true as is_ai, url,
                document_id as lead_document_id, 'sheet' as evidence_id
            from documents where document_id = 'wh:1'"""
        )
        connection.execute(
            "insert into evidence by name (select 'sheet' as evidence_id, repeat('f', 64) as payload_sha256, "
            "'https://x.gov/fact-sheet' as source_url, timestamptz '2026-09-30' as fetched_at)"
        )
        connection.execute(
            "insert into policy_documents by name "
            "(select 'us-wh-1' as policy_id, 'wh:1' as document_id, 'lead' as role)"
        )
        connection.execute(
            "insert into policy_events by name (select 'f' as event_id, 'us-wh-1' as policy_id, "
            "'published' as event, date '2026-09-30' as event_date)"
        )
        if is_about_an_order:
            connection.execute(
                "insert into policy_relations by name (select 's' as relation_id, 'us-wh-1' as from_policy_id, "
                "'see' as relation, 'us-eo-14434' as to_policy_id, 'stated' as confidence)"
            )
    return edition


def test_a_fact_sheet__stands_under_the_order_that_it_tells_of(tmp_path: Path) -> None:
    plain = build_digest(make_edition(tmp_path / "plain", crowd=0), "2026-W40", None, tmp_path / "a")
    result = build_digest(with_fact_sheet(tmp_path / "e", is_about_an_order=True), "2026-W40", None, tmp_path / "b")
    assert result.summary == plain.summary
    order = next(line for line in section(result, "What is new").split("\n- ") if "Executive Order 14434" in line)
    assert "Statements: [Fact Sheet: what the order does](https://x.gov/fact-sheet)" in order
    assert text(result).count("Fact Sheet: what the order does") == 1
    assert "Fact Sheet: what the order does" in page(result).xpath("//li[@id='new-us-eo-14434']")[0].text_content()
    [sheet] = [one for group in data(result)["new"] for line in group["lines"] for one in line["press"]]
    assert sheet["sha256"] == "f" * 64
    assert "new-us-wh-1" in sheet["report_url"]


def test_a_fact_sheet__that_stands_alone_is_a_statement_and_no_policy(tmp_path: Path) -> None:
    plain = build_digest(make_edition(tmp_path / "plain", crowd=0), "2026-W40", None, tmp_path / "a")
    result = build_digest(with_fact_sheet(tmp_path / "e", is_about_an_order=False), "2026-W40", None, tmp_path / "b")
    assert "1 statement," in result.summary
    assert result.summary.split(",")[0] == plain.summary.split(",")[0], "no more policies"
    assert "Fact Sheet" in section(result, "What is new").split("### Statements")[1]
    assert data(result)["run"] == data(plain)["run"]


def test_a_week_that_nobody_asked_for__is_not_said_to_be_quiet(edition: Path, tmp_path: Path) -> None:
    result = build_digest(edition, "2024-W10", None, tmp_path)
    told = text(result) + page(result).text_content()
    assert "Nobody looked: no source was asked for a day of this week." in section(result, "In short")
    assert "Nothing is new" not in told
    assert "Nothing this week" not in told


def test_what_stands__is_counted_as_the_macro_does_but_for_statements(tmp_path: Path) -> None:
    edition = with_fact_sheet(tmp_path / "edition", is_about_an_order=True)
    result = build_digest(edition, "2026-W40", None, tmp_path)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        counted = connection.execute(
            "select replace(status, '_', ' '), count(*) from policy_status_as_of('2026-10-04') "
            "inner join policies using (policy_id) where is_ai and instrument <> 'press_release' "
            "and status not in ('revoked', 'superseded', 'withdrawn', 'lapsed', 'closed', 'unknown') group by status"
        ).fetchall()
    told = {row["status"]: row["now"] for row in data(result)["standing"] if row["now"]}
    assert told == dict(counted)
    assert "published" in told
    assert "Press releases and speeches are not counted" in section(result, "What stands")
    assert "Press releases and speeches are not counted" in page(result).text_content()


def test_a_memorandum__bears_its_number_and_says_what_it_asks_for(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        for table in ("documents", "policies"):
            connection.execute(f"update {table} set instrument = 'omb_memorandum' where policy_id = 'us-eo-14434'")
        connection.execute(
            "update policies set identifiers = [{'scheme': 'omb_memo', 'value': 'M-26-99'}] "
            "where policy_id = 'us-eo-14434'"
        )
        connection.execute(
            "update documents set body = ? where policy_id = 'us-eo-14434'",
            ["M-26-99\nFROM: The Director\nSUBJECT: Inaugurating\nEach agency shall name an officer. It may not wait."],
        )
    item = section(build_digest(edition, "2026-W40", None, tmp_path), "What is new").split("- **[")[1]
    assert "OMB memorandum M-26-99 · Executive Office of the President" in item
    assert "In its own words: “Each agency shall name an officer.”" in item


def test_a_summary__leaves_out_the_title_that_stands_before_it() -> None:
    assert after_title("AI  Training Act\nThose who buy are taught. Soon.", "AI Training Act") == (
        "Those who buy are taught. Soon."
    )
    for text in (None, "", "AI Training Act", "AI Training Act is amended.\nMore.", "Another\nAct."):
        assert after_title(text, "AI Training Act") == text


def test_an_issuer__of_the_eu_goes_by_its_name() -> None:
    assert [wording.issuer(name, "EU") for name in ("EP", "COM", "Agency")] == [
        "European Parliament", "European Commission", "Agency",
    ]  # fmt: skip
    assert wording.issuer("EP", "US") == "EP"


def reasons(result: DigestResult) -> list[tuple[str, str]]:
    """What an issue tells in short, each with why."""
    told = text(result).split("## What is new")[0]
    return re.findall(r"^\d\. (.*) Why first: (.*)\.$", told, re.MULTILINE)


def test_why_a_line_comes_first__is_told_by_facts_about_it(digests: dict[str, DigestResult]) -> None:
    assert reasons(digests["2025-W04"])[0][1] == (
        "binding: an executive order; revokes Executive Order 14110 and 1 more"
    )
    [order, rule, call, *_] = [why for _, why in reasons(digests["2026-W40"])]
    assert (
        order == "binding: an executive order; amends in part (inferred from the text) Export Controls on Advanced "
        "Computing Items; took effect 29 September"
    )
    assert (
        rule == "would bind once adopted: a proposed rule; significant by its agency's own word; implements "
        "Executive Order 14434; comments close in 26 days"
    )
    assert call == "offers money: a funding opportunity; applications close in 8 days; US$140 million announced"
    for week in WEEKS:
        lines = re.findall(r"^\d\. .*$", text(digests[week]).split("## What is new")[0], re.MULTILINE)
        assert len(reasons(digests[week])) == len(lines)
        assert not any(re.search("weigh|equals|by title|of its kind", why) for _, why in reasons(digests[week]))


def test_why_a_line_comes_first__names_parties_and_what_was_ended(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute(
            "update policies set instrument = 'agreement', "
            "parties = [{'code': 'GB', 'name': 'UK'}, {'code': null, 'name': 'Acme'}] "
            "where policy_id = 'us-grants-gov-363001'"
        )
        connection.execute(
            """insert into policy_events by name
            select * replace ('w' as event_id, 'withdrawn' as event, date '2026-09-30' as event_date)
            from policy_events where policy_id = 'us-fr-2026-17000' and event = 'published'"""
        )
    told = [why for _, why in reasons(build_digest(edition, "2026-W40", None, tmp_path))]
    assert "ended a binding act, a final rule; AI is a main subject" in told
    assert any(why.startswith("an agreement between UK and Acme; applications close in 8 days") for why in told)


def test_what_comes_first__of_one_kind_is_what_does_more_whatever_its_title(tmp_path: Path) -> None:
    edition = make_edition(tmp_path / "edition", crowd=0)
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        for table in ("documents", "policies"):
            connection.execute(f"update {table} set title = 'Z' where policy_id = 'us-fr-2026-20100'")
            connection.execute(
                f"update {table} set instrument = 'presidential_other' where policy_id = 'us-fr-2026-20100'"
            )
            connection.execute(
                f"update {table} set instrument = 'presidential_other', title = 'A' "
                "where policy_id = 'us-grants-gov-363001'"
            )
    told = [line for line, _ in reasons(build_digest(edition, "2026-W40", None, tmp_path))]
    assert [re.search(r"\[(.*?)\]", line)[1] for line in told][1:3] == ["Z", "A"], "both before statements"


def test_money_that_is_given__starts_and_takes_no_effect() -> None:
    assert wording.due_label(wording.begins("effective", "funding_award"), is_past=True) == "started"
    assert wording.due_label(wording.begins("effective", "final_rule"), is_past=True) == "took effect"
