"""Dates with a role, and relative days, in sentences of our own."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.enrich import dates
from pipelines.enrich.dates import find_dates, find_relative_dates

TODAY = date(2031, 11, 28)
"""A Friday."""


def test_find_dates__reads_no_text_that_can_tell_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "_stated", pytest.fail)
    assert find_dates("Comments were extended on the day before, by 30 days from April 5.") == []


@pytest.mark.parametrize(
    ("text", "role", "day"),
    [
        ("Comments must be received by BIS no later than April 29, 2031.", "comment_close", date(2031, 4, 29)),
        ("The consultation closes on 3 May 2031.", "comment_close", date(2031, 5, 3)),
        ("Submit comments on or before 5 p.m. Eastern Time on March 10, 2031.", "comment_close", date(2031, 3, 10)),
        ("This consultation will run until 9 June 2031.", "comment_close", date(2031, 6, 9)),
        ("The consultation runs from 3 March 2031 to 9 June 2031.", "comment_close", date(2031, 6, 9)),
        ("Responses should be submitted by 11:59pm on 9 June 2031.", "comment_close", date(2031, 6, 9)),
        ("Call for evidence. Closing date: 9 June 2031.", "comment_close", date(2031, 6, 9)),
        ("The comment period is extended from April 1, 2031 to April 30, 2031.", "comment_close", date(2031, 4, 30)),
        (
            "The comment period, which would have closed on April 1, 2031, is extended to April 30, 2031.",
            "comment_close",
            date(2031, 4, 30),
        ),
        (
            "The Office extends the period for comments, originally ending March 15, 2031, through April 30, 2031.",
            "comment_close",
            date(2031, 4, 30),
        ),
        ("Made - - - - 12th February 2031", "signed", date(2031, 2, 12)),
        ("Coming into force - - 1st March 2031", "effective", date(2031, 3, 1)),
        ("The Act received Royal Assent on 26 October 2031.", "signed", date(2031, 10, 26)),
        ("Approved by Governor September 29, 2031.", "signed", date(2031, 9, 29)),
        ("Dated: January 3, 2031.", "signed", date(2031, 1, 3)),
        (
            "I have set my hand this thirtieth day of October, in the year of our Lord two thousand thirty-one.",
            "signed",
            date(2031, 10, 30),
        ),
        ("Done this 3rd day of May, 2031.", "signed", date(2031, 5, 3)),
        ("This rule is effective on May 1, 2031.", "effective", date(2031, 5, 1)),
        ("It enters into force on 1 August 2031.", "effective", date(2031, 8, 1)),
        ("On January 23, 2031, the President signed it.", "signed", date(2031, 1, 23)),
        ("The deadline for comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("The deadline for submitting comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("The deadline to submit comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        (
            "The deadline for public comment on this notice is 5 p.m. on June 3, 2031.",
            "comment_close",
            date(2031, 6, 3),
        ),
        ("Deadline for comments: June 3, 2031", "comment_close", date(2031, 6, 3)),
        ("The due date for comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("Comment due date: June 3, 2031", "comment_close", date(2031, 6, 3)),
        ("The last day to submit comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("The comment deadline is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("The deadline for responses to this consultation is 3 June 2031.", "comment_close", date(2031, 6, 3)),
        ("The public has until June 3, 2031 to comment.", "comment_close", date(2031, 6, 3)),
        ("Comment by June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("Comments close June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("The closing date for comments is June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("You may submit comments until June 3, 2031.", "comment_close", date(2031, 6, 3)),
        ("Please respond to this call for evidence by 3 June 2031.", "comment_close", date(2031, 6, 3)),
        ("On January 23, 2031, the President signed this order.", "signed", date(2031, 1, 23)),
        ("On May 17, 2031, the Governor approved this Act.", "signed", date(2031, 5, 17)),
        ("On May 17, 2031, the Minister signed the order.", "signed", date(2031, 5, 17)),
        ("On May 17, 2031, the Secretary signed the present regulations.", "signed", date(2031, 5, 17)),
        ("On May 17, 2031, the Governor signed this bill into law.", "signed", date(2031, 5, 17)),
        ("THE WHITE HOUSE,\n  October 30, 2031.", "signed", date(2031, 10, 30)),
    ],
)
def test_date__has_a_role_and_a_quote(text: str, role: str, day: date) -> None:
    (one,) = find_dates(text)
    assert (one.role, one.day) == (role, day)
    assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize(
    "text",
    [
        "The agency received 300 comments by April 29, 2031.",
        "Comments were received by 12 bodies until April 29, 2031.",
        "This rule amends the interim final rule effective October 7, 2031.",
        "The Clock Regulation, which entered into force on 1 August 2031, is enforced by the Board.",
        "EO 90001, signed on October 30, 2031, directed the Board to wind clocks.",
        "Executive Order 90001 (On Clocks), issued January 3, 2031, is discussed below.",
        "A letter dated January 3, 2031 was answered on this second day of talks.",
        "It was set on this fortieth day of October, two thousand thirty-one.",
        "On October 30, 2031, President Biden signed Executive Order 94110.",
        "On May 17, 2031, the Governor signed SB 205 into law.",
        "On January 23, 2031, President Trump signed Executive Order (E.O.) 94179, Removing Barriers.",
        "On July 9, 2031, the President signed the Clocks Act into law.",
        "On June 3, 2031, the Parliament adopted Regulation (EU) 2031/1689.",
        "On June 3, 2031, Congress enacted the Clock Act of 2031.",
        "On June 3, 2031, the Board approved a plan.",
        "On June 3, 2031, the two governments signed a memorandum of understanding.",
        "In 2031, comments were due by June 3, 2031, and the Department received 400 comments.",
        "Comments were requested by June 3, 2031.",
        "Public comments were accepted until June 3, 2031.",
        "Comments had been due on June 3, 2031; none came.",
        "The deadline for applications is June 3, 2031.",
        "Closing date: 9 June 2031. Apply for a grant.",
    ],
)
def test_days_of_something_else__have_no_role(text: str) -> None:
    assert find_dates(text) == []


def test_contradicting_dates__are_all_kept_and_impossible_ones_are_none() -> None:
    text = "Effective May 1, 2031. It is effective May 2, 2031. Effective February 30, 2031. In May 2031 it rained."
    assert [one.day for one in find_dates(text)] == [date(2031, 5, 1), date(2031, 5, 2)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", date(2031, 11, 27), date(2031, 11, 27)),
        ("last Friday", date(2031, 11, 21), date(2031, 11, 21)),
        ("last Tuesday", date(2031, 11, 25), date(2031, 11, 25)),
        ("three days ago", date(2031, 11, 25), date(2031, 11, 25)),
        ("last March", date(2031, 3, 1), date(2031, 3, 31)),
        ("last month", date(2031, 10, 1), date(2031, 10, 31)),
        ("last year", date(2030, 1, 1), date(2030, 12, 31)),
        ("next week", date(2031, 12, 1), date(2031, 12, 7)),
        ("in November", date(2031, 11, 1), date(2031, 11, 30)),
        ("three months ago", date(2031, 8, 13), date(2031, 9, 12)),
        ("a year ago", date(2030, 5, 30), date(2031, 5, 29)),
        ("a week ago", date(2031, 11, 18), date(2031, 11, 24)),
        ("this autumn", date(2031, 9, 1), date(2031, 11, 30)),
        ("last summer", date(2031, 6, 1), date(2031, 8, 31)),
        ("last autumn", date(2030, 9, 1), date(2030, 11, 30)),
        ("this winter", date(2031, 12, 1), date(2032, 2, 29)),
        ("next spring", None, None),
        ("in March", None, None),
        ("on Tuesday", None, None),
    ],
)
def test_relative_day__is_resolved_where_one_span_can_be_meant(
    text: str, first: date | None, last: date | None
) -> None:
    (one,) = find_relative_dates(f"It happened {text}.", TODAY)
    assert (one.quote, one.first, one.last) == (text, first, last)
    (open_one,) = find_relative_dates(f"It happened {text}.", None)
    assert (open_one.first, open_one.last) == (None, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The effective date of this rule is delayed until May 16, 2031.", date(2031, 5, 16)),
        (
            "The effective date of the rule on barns is delayed from March 3, 2031, until May 16, 2031.",
            date(2031, 5, 16),
        ),
        ("We are delaying the effective date of the rule on barns to May 16, 2031.", date(2031, 5, 16)),
        ("These Regulations come into force on 1st October 2031.", date(2031, 10, 1)),
        ("This Act entered into force on 1 May 2031.", date(2031, 5, 1)),
        ("In 2031 the rule took effect on May 5, 2031.", date(2031, 5, 5)),
    ],
)
def test_a_day_of_effect__is_the_one_that_counts(text: str, day: date) -> None:
    assert [(one.role, one.day) for one in find_dates(text)] == [("effective", day)]


@pytest.mark.parametrize(
    "text",
    [
        "EO 98110, which was effective October 30, 2031, is revoked.",
        "The earlier Regulations came into force on 1st October 2030.",
        "The 2030 Regulations came into force on 1st October 2030.",
        "The treaty entered into force on 1 May 2030.",
        "the Barn Convention, which entered into force on 1 May 2030",
        "Directive 2030/31/EC entered into force on 17 July 2030.",
        "The previous version of the guidance took effect on 1 May 2030.",
    ],
)
def test_a_day_of_effect_of_another_instrument__is_left_out(text: str) -> None:
    assert [one for one in find_dates(text) if one.role == "effective"] == []


@pytest.mark.parametrize(
    ("text", "is_for_views"),
    [
        ("Barns and hay. Closing date: 12 June 2031", True),
        ("Hay officer. Salary: \u00a330,000. Closing date: 12 June 2031", False),
        ("The grant is open. Closing date: 12 June 2031", False),
        ("The closing date is 12 June 2031.", False),
    ],
)
def test_a_closing_date_as_a_field__is_for_views_where_nothing_else_is_sought(text: str, is_for_views: bool) -> None:
    assert [one.role for one in find_dates(text)] == ["comment_close"] * is_for_views
