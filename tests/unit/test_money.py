"""Amounts of money in phrases of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.enrich.money import find_amounts


def ends(text: str, jurisdiction: str | None = "US") -> list[tuple[str, str, str | None]]:
    return [(_plain(one.low), _plain(one.high), one.currency) for one in find_amounts(text, jurisdiction)]


def _plain(end: Decimal | None) -> str:
    return "" if end is None else f"{end:f}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("over \u00a3100 million", ("100000000", "", "GBP")),
        ("more than 100 million pounds", ("100000000", "", "GBP")),
        ("at least $5", ("5", "", "USD")),
        ("$500 or more", ("500", "", "USD")),
        ("up to $1.5 billion", ("", "1500000000", "USD")),
        ("a fine not exceeding fifty thousand dollars ($50,000)", ("", "50000", "USD")),
        ("not to exceed the greater of $250,000", ("", "250000", "USD")),
        ("not more than $1,000,000", ("", "1000000", "USD")),
        ("valued not over $10", ("", "10", "USD")),
        ("a sum not to exceed the greater of\u2014 (A) $5,000", ("", "5000", "USD")),
        ("nearly \u00a390 million", ("90000000", "90000000", "GBP")),
        ("\u00a3100m", ("100000000", "100000000", "GBP")),
        ("EUR 200bn", ("200000000000", "200000000000", "EUR")),
        ("\u20ac1.2 billion", ("1200000000", "1200000000", "EUR")),
        ("EUR 35 000 000 or 7 %", ("35000000", "35000000", "EUR")),
        ("200 million euros", ("200000000", "200000000", "EUR")),
        ("five million dollars", ("5000000", "5000000", "USD")),
        ("$1,200,000,000", ("1200000000", "1200000000", "USD")),
        ("CAD 2.4 billion", ("2400000000", "2400000000", "CAD")),
        ("A$50 million", ("50000000", "50000000", "AUD")),
        ("C$2.4bn", ("2400000000", "2400000000", "CAD")),
        ("Rs. 500 crore", ("5000000000", "5000000000", "INR")),
        ("between $1 million and $5 million", ("1000000", "5000000", "USD")),
        ("$5-10 million", ("5000000", "10000000", "USD")),
        ("$5 to $10 million", ("5000000", "10000000", "USD")),
        ("not less than $5,000 and not more than $10,000", ("5000", "10000", "USD")),
        ("a loss of -$5 million", ("-5000000", "-5000000", "USD")),
        ("minus \u00a320m", ("-20000000", "-20000000", "GBP")),
        ("a programme of half a billion dollars", ("500000000", "500000000", "USD")),
        ("one and a half billion dollars", ("1500000000", "1500000000", "USD")),
        ("a levy of two and a half million pounds", ("2500000", "2500000", "GBP")),
        ("a quarter of a million pounds", ("250000", "250000", "GBP")),
        ("three quarters of a million euros", ("750000", "750000", "EUR")),
        ("a two-million-dollar prize", ("2000000", "2000000", "USD")),
        ("two to three million dollars", ("2000000", "3000000", "USD")),
        ("between two and three million dollars", ("2000000", "3000000", "USD")),
        ("5\u201310 million euros", ("5000000", "10000000", "EUR")),
        ("\u00a3 1 m", ("1000000", "1000000", "GBP")),
        ("$5 MM", ("5000000", "5000000", "USD")),
        ("EUR 20 mio", ("20000000", "20000000", "EUR")),
        ("\u20ac 20.000.000", ("20000000", "20000000", "EUR")),
        ("\u20ac 20.000", ("20000", "20000", "EUR")),
        ("1.000.000 EUR", ("1000000", "1000000", "EUR")),
        ("\u20ac1.125 billion", ("1125000000", "1125000000", "EUR")),
        ("$0.075 per token", ("0.075", "0.075", "USD")),
        ("AUD$20 million", ("20000000", "20000000", "AUD")),
        ("CAD$2 billion", ("2000000000", "2000000000", "CAD")),
        ("models that cost >$100M", ("100000000", "", "USD")),
        ("(<$5 million)", ("", "5000000", "USD")),
        ("\u2265 $7 million", ("7000000", "", "USD")),
        ("greater than or equal to $5 million", ("5000000", "", "USD")),
        ("$5 million or higher", ("5000000", "", "USD")),
        ("a \u00a3100 million-plus fund", ("100000000", "", "GBP")),
        ("up to the greater of \u00a38 million and 6% of turnover", ("", "8000000", "GBP")),
        ("a maximum civil penalty of $9,000", ("", "9000", "USD")),
        ("$5 Million in all", ("5000000", "5000000", "USD")),
        ("$500,000 to $1 million", ("500000", "1000000", "USD")),
        ("between \u00a3750,000 and \u00a31.5 million", ("750000", "1500000", "GBP")),
        ("$900,000 to 1.2 million", ("900000", "1200000", "USD")),
        ("EUR 4 to 5 million", ("4000000", "5000000", "EUR")),
        ("\u20ac2-3 million", ("2000000", "3000000", "EUR")),
        ("from \u00a35 to 10 million", ("5000000", "10000000", "GBP")),
        ("between EUR 4 million and 5 million", ("4000000", "5000000", "EUR")),
        ("between EUR 500 000 and 750 000", ("500000", "750000", "EUR")),
        ("from EUR 500,000 to 750,000", ("500000", "750000", "EUR")),
        ("between EUR 2,5 and 3,5 million", ("2500000", "3500000", "EUR")),
        ("between 5 and 10 million euros", ("5000000", "10000000", "EUR")),
        ("5 million to 10 million euros", ("5000000", "10000000", "EUR")),
        ("between \u00a310 and \u00a320 million", ("10000000", "20000000", "GBP")),
        ("EUR 1,5 billion", ("1500000000", "1500000000", "EUR")),
        ("\u20ac 1,5 miljard", ("1500000000", "1500000000", "EUR")),
        ("\u20ac 2,25 Milliarden", ("2250000000", "2250000000", "EUR")),
        ("\u00a3(3.2)m", ("-3200000", "-3200000", "GBP")),
        ("$(12.4) million", ("-12400000", "-12400000", "USD")),
        ("a $200 million ceiling", ("", "200000000", "USD")),
        ("a $5,000 minimum", ("5000", "", "USD")),
        ("a $10,000 limit", ("", "10000", "USD")),
        ("to the maximum extent practicable use $5 million", ("5000000", "5000000", "USD")),
        ("Maximum award $700", ("", "700", "USD")),
        ("a minimum wage of $15", ("15", "15", "USD")),
        ("a fine of ONE\n  THOUSAND  DOLLARS", ("1000", "1000", "USD")),
        ("\u00a331,000,000 (thirty-one million pounds)", ("31000000", "31000000", "GBP")),
    ],
)
def test_amount__is_read(text: str, expected: tuple[str, str, str | None]) -> None:
    assert ends(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Executive Order 90001, section 5.2 of M-24-10 and 15 U.S.C. 9401(3)",
        "100 pounds of meat, 30 pounds in weight",
        "in 2031 dollars",
        "1,200,000 people in 2031",
        "Docket BIS-2031-0047, 89 FR 15698",
        "several million dollars, a few million pounds, a multi-million pound fund",
        "several hundred million dollars and tens of millions of pounds",
        "a third of a billion dollars",
        "$2\u00bd million",
        "\u20ac 3 Billionen",
        "in 2031-32 dollars",
        "trucks weighing 10,001 pounds or more",
        "drones of less than 55 pounds, and a 55-pound payload",
        "over 10,000 pounds gross weight",
        "the export of 100 million pounds of catfish",
    ],
)
def test_number_without_money__is_no_amount(text: str) -> None:
    assert ends(text) == []


@pytest.mark.parametrize(
    ("text", "jurisdiction", "expected"),
    [
        ("a fee of 55 pounds", "GB", ["55"]),
        ("a fee of 55 pounds", "US", []),
        ("a drone that weighs 55 pounds", "GB", []),
        ("100 pounds sterling", "US", ["100"]),
        ("100 million pounds of new funding", "US", ["100000000"]),
    ],
)
def test_pounds__are_money_where_they_are_no_weight(text: str, jurisdiction: str, expected: list[str]) -> None:
    assert [low for low, _, _ in ends(text, jurisdiction)] == expected


@pytest.mark.parametrize(
    ("jurisdiction", "currency"),
    [("US", "USD"), ("US-CA", "USD"), ("CA", "CAD"), ("AU", "AUD"), ("GB", None), ("EU", None), (None, None)],
)
def test_bare_dollar__is_settled_by_a_certain_jurisdiction_only(jurisdiction: str | None, currency: str | None) -> None:
    assert ends("It costs $5 million.", jurisdiction) == [("5000000", "5000000", currency)]
    assert ends("It costs US$5 million.", jurisdiction)[0][2] == "USD"


@pytest.mark.parametrize(("jurisdiction", "currency"), [("JP", "JPY"), ("CN", "CNY"), ("US", None), (None, None)])
def test_bare_yen_sign__is_settled_at_home_only(jurisdiction: str | None, currency: str | None) -> None:
    assert ends("It costs \u00a510 billion.", jurisdiction) == [("10000000000", "10000000000", currency)]
    assert ends("It costs CN\u00a510 billion.", jurisdiction)[0][2] == "CNY"


def test_years_of_a_lead_in__hold_for_its_members() -> None:
    text = (
        "There are authorized to be appropriated for the period of fiscal years 2031 through 2034-- (A) $50 to repair "
        "clocks; (B) $60 to wind them; and (C) $70 for fiscal year 2031 to sell them."
    )
    years = "for the period of fiscal years 2031 through 2034"
    assert [one.period for one in find_amounts(text, "US")] == [years, years, "for fiscal year 2031"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$9 million for the small and $5,000,000 or more", [("9000000", "9000000"), ("5000000", "")]),
        ("more than $500 or more than $5,000", [("500", ""), ("5000", "")]),
        ("not less than $500 for a cat and $900 for a dog", [("500", ""), ("900", "900")]),
        ("It paid $1,000 to 2,000 farmers", [("1000", "1000")]),
        ("Of $5 and 10 million people", [("5", "5")]),
    ],
)
def test_amounts_that_are_no_range__stay_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(low, high) for low, high, _ in ends(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A person shall be fined not more than $1,000.", "penalty"),
        ("There is authorized to be appropriated $5,000 for clocks.", "authorised"),
        ("There are authorized to be appropriated--\n(A) $5,000 for 2031; and\n(B) $6,000 for 2032.", "authorised"),
        (
            "For clocks, there is authorized to be appropriated to the Board--\n(A) $50 to repair, also by hand, all "
            "of the wooden cases; and\n(B) $60 to wind them.",
            "authorised",
        ),
        ("Congress appropriated $5,000.", "appropriated"),
        ("firms with annual revenues in excess of $500,000", "threshold"),
        ("The agency obligated $5,000.", "obligated"),
        ("It was awarded $5,000.", "awarded"),
        ("The estimated cost is $5,000.", "cost_estimate"),
        ("Funding of up to $5,000 is open to applicants.", "available"),
        ("The minister announced \u00a35,000.", "announced"),
        ("It spoke of \u00a35,000.", "other"),
    ],
)
def test_kind__is_told_by_the_words_around(text: str, kind: str) -> None:
    assert {one.kind for one in find_amounts(text, "US")} == {kind}


def test_limits_and_years__are_kept_with_the_quote() -> None:
    text = "It shall use not more than $25,000 for each of fiscal years 2031 through 2035."
    (one,) = find_amounts(text, "US")
    assert one.qualifier == "not more than; for each of fiscal years 2031 through 2035"
    assert one.period == "for each of fiscal years 2031 through 2035"
    assert text[one.start : one.end] == one.quote == "not more than $25,000"
    assert (one.low, one.high) == (None, Decimal(25_000))


def test_ceiling_of_a_lead_in__holds_for_its_members() -> None:
    text = "The Director shall allocate up to the following amounts:\n(1) $50 for fiscal year 2031.\n(2) $60 for 2032."
    assert ends(text) == [("", "50", "USD"), ("", "60", "USD")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Sales were $6.4, $5.1 and $2.2 billion.", ["6400000000", "5100000000", "2200000000"]),
        ("Sales were $6.4, $5.1, and $2.2 billion.", ["6400000000", "5100000000", "2200000000"]),
        ("either $5 or $10 million", ["5000000", "10000000"]),
        ("\u00a31.5, \u00a32 or \u00a32.5bn", ["1500000000", "2000000000", "2500000000"]),
        ("EUR 1,5 and EUR 2 million", ["1500000", "2000000"]),
        ("$5 million, $6 million and $7", ["5000000", "6000000", "7"]),
        ("$5,000 and $2 million", ["5000", "2000000"]),
        ("$5, $2 million", ["5", "2000000"]),
        ("$5 and \u00a32 million", ["5", "2000000"]),
        ("a fee of $5 and fines of $2 million", ["5", "2000000"]),
    ],
)
def test_a_scale_behind_a_list__is_that_of_its_members(text: str, values: list[str]) -> None:
    assert [low for low, _, _ in ends(text)] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1.2T in all", ("1200000000000", "1200000000000", "USD")),
        ("a market of $3T", ("3000000000000", "3000000000000", "USD")),
        ("\u00a32T", ("2000000000000", "2000000000000", "GBP")),
        ("up to $4 T", ("", "4000000000000", "USD")),
        ("$2T-plus", ("2000000000000", "", "USD")),
        ("$7bln", ("7000000000", "7000000000", "USD")),
        ("$5 mil", ("5000000", "5000000", "USD")),
        ("$.5 million", ("500000", "500000", "USD")),
        ("$5\nmillion for barns", ("5000000", "5000000", "USD")),
        ("a plan of 3 trillion won", ("3000000000000", "3000000000000", "KRW")),
        ("$6 T-bills", ("6", "6", "USD")),
        ("EUR 1 a day", ("1", "1", "EUR")),
        ("pays 3 million pounds to farms that carry hay", ("3000000", "3000000", "GBP")),
    ],
)
def test_scales__of_one_letter_and_of_odd_forms(text: str, expected: tuple[str, str, str | None]) -> None:
    assert ends(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "$1 quadrillion",
        "$2 gazillion",
        "$1.2q",
        "\u00a34Z",
        "$5 million million",
        "$5 hundred million",
        "3 quintillion dollars",
        "EUR 1 (the movement certificate)",
        "a movement certificate EUR 1 is issued",
        "The ship weighs 3 million pounds.",
        "a bridge weighing about three million pounds",
        "Of 12 bids, 5 won contracts",
    ],
)
def test_numbers_of_unknown_scale_or_of_no_money__are_refused(text: str) -> None:
    assert ends(text) == []
    assert ends(text, "GB") == []


@pytest.mark.parametrize(
    ("text", "high"),
    [
        ("Fines shall not exceed 3 % of its worldwide turnover in the preceding year or EUR 15 000 000.", "15000000"),
        ("It is liable to up to 10% of qualifying worldwide revenue or £18 million.", "18000000"),
        ("A penalty of not more than the greater of twice the value of the transaction or $368,136.", "368136"),
        ("Not more than three times the gross gain or $250,000, whichever is greater.", "250000"),
    ],
)
def test_a_ceiling__reaches_over_a_share_or_a_multiple(text: str, high: str) -> None:
    [amount] = find_amounts(text, None)
    assert (amount.low, amount.high) == (None, Decimal(high))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The hub has £300 million, of which £225 million is for machines.", [False, True]),
        ("Nearly £90 million, of which £80 million is for hubs and £9 million for exchange.", [False, True, True]),
        ("We spend £300 million, including £225 million for hubs and a further £10 million.", [False, True, False]),
        ("The package is £300 million. Of this, £225 million goes to hubs.", [False, True]),
        ("£90 million goes to hubs, of which £80 million this year. £5 million is for skills.", [False, True, False]),
        ("£300 million, of which £225 million for hubs and £100 million for skills.", [False, True, False]),
        ("£300 million, of which $5 million is paid abroad.", [False, False]),
        ("£100 million for the first phase of this programme and £50 million for the second.", [False, False]),
        ("£100 million for a centre, the uses of which are many, and £50 million for skills.", [False, False]),
        ("£100 million; of this, up to £50 million is for skills.", [False, True]),
        ("£5 million for hubs and £3 million for skills.", [False, False]),
    ],
)
def test_a_part_of_another_sum__is_told_as_that(text: str, parts: list[bool]) -> None:
    assert [one.is_part for one in find_amounts(text, "GB")] == parts


def test_an_amount__stands_in_the_sentence_that_tells_its_kind() -> None:
    first, second = "We met on Monday.", "The fund makes £5 million available for skills."
    text = f"{first} {second} Others came."
    [amount] = find_amounts(text, "GB")
    assert (amount.quote, amount.kind) == ("£5 million", "available")
    assert (amount.said, text[amount.said_start :].startswith(amount.said)) == (second, True)


def test_a_long_sentence__is_cut_between_words() -> None:
    [amount] = find_amounts(f"A grant of \u00a35 million, {'wordy ' * 100}", "GB")
    assert amount.said.endswith("wordy")
    assert len(amount.said) < 300


def test_a_member_of_a_list__stands_below_its_lead_in() -> None:
    text = "Hello. The grants awarded are:\n- $5 million to A\n- $3 million to B\n"
    assert [one.said for one in find_amounts(text, "US")] == [
        "The grants awarded are:\n- $5 million to A",
        "The grants awarded are:\n- $5 million to A\n- $3 million to B",
    ]


@pytest.mark.parametrize(
    ("text", "quote", "qualifier"),
    [
        (
            "A penalty may not exceed the greater of $250,000 per violation, or twice the value. It is due.",
            "may not exceed the greater of $250,000 per violation, or twice the value",
            "may not exceed the greater of; per violation",
        ),
        (
            "Fines up to $35,000 or 7 % of turnover, whichever is higher, are due.",
            "up to $35,000 or 7 % of turnover, whichever is higher",
            "up to, whichever is higher",
        ),
        (
            "A penalty of not more than the greater of twice the value or $368,136 is due.",
            "not more than the greater of twice the value or $368,136",
            "not more than, the greater of",
        ),
        (
            "A penalty not to exceed the greater of\u2014\n(A) 3 percent of turnover; or\n(B) $5,000.",
            "$5,000",
            "not to exceed, the greater of",
        ),
        (
            "A grant not to exceed the lesser of $5,000 or the cost.",
            "not to exceed the lesser of $5,000",
            "not to exceed the lesser of",
        ),
    ],
)
def test_a_ceiling_that_is_one_of_several__is_quoted_with_the_others(text: str, quote: str, qualifier: str) -> None:
    [amount] = find_amounts(text, "US")
    assert (amount.quote, amount.qualifier) == (quote, qualifier)


def test_a_choice__is_that_of_its_own_ceiling() -> None:
    first, last = find_amounts("Up to EUR 5 000 a day, and up to EUR 10 000 or 2 % in all, whichever is higher.", "EU")
    assert (first.qualifier, last.qualifier) == ("Up to; a day", "up to, whichever is higher")
