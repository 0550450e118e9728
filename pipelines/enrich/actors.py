"""Who must act: the actors that a subject, a "by the Secretary" or a lead-in names, and what a text calls them.

Belongs here: which noun phrases name somebody who can act, lists of them, their names without articles and asides.
Does not belong here: which verb of duty they are the subject of (obligations.py).
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.enrich.duty_words import terms, words_of
from pipelines.enrich.periods import NUMBER, UNIT

_DETERMINER = re.compile(
    r"(?:(?:each|all|both)\s+of\s+)?(?:the|each|every|any|all|an?|such|that|this|these|those|no"
    r"|its|their|his|your|our)\s+",
    re.IGNORECASE,
)
_STOP_HEAD = re.compile(
    r"\s(?:of|for|with|that|who|which|whom|whose|to|in|under|within|at|by|from|as|on|and\s+(?:the"
    r"|each|all|any|other)|or\s+(?:the|his|her|its|their|any)|identified|described|created|established"
    r"|designated|required|"
    r"authorized|referred|responsible|using|providing|developing|offering|subject|involved|having"
    r"|receiving|concerned|engaged|listed|specified|issuing|"
    r"carrying|operating|seeking|participating|appointed|convened|managing|administering|conducting)\s|\s?\(|,"
)
_ADVERBIAL = re.compile(
    r"(?:and\s+|or\s+|but\s+)?(?:within|not\s+later|no\s+later|by|to|in|on|for|as|after|before"
    r"|upon|if|when|whenever|where|while|following|pursuant|consistent|because|since|except|"
    r"unless|notwithstanding|subject|under|with|through|acting|using|including|prior|during|until"
    r"|at|from|among|based|having|given|thereafter|"
    r"subsequently|whether|beginning|once|provided|so\s+that|together|per|without|instead|further"
    rf"|furthermore|additionally|also|therefore|however|\d+|annually|(?:{NUMBER}|an?)\s+{UNIT}"
    r"|every\s+(?:\d|two|three|four|five|six|ten|other|\w*\s*years?|\w*\s*quarters?|months?|weeks?|period)|otherwise|updated|such\s+as)\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:\w+ing|require|direct|develop|provide|ensure|encourage|establish|support|enable|help|submit"
    r"|notify|consult|assist|permit|allow|hold|make|designate|convene|inform|appoint|"
    r"train|identify|work|engage|fund|report|issue|publish|request|invite|urge|advise|give|grant"
    r"|exempt|prohibit|protect|reimburse|pay|hire|recruit)\s"
)
_AGENT = re.compile(
    r"\b(?:by|at|for|from)\s+(?P<who>(?:each|the|all|an?|any)\s+(?:[\w.&'\u2019/-]+\s+){0,10}?[\w.&'\u2019/()-]"
    r"+)(?=\s*(?:,|;|\.|$|within\b|not\s+later|no\s+later|to\s+\w|on\s+or\s+before|pursuant|under\b"
    r"|in\s+accordance|for\s+(?:at\b|an?\b|no\b|not\b|\d|\w+\s+(?:\(\d|years?\b|months?\b))|at\s+(?:least|intervals)|annually|by\b|before\b|every\b|each\b|once\b|twice\b|not\s|at\s+the\s+latest))",
    re.IGNORECASE,
)
_RELATIVE_CLAUSE = re.compile(
    r"(?<!\bat)(?<!\bof)(?<!\bby)(?<!\bin)(?<!\bto)(?<!\bfor)\s+(?:that|who|which|whom|whose)\s+(?P<said>.*)\Z",
    re.DOTALL,
)
_SIDE_HEADING = re.compile(
    r"(?:\d{1,3}(?=[A-Z][a-z])|(?:[A-Z][a-z'\u2019-]+(?:[ ,]+[\w'\u2019-]+){0,6}[.:]\s*"
    r"|(?:[A-Z][a-z]+\s+){1,4})(?=[Tt]he\s+[A-Z])"
    r"|[A-Z][a-z]{3,}(?:\s+[\w'\u2019-]+){0,6}\.(?=(?:The|An?|Each|Any|Every)\s))"
)
"""A heading from the margin, or the number of a note, that was printed into the sentence."""
_INITIAL = re.compile(r"\b[A-Z]\.\Z")
_CONSULTED = re.compile(r"\s*(?:and\s+)?(?:in|with|after|following)\b(?!\s*\d)", re.IGNORECASE)
_OFFICES = re.compile(
    r"\b[Tt]he\s+(?P<office>Secretaries|Ministers|Departments|Directors|Administrators)\s+of\s+"
    r"(?P<of>(?:the\s+)?[A-Z]\w+(?:\s+and\s+[A-Z]\w+)?(?:\s+[A-Z]\w+){0,2}"
    r"(?:,\s+(?:and\s+)?(?:the\s+)?[A-Z]\w+(?:\s+and\s+[A-Z]\w+)?(?:\s+[A-Z]\w+){0,2}){0,12}(?:\s+and\s+[A-Z]\w+)?)"
)
_SMALL = frozenset(
    {"of", "for", "and", "or", "the", "on", "in", "to", "with", "from", "executive", "other", "relevant"}
)
"""Words that stand within the name of an actor."""
_SIGNS = re.compile(r"[(),;:\u2014]")
_JOINED = re.compile(r"\s+and\s+(?=(?:the|each|all|any)\s)|^\s*and\s+")
_GENERIC = frozenset(
    {
        "agency",
        "entity",
        "person",
        "head",
        "individual",
        "body",
        "party",
        "company",
        "member",
        "organization",
        "organisation",
    }
)
_HEADS_OF = re.compile(
    r"\bheads?\s+of\s+(?:each|every|all|the\s+relevant|any)?\s*(?P<of>(?:[\w-]+\s+){0,2}?agenc(?:y|ies))\Z",
    re.IGNORECASE,
)
_DEFINED = (
    re.compile(
        r"\b[Tt]he\s+term\s+[\"\u201c`]{1,2}(?P<name>[A-Z]\w+)[\"\u201d'`]{0,2}\s+means\s+(?P<full>the\s+[^.;("
        r")]{4,120}?)(?=[.;,(]|\s+or\b|\s+acting)"),
    re.compile(
        r"(?:^|\n)\s*[\"\u201c]?(?P<name>[A-Z]\w+)[\"\u201d]?\s+means\s+(?P<full>the\s+(?:Secretary"
        r"|Director|Administrator|Commissioner|Attorney|Chair)\b[^.;()]{0,120}?)(?=[.;,(]|\s+or\b|\s+acting)"),
    re.compile(
        r"(?P<full>\bthe\s+(?:[A-Z][\w&'\u2019-]*(?:\s+(?:of|for|and|the|on|to))*\s+){1,12}?[A-Z][\w'\u2019-]*"
        r")\s+\((?:(?:hereinafter\s+)?referred\s+to\s+in\s+this\s+\w+\s+as\s+)?(?:the\s+)?[\"\u201c`]{0,2}(?P<"
        r"name>[A-Z]\w+)[\"\u201d'`]{0,2}\)"),
)  # fmt: skip
_RESOLVABLE = frozenset(
    {
        "Secretary",
        "Director",
        "Administrator",
        "Commissioner",
        "Commission",
        "Department",
        "Chair",
        "Board",
        "Council",
        "Agency",
        "Bureau",
        "Office",
        "Committee",
        "Commissioners",
        "Superintendent",
        "Authority",
    }
)


def split_parts(region: str) -> list[tuple[int, str]]:
    """What stands between commas and dashes, brackets kept whole, each with its place."""
    found, depth, begin = [], 0, 0
    for match in _SIGNS.finditer(region):
        depth += (match[0] == "(") - (match[0] == ")" and depth > 0)
        if depth == 0 and match[0] not in "()":
            found.append((begin, region[begin : match.start()]))
            begin = match.end()
    found.append((begin, region[begin:]))
    return [(place, part) for place, part in found if part.strip()]


def subject_parts(parts: list[str], is_active: bool, is_later: bool) -> list[str]:
    """The parts that make up the subject: from the first that names an actor to the first aside behind it."""
    chosen: list[str] = []
    for part in parts:
        plain = part.strip()
        if chosen and (_is_aside(plain) or not (is_actor(plain) or plain[:1].isupper())):
            break
        if not chosen and (_ADVERBIAL.match(plain) or not is_actor(plain)):
            continue
        chosen.append(part)
    if chosen:
        return chosen[:12]
    last = parts[-1].strip() if parts else ""
    is_noun = bool(re.match(r"(?:the|each|every|any|an?|all)\s|[A-Z]", last)) and not _ADVERBIAL.match(last)
    if is_active and is_noun and _head(last) not in terms()["not_actor"] and not is_later and last[:1].isupper():
        return [last]
    return []


def subject_groups(region: str) -> list[list[str]]:
    """The parts of a region by what semicolons hold apart: "the Secretary, acting through X; the Director"."""
    groups: list[list[str]] = []
    for place, part in split_parts(region):
        if not groups or region[place - 1] == ";":
            groups.append([])
        groups[-1].append(part)
    return groups


def spread_offices(region: str) -> str:
    """Offices that share one name told one by one: "the Secretaries of Commerce, Energy, and Defense"."""
    return _OFFICES.sub(_told_apart, region)


def _told_apart(match: re.Match[str]) -> str:
    names = re.split(r",\s+(?:and\s+)?" if "," in match["of"] else r"\s+and\s+", match["of"])
    return ", ".join(f"the {singular(match['office'])} of {name}" for name in names)


def joint_subject(region: str, is_active: bool) -> list[str]:
    """The subject where semicolons part its members, each opening its own group; empty where it is no such list.

    Behind "the Director, in consultation with the Secretary of State; ..." stand those who are consulted.
    """
    groups = subject_groups(region)
    if not groups or _CONSULTED.match(groups[0][-1]):
        return []
    chosen = [subject_parts(group, is_active, False) for group in groups]
    is_list = all(
        parts and is_actor(parts[0]) and (parts[0] == group[0] or not place)
        for place, (group, parts) in enumerate(zip(groups, chosen, strict=True))
    )
    return [part for parts in chosen for part in parts] if is_list and len(groups) > 1 else []


def directed(said: str) -> list[str]:
    """Whom "I direct" binds, by the words behind it: "the Secretary to publish", "that each agency submit"."""
    plain = said.lstrip()
    is_subjunctive = bool(re.match(r"that\b", plain))
    chosen: list[str] = []
    for _, part in split_parts(plain.removeprefix("that") if is_subjunctive else plain):
        one = part.strip()
        if re.match(r"to\s", one):
            break
        bound = _before_verb(one) if is_subjunctive else re.split(r"\s+to\s", one)[0]
        if not is_actor(bound) or _is_aside(one):
            if chosen and not _is_aside(one):
                break
            continue
        chosen.append(bound)
        if bound != one:
            break
    return chosen


def _before_verb(said: str) -> str:
    """An actor without the bare verb behind it: "the heads of agencies" of "the heads of agencies review"."""
    words = said.split()
    for place in range(1, len(words)):
        word, before = words[place], words[place - 1].lower()
        is_verb = word.islower() and word not in _SMALL and singular(word) not in terms()["actor"]
        if is_verb and before not in _SMALL and is_actor(" ".join(words[:place])):
            return " ".join(words[:place])
    return said


def _is_aside(part: str) -> bool:
    return bool(
        words_of("aside").match(part) or (_ADVERBIAL.match(part) and not re.match(r"and\s+(?:the|each|all)\b", part))
    )


def is_actor(said: str) -> bool:
    """Whether a noun phrase names somebody who can act."""
    plain = re.sub(r"^(?:and|or|but|then)\s+", "", " ".join(said.split()))
    if re.match(r"no\s", plain, re.IGNORECASE):
        return False
    head = _head(plain)
    is_bare = not _DETERMINER.match(plain) and plain[:1].islower()
    if is_bare and not (head in terms()["actor"] and _is_plural(plain) and not _VERB_FIRST.match(plain)):
        return False
    if head in terms()["actor"]:
        return True
    word = last_word(plain)
    return bool(re.fullmatch(r"[A-Z][\w&-]*[A-Z][\w&-]*", word)) and word not in ("AI", "IT")


def _is_plural(plain: str) -> bool:
    word = last_word(plain).lower()
    return word.endswith("s") or word in ("we", "personnel", "staff")


def last_word(plain: str) -> str:
    """The head of a noun phrase as printed: "heads" of "the heads of agencies that ..."."""
    rest = plain
    while match := _DETERMINER.match(rest):
        rest = rest[match.end() :]
    stop = _STOP_HEAD.search(f"{rest} ")
    words = (rest[: stop.start()] if stop else rest).split()
    words = [word for word in words if word.lower() not in ("also", "thereafter", "jointly", "hereby", "each")]
    for word, following in pairwise(words):
        if following.endswith(("ing", "ed")) and singular(word.lower()) in terms()["actor"]:
            return word
    return words[-1].strip("\"\u201c\u201d'\u2019.,:)") if words else ""


def _head(plain: str) -> str:
    owned = re.search(r"['\u2019]s\s+([a-z-]+)\Z", plain.strip())
    if owned and singular(owned[1]) in terms()["not_actor"]:
        return singular(owned[1])
    return singular(last_word(plain).lower().replace("\u2019s", "").replace("'s", ""))


def singular(word: str) -> str:
    """A noun in its singular, by its ending."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in ("corps",):
        return word[:-1]
    return word


def _plural(plain: str) -> str:
    """Each of them: "each CFO Act agency" are "CFO Act agencies"."""
    word = last_word(plain)
    if not word or word.endswith("s") or not word.islower():
        return plain
    many = f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeo" else f"{word}s"
    place = plain.find(word)
    return f"{plain[:place]}{many}{plain[place + len(word) :]}"


def members(part: str) -> list[str]:
    """Actors joined in one part: "the Secretary of State and the Secretary of Defense"; brackets are kept whole."""
    found, begin = [], 0
    for match in _JOINED.finditer(part):
        if part.count("(", 0, match.start()) <= part.count(")", 0, match.start()):
            found.append(part[begin : match.start()])
            begin = match.end()
    return [one for one in (*found, part[begin:]) if one.strip()]


def _without_long_clause(plain: str) -> str:
    """Of a particular actor the relative clause is left out; it says who is meant only of "agencies", "entities"."""
    match = _RELATIVE_CLAUSE.search(plain)
    if not match:
        return plain
    head = singular(last_word(plain[: match.start()]).lower())
    return plain if head in _GENERIC and len(match["said"].split()) <= 14 else plain[: match.start()]


def named_list(parts: list[str], names: dict[str, str]) -> str | None:
    """The actors that the parts of a subject name, parted by "; "."""
    found = [named(one, names) for part in parts for one in members(part)]
    return "; ".join(dict.fromkeys(one for one in found if one)) or None


def named(said: str, names: dict[str, str]) -> str:
    """An actor's name without articles and asides; "the Secretary" as the text defines it."""
    plain = " ".join(said.split()).strip(" ,;:\u2014\u2022-")
    if heading := _SIDE_HEADING.match(plain):
        plain = plain[heading.end() :]
    plain = re.sub(r"^(?:and|or|but|then)\s+", "", plain)
    is_each = bool(re.match(r"(?:each|every|any|all)\s+(?!of\b)", plain, re.IGNORECASE))
    while match := _DETERMINER.match(plain):
        plain = plain[match.end() :]
    if short := re.search(r"\((?:the\s+)?[\"\u201c]?([A-Z][\w-]*(?:\s+[A-Z][\w-]*)+)[\"\u201d]?\)", plain):
        plain = short[1]
    plain = re.sub(r"\s*\((?!except|other|exclud|[A-Z]{2,10}s?\)\Z)[^()]*\)?", "", plain)
    plain = _without_long_clause(plain).replace(";", ",")
    if heads := _HEADS_OF.search(plain):
        plain = f"{plain[: heads.start()]}{heads['of']} heads".replace("agencies heads", "agency heads")
    elif is_each:
        plain = _plural(plain)
    plain = re.sub(r"\b0MB\b", "OMB", re.sub(r"['\u2019]s\s+(?:purposes?|role|mission|duties|functions?)\Z", "", plain))
    return names.get(plain, plain).strip(" ,")


def agent(text: str, span: tuple[int, int], names: dict[str, str]) -> str | None:
    """Who is to act where the sentence is passive or nominal: "by the Secretary", "at each agency"."""
    for match in _AGENT.finditer(text, *span):
        said = match["who"] if _INITIAL.search(match["who"]) else match["who"].rstrip(".")
        if is_actor(said):
            return named(said, names)
    return None


def find_definitions(text: str) -> dict[str, str]:
    """Bare titles and whom the text means by them: "Secretary" -> "Secretary of Energy"."""
    found: dict[str, str] = {}
    for pattern in _DEFINED:
        for match in pattern.finditer(text):
            if match["name"] in _RESOLVABLE:
                full = " ".join(match["full"].split())
                found.setdefault(match["name"], re.sub(r"^the\s+", "", full))
    return found
