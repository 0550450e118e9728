"""One spelling for all that says the same, and never the same for what does not; whatever the bytes are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from scrapers.families.text import html_to_text
from scrapers.families.wording import address_of_words, content_of, hash_of, words_of, words_of_element


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>A <b>bold</b>ly put</p><p>word</p>", "A boldly put<br>word"),
        ("&lt;p&gt;A &amp;amp; B&lt;/p&gt;", "A & B"),
        ("caf\u00e9 \u201cx\u201d \u2013 \u2026", 'cafe\u0301 "x" - ...'),
        ("2026-03-05T10:00:00Z", "2026-03-05 12:00:00.000+02:00"),
        ("Thu, 05 Mar 2026 10:00:00 GMT", "Thu, 05 Mar 2026 05:00:00 -0500"),
        ("http://A.example/x/?utm_source=y&id=7&_=3", "https://a.example/x?id=7"),
        ("599994.00", "599994"),
        ("<p>x<!-- y --></p><nav><a href='/z'>z</a></nav>", "<div class='w'>x</div>"),
        ("<p>x</p><img src='a.png' alt=''>", "<p>x</p>"),
        ("<p>x</p><img src='a.png' alt='A map'>", "<p>x</p><img src='b.png?v=2' width='7' alt='A map'>"),
        ("https://a.example/site.css?ver=1.0", "https://a.example/site.css?ver=2.0"),
        ("https://a.example/logo.png?v=1&ts=5", "https://a.example/logo.png"),
        ("<p>x</p><form><input name='q'><button>Go</button></form>", "<p>x</p>"),
        ("<p>x</p><form><p>Please enter your e-mail address.</p><input name='q'></form>", "<p>x</p>"),
        ("<p>The re<wbr>port</p>", "<p>The report</p>"),
        ("<p>x</p><div class='related'><h2>Related</h2><a href='/y'>y</a></div>", "<p>x</p>"),
        ("<p>x</p><iframe src='https://t.example/count' width='1' height='1'></iframe>", "<p>x</p>"),
        ("<p><s>not</s></p>", "<p><span class='x strike'>not</span></p>"),
        ("the 1<sup>st</sup> day", "the 1st day"),
        ("<p>x &lt;y and z&gt; 3</p>", "x <y and z> 3"),
    ],
)
def test_the_same_is_spelt_alike(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>one</p><p>two</p>", "<p>onetwo</p>"),
        ("-5", "5"),
        ("1.10", "1.1"),
        ("Shall", "shall"),
        ("<p>kept</p>", "<p><del>kept</del></p>"),
        ("<a href='/law/1'>law</a>", "<a href='/law/2'>law</a>"),
        ("<h2 id='cookies'>Cookies</h2>", "<h2 id='cookies'>Other</h2>"),
        ("2026-03-05", "2026-03-06"),
        ("https://a.example/x?id=7", "https://a.example/x?id=8"),
        ("a < b and c > d", "a > b and c < d"),
        ("x <y and z> 3", "x <q and z> 3"),
        ("x <b and z> 3", "x <b and q> 3"),
        ("<p>x <y and z> 3</p>", "<p>x <q and z> 3</p>"),
        ("<p>x <y and z</p>", "<p>x <q and z</p>"),
        ("10<sup>26</sup>", "1026"),
        ("10<sup> -6</sup>", "106"),
        ("<p>shall <span class='strike'>not</span> be</p>", "<p>shall not be</p>"),
        ("<p>shall <span style='text-decoration: line-through'>not</span> be</p>", "<p>shall not be</p>"),
        ("<p>shall <s>not</s> be</p>", "<p>shall not be</p>"),
        ("https://youtube.com/watch?v=AAA", "https://youtube.com/watch?v=BBB"),
        ("https://a.example/M-25-21.pdf?v=1", "https://a.example/M-25-21.pdf?v=2"),
        ("<a href='/rmf.pdf?ver=1.0'>r</a>", "<a href='/rmf.pdf?ver=2.0'>r</a>"),
        ("<iframe src='/a.pdf'></iframe>", "<iframe src='/b.pdf'></iframe>"),
        ("<object data='/a.pdf'>x</object>", "<object data='/b.pdf'>x</object>"),
        ("<p>x</p><img alt='Fee: 5'>", "<p>x</p><img alt='Fee: 6'>"),
        ("<form><p>Applications are suspended until further notice.</p></form>", ""),
    ],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


@pytest.mark.parametrize(
    "around",
    [
        "<form id='aspnetForm'><p>{}</p></form>",
        "<form><input type='hidden' name='__VIEWSTATE' value='x'><div>{}</div></form>",
        "<form><h1>Notice</h1>{}</form>",
        "<form><p>" + "Comments are read by the office. " * 8 + "{}</p></form>",
        "<div class='related'><p>{}</p></div>",
        "<div class='social'>{}</div>",
        "<div class='nav'><a href='/x'>x</a><!-- c -->{}</div>",
        *(
            f"<div class='{name}'><p>{{}}</p></div>"
            for name in ("share", "pager", "newsletter", "cookies", "sharedaddy")
        ),
        "<noscript><p>{}</p></noscript>",
        "<button>{}</button>",
        "<form><p>{}</p></form>",
        "<div class='share'><p>" + "Offices share what they know. " * 9 + "{}</p></div>",
    ],
)
def test_what_looks_like_chrome_and_holds_a_text_is_text(around: str) -> None:
    assert words_of(around.format("Deadline 1 May")) != words_of(around.format("Deadline 1 June"))


@pytest.mark.parametrize("name", ["share", "sharing", "pager", "cookies", "newsletter", "cookie-notice"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "Share of artificial intelligence in all projects: two fifths"),
        ("AI: 40 percent", "AI: 45 percent"),
        ("AI: 40 %", "AI: 45 %"),
        ("", "Rescinded."),
        ("This order was amended", "This order was superseded"),
        ("It shall apply", "It shall not apply"),
    ],
)
def test_a_short_text_in_an_element_named_like_a_widget_is_text(name: str, before: str, after: str) -> None:
    page = f"<p>The rule applies.</p><div class='{name}'>{{}}</div>"
    assert words_of(page.format(before)) != words_of(page.format(after))
    assert after in (html_to_text(page.format(after), set()) or "")


@pytest.mark.parametrize(
    "said", ["Share this page on", "Share via e-mail", "Partager", "Shared 12 times", "1,204 shares"]
)
def test_a_widget_for_sharing_is_none(said: str) -> None:
    page = "<p>The rule applies.</p><div class='share'>{}<a href='https://example.invalid/share'>X</a></div>"
    assert words_of(page.format(said)) == words_of("<p>The rule applies.</p>")


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='share'>Share this</div>",
        "<div class='newsletter'><p>Sign up to our letter.</p></div>",
        "<noscript>Please switch on scripts.</noscript>",
        "<div class='views-count'>1,203 views</div>",
        "<form><p>Applications are suspended until further notice.</p><button>Go</button></form>",
        "<button>Close</button>",
        "<nav><a href='/'>Home</a></nav>",
        "<div class='share'><p>Closes on 1 June 2026, with £5 million.</p></div>",
        "<div class='related'><p>From 2027 it applies to all.</p></div>",
    ],
)
def test_a_text_shows_what_its_hash_is_made_of(beside: str) -> None:
    text, more = "<p>The rule applies.</p>", f"<p>The rule applies.</p>{beside}"
    is_shown = html_to_text(more, set()) != html_to_text(text, set())
    assert is_shown == (words_of(more) != words_of(text))


@pytest.mark.parametrize("raised", ["<sup>25</sup>", '<span class="oj-super">25</span>', "<SUP class='x'> 25 </SUP>"])
def test_a_power_is_told_in_text_and_hash(raised: str) -> None:
    assert html_to_text(f"<p>above 10{raised} operations</p>", set()) == "above 10^25 operations"
    assert words_of(f"<p>above 10{raised} operations</p>") != words_of("<p>above 1025 operations</p>")


def test_values_that_say_nothing_are_left_out_and_no_others() -> None:
    assert hash_of({"a": 5.0, "b": None, "c": {"d": ""}}) == hash_of({"a": 5})
    assert hash_of({"a": 0}) != hash_of({})
    assert hash_of({"a": False}) != hash_of({})
    assert hash_of(["x", "y"]) != hash_of(["y", "x"])


def test_the_text_of_a_page_is_told_from_what_is_around_it() -> None:
    page = "<body><header>Menu</header><main><header><h1>T</h1></header><aside>More</aside><p>x</p></main></body>"
    content = content_of(html.document_fromstring(page))
    assert content is not None
    assert words_of_element(content) == "T x"


@settings(max_examples=150, deadline=None, database=None)
@given(st.text() | st.text(alphabet="<>/ab =\"'&;!-\x00"))
def test_no_text_is_an_accident(text: str) -> None:
    hash_of({"text": text})
    address_of_words(text)


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<div>",
        "<!--",
        "&amp;",
        "<a href=x",
        "&lt;p&gt;",
        "2026-01-01T",
        "<s><nav>",
        "<form><p>",
        '<a "',
        "<y ",
        "</y>",
        "<p class=social>x",
    ],
)
def test_long_texts_take_no_time(unit: str) -> None:
    began = time.process_time()  # of this process alone: what else the machine does is none of its affair
    words_of(unit * (500_000 // len(unit)))
    assert time.process_time() - began < 5
