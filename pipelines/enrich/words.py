"""Names of months and numbers, as English texts write them; what more than one extractor reads by."""

from __future__ import annotations

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNDER_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
"""Each at the place of its value."""
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip
"""Of days of a month, in their order."""
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

ORDERS_ON_RULEMAKING = frozenset(
    {
        "11821", "11988", "11990", "12044", "12291", "12372", "12498", "12606", "12612", "12630", "12866", "12875",
        "12889", "12898", "12988", "13045", "13083", "13084", "13132", "13175", "13211", "13258", "13272", "13422",
        "13497", "13563", "13579", "13609", "13610", "13771", "13777", "13985", "14094", "14096", "14192", "14219",
    }
)  # fmt: skip
"""Every rule is made under them and says so; none carries them out."""
