"""Laws that a text names by their titles: where a name begins and ends, and its one spelling.

Belongs here: "the Clock Standards Act of 2031", "the Export Administration Regulations". Does not belong here: numbers
of laws, and which number a name stands for (see citations).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_NAME_END = re.compile(
    r"\b(?:Act|(?P<rule>Regulations?|Rule)(?!\s+Act\b))\b(?:\s+of\s+(?:18|19|20)\d{2}\b|\s+for\s+Fiscal\s+"
    r"Years?\s+\d{4}\b)?(?!\s+\d{4}\b)"
)
_YEAR_OF_NAME = re.compile(r"\s+(?:of\s+\d{4}|for\s+Fiscal\s+Years?\s+\d{4})\Z")
_NAME_WORD = re.compile(r"[A-Z\d][\w.'\u2019/&-]*")
_NAME_JOINERS = frozenset({"of", "and", "for", "in", "to", "on", "with", "from", "by", "or", "a", "an", "&", "etc."})
_PLACES = frozenset({"Work", "Sea", "Common"})
"""Before these "at" belongs to a name."""
WITH_ARTICLE = re.compile(r"\b(?:Representation\s+of|Protection\s+of|(?:Offences|Crimes)\s+against)\s+the\s+\Z")
"""What stands before the last words of a title that holds an article."""
_NAME_NO = frozenset(
    {
        "Section", "Sections", "Sec", "Title", "This", "That", "Such", "Each", "Any", "An", "In", "Under", "Final",
        "Proposed", "Interim", "Code", "Federal", "And", "Or", "Of", "For", "To", "With", "By", "If", "As", "No",
        "Division", "Subtitle", "Part", "Chapter", "The", "A", "Direct", "New", "Certain", "Our", "Its", "Your",
        "See", "Unlike", "Compare", "Cf", "Cf.", "Since", "Although", "Because", "While", "Whereas",
    }
)  # fmt: skip
"""No name of a law begins with these, or consists of them alone."""
_KINDS_OF_ACTS = frozenset(
    {
        "Amending", "Delegated", "Draft", "Enabling", "Implementing", "Local", "Official", "Original", "Parent",
        "Principal", "Private", "Public", "Said", "Same", "Special",
    }
)  # fmt: skip
"""Directly before "Act" they tell its kind, or which one was just named: "Public Act 90-16", "the Principal Act"."""
_MAX_NAME_WORDS = 24
_BACK_CHARS = 260
_ACRONYM = re.compile(r"\(([A-Z]{2,10})\)\s*")
_OWN_NAME = re.compile(r"\bcited\s+as\s+[^.;]{0,160}\Z")
_TITLE = re.compile(r"\s+of\s+[A-Z][a-z]{2,8}\s*\d{1,2},\s*\d{4},?\s*\(((?:[^()]|\([^()]{0,100}\)){3,400})\)")
"""The title of an order behind its date; laws named in it are not cited."""
_GLUED = re.compile(r"[a-z][.:][A-Z]")
_MODIFIER = re.compile(r"\s*(?:\([^)]{0,40}\)\s*)?(?:agenc|compliance|requests?\b)")


def names_of_laws(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of every law named; the text's own short title and mere modifiers are none."""
    if not _NAME_END.search(text):
        return
    titles = {place for match in _TITLE.finditer(text) for place in range(match.start(1), match.end(1))}
    abbreviated: set[str] = set()
    last, last_rule = 0, 0
    for match in _NAME_END.finditer(text):
        # A "Rule" may stand within the name of an Act, one Act not within that of another.
        start = start_of_name(text, match.start(), max(last, last_rule) if match["rule"] else last)
        last, last_rule = (last, match.end()) if match["rule"] else (match.end(), last_rule)
        if start is None or start in titles:
            continue
        if _is_abbreviation(text, start, match.end()):
            abbreviated.add(text[start : match.end()])
            continue
        name = None if _is_no_citation(text, start, match.end()) else _tidy(text[start : match.end()])
        if name and name not in abbreviated and not (match["rule"] and not _is_rule(text, start, name)):
            yield name, start, match.end()


def _is_no_citation(text: str, start: int, end: int) -> bool:
    """Whether a name is the text's own short title, or a mere modifier."""
    return bool(_OWN_NAME.search(text, max(0, start - 200), start) or _MODIFIER.match(text, end))


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a name is being defined in brackets: "(CFO Act)"; what it stands for has just been named."""
    return bool(
        re.search(r"\((?:the\s+)?[\"\u201c]?\Z", text[max(0, start - 8) : start])
        and re.match(r"[\"\u201d]?\)", text[end : end + 2])
    )


def _is_rule(text: str, start: int, name: str) -> bool:
    """Whether "Rule" or "Regulations" ends a name and not a heading: two more words, spoken of with an article."""
    return len(name.split()) > 2 and bool(
        re.search(r"\b(?:the|and)\s+\Z", text[max(0, start - 6) : start], re.IGNORECASE)
    )


def start_of_name(text: str, end: int, floor: int = 0) -> int | None:
    """Where the capitalised words before "Act" begin, not before ``floor``; None where none stands there."""
    shift = max(floor, end - _BACK_CHARS)
    words = [*re.finditer(r"[^\s]+", text[shift:end])][-_MAX_NAME_WORDS:]
    start, has_name, closed, behind = None, False, 0, ""
    for word in reversed(words):
        bare = word[0].strip("\"\u201c\u201d`'\u2018(),;")
        if word[0][-1] in ";:." and not re.fullmatch(r"(?:[A-Z]\.)+|(?:Jr|Sr|St|Mac|No|etc)\.", word[0]):
            break
        if _GLUED.search(bare):
            break
        is_name = bool(_NAME_WORD.fullmatch(bare)) and not bare.isdigit()
        if not behind and bare in _KINDS_OF_ACTS and text.startswith("Act", end):
            return None
        if bare in _NAME_NO and bare not in ("Federal",):
            break
        if is_name and "." in bare and re.search(r"\d", bare):
            break
        is_place = bare == "at" and behind in _PLACES
        behind = bare
        if not is_name and bare not in _NAME_JOINERS and not is_place:
            break
        if is_name:
            closed += ")" in word[0] and "(" not in word[0]
            is_open = word[0].startswith("(") and ")" not in word[0]
            if is_open and closed:
                # "Data (Use and Access) Act": the bracket stands within the name.
                is_open, closed = False, closed - 1
            opening = len(word[0]) - len(word[0].lstrip("(\"\u201c`'\u2018" if is_open else "\"\u201c`'\u2018"))
            start = shift + word.start() + opening
            has_name = has_name or bare not in _NAME_NO
            if opening:
                break
    return start if has_name else None


def _tidy(name: str) -> str | None:
    """One name for one law: an acronym in brackets stands for the words before it that it abbreviates."""
    plain = " ".join(re.sub(r"[\"\u201c\u201d`]|\A[^()]*\)", "", name).split())
    if match := _ACRONYM.search(plain):
        before = list(re.findall(r"[\w'-]+", plain[: match.start()]))
        letters = [word[0].upper() for word in before]
        for first in range(len(before)):
            initials = [
                letter for letter, word in zip(letters[first:], before[first:], strict=True) if word[0].isupper()
            ]
            if "".join(initials) == match[1]:
                kept = " ".join(before[:first])
                plain = f"{kept} {match[1]} {plain[match.end() :]}".strip()
                break
        else:
            plain = _ACRONYM.sub("", plain)
    words = plain.split()
    return (
        plain
        if words and words[0] not in _NAME_JOINERS and len(words) > 1 and not set(words[:-1]) <= _NAME_NO
        else None
    )


def fuller_names(names: Iterable[str]) -> dict[str, str]:
    """Names by what stands before their year, where only one year is given: "AI in Government Act" is "of 2020"."""
    found: dict[str, set[str]] = {}
    for name in names:
        short = _YEAR_OF_NAME.sub("", name)
        if short != name:
            found.setdefault(short, set()).add(name)
    return {short: next(iter(fuller)) for short, fuller in found.items() if len(fuller) == 1}
