"""Identifiers of documents of the European Union in one form each, however an answer writes them.

Belongs here: how CELEX numbers, ELI addresses, Cellar ids, Official Journal ids, procedures and Commission references
are told apart and written, and how a document is named by them. Does not belong here: where an answer holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from scrapers.contracts import Identifier, StatedRelation

CELEX, ELI, CELLAR, OJ, PROCEDURE, COMMISSION = (
    "eu_celex",
    "eu_eli",
    "eu_cellar",
    "eu_oj",
    "eu_procedure",
    "eu_commission",
)
NAMED_BY = (
    (CELEX, "celex"),
    (PROCEDURE, "procedure"),
    (COMMISSION, "commission"),
    (CELLAR, "cellar"),
    (OJ, "oj"),
    (ELI, "eli"),
)
"""Schemes that a document is named by, the surest first."""
LANGUAGES = {
    "BUL": "bg", "CES": "cs", "DAN": "da", "DEU": "de", "ELL": "el", "ENG": "en", "EST": "et", "FIN": "fi", "FRA": "fr",
    "GLE": "ga", "HRV": "hr", "HUN": "hu", "ITA": "it", "LAV": "lv", "LIT": "lt", "MLT": "mt", "NLD": "nl", "POL": "pl",
    "POR": "pt", "RON": "ro", "SLK": "sk", "SLV": "sl", "SPA": "es", "SWE": "sv",
}  # fmt: skip
RELATIONS = {
    "amends": "amends",
    "amended_by": "amended_by",
    "repeals": "revokes",
    "repealed_by": "revoked_by",
    "implicitly_repeals": "revokes",
    "corrects": "corrects",
    "corrected_by": "corrected_by",
    "replaces": "supersedes",
    "replaced_by": "superseded_by",
    "based_on": "implements",
    "implements": "implements",
    "extends_validity_of": "extends",
    "suspends": "suspends",
    "adopts": "adopts",
    "adopted_by": "adopted_by",
    "consolidated": "related",
    "cons": "related",
    "related": "related",
}
"""Relations by the words of the Common Data Model, in ours."""

_CELEX = re.compile(r"[0-9CE][0-9]{4}[A-Z]{1,2}[0-9A-Z][0-9A-Za-z()/_.,-]*")
_CORRIGENDUM = re.compile(r"([0-9]{5}[A-Z]{1,2}[0-9]{4})R\([0-9]+\)")
_DESCRIPTOR = re.compile(r"[0-9CE][0-9]{4}([A-Z]{1,2})")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ELI = re.compile(r"/eli/([^?#\s]+)")
_ELI_TEXT = re.compile(r"(?<=[0-9)j])/[a-z]{3}(?:/\w+)?\Z")
"""The language and format of one text of an act, which its ELI ends with."""
_ELI_ACT = re.compile(r"[A-Za-z_]+/[0-9]{4}/[0-9]+(?:\([0-9]+\))?")
_REFERENCE = re.compile(r"\b(COM|SWD|SEC|JOIN|C)\s?\(([0-9]{4})\)\s?([0-9]{1,4})\b(\s+final)?", re.IGNORECASE)
_INTERINSTITUTIONAL = re.compile(r"\b((?:19|20)[0-9]{2})/([0-9]{3,4})[A-Z]?\s?[(/][A-Z]{3}\b")
_PRINTED = re.compile(
    r"(?P<sector>3(?=[0-9]{4}[RLDHF])|5(?=[0-9]{4}(?:PC|DC|SC|JC)))(?P<year>[0-9]{4})[A-Z]{1,2}(?P<number>[0-9]{4})"
    r"(?:R\([0-9]+\))?"
)
"""CELEX numbers of acts that print their number: of legislation, and of documents of the Commission."""
TREATIES, LEGISLATION = "1", "3"
"""Sectors of CELEX numbers."""
PROPOSAL = "PC"
"""Descriptor of the Commission's proposals."""


def celex(text: str | None) -> str | None:
    """A CELEX number, without a search's highlighting or the prefix of its kind; None for anything else."""
    bare = re.sub(r"</?em>", "", text or "").strip().removeprefix("celex:")
    bare = unquote(bare.rsplit("/resource/celex/", 1)[-1])
    return bare if _CELEX.fullmatch(bare) else None


def descriptor(number: str) -> str | None:
    """The letters of a CELEX number that name the type of document: R, L, D, PC ..."""
    match = _DESCRIPTOR.match(number)
    return match[1] if match else None


def cellar(text: str | None) -> str | None:
    """The id of a work in the Cellar, found in an address or reference of the work or of any part of it."""
    match = _UUID.search(text or "")
    return match[0] if match else None


def eli(text: str | None) -> str | None:
    """The path of an ELI address in one form, e.g. reg/2024/1689/oj, whichever text of the act it leads to."""
    match = _ELI.search(text or "")
    if match is None:
        return None
    path = _ELI_TEXT.sub("", unquote(match[1]).rstrip("/"))
    return f"{path}/oj" if _ELI_ACT.fullmatch(path) else path


def commission_reference(text: str) -> str | None:
    """The first reference such as COM(2025) 18 final, as the Cellar writes it: COM_2025_0018_FIN."""
    match = _REFERENCE.search(text)
    if match is None:
        return None
    return f"{match[1].upper()}_{match[2]}_{int(match[3]):04d}{'_FIN' if match[4] else ''}"


def procedure(text: str) -> str | None:
    """The first reference of a procedure such as 2025/0006(NLE), as the Cellar writes it: 2025_6."""
    match = _INTERINSTITUTIONAL.search(text)
    return f"{match[1]}_{int(match[2])}" if match else None


def is_named_in(number: str, text: str) -> bool:
    """Whether a text names the act of a CELEX number as acts do, "2016/679", "No 575/2013", "COM(2021) 206", or by the
    name of its file; True for numbers of acts that print none, such as agreements and budgets.
    """
    match = _PRINTED.fullmatch(number)
    if match is None or number in text:
        return True
    year, count = match["year"], int(match["number"])
    if match["sector"] == "5":
        return re.search(rf"(?:\({year}\)\s?|_{year}_)0*{count}(?!\d)", text) is not None
    years = f"(?:{year}|{year[2:]})"
    forms = rf"(?<!\d){years}/0*{count}(?!\d)|(?<!\d)0*{count}/{years}(?!\d)|_{year}0*{count}(?!\d)"
    return re.search(forms, text) is not None


def known(pairs: Iterable[tuple[str, str | None]]) -> tuple[Identifier, ...]:
    """Identifiers of what is there, each once."""
    return tuple(dict.fromkeys(Identifier(scheme=scheme, value=value) for scheme, value in pairs if value))


def document_id(identifiers: tuple[Identifier, ...]) -> str | None:
    """The name of a document by the surest of its identifiers."""
    for scheme, word in NAMED_BY:
        for identifier in identifiers:
            if identifier.scheme == scheme:
                return f"eu:{word}:{identifier.value}"
    return None


def language(text: str | None) -> str | None:
    """The letters of a language that its code or its address at the Publications Office names; None for other texts."""
    code = (text or "").rstrip("/").rsplit("/", 1)[-1]
    return LANGUAGES.get(code.upper(), code.lower()) if re.fullmatch(r"[A-Za-z]{2,3}", code) else None


def relation(word: str, target: Identifier, field: str, quote: str) -> StatedRelation:
    """A relation by the words of the Common Data Model; unknown ones are related.

    Treaties are no acts to implement, and what is adopted is a proposal of the Commission, by legislation.
    """
    ours = RELATIONS.get(word, "related")
    number = target.value if target.scheme == CELEX else ""
    if (
        (ours == "implements" and number.startswith(TREATIES))
        or (ours == "adopts" and descriptor(number) != PROPOSAL)
        or (ours == "adopted_by" and not number.startswith(LEGISLATION))
    ):
        ours = "related"
    return StatedRelation(relation=ours, target=target, field=field, quote=quote)


def corrected(number: str | None) -> tuple[StatedRelation, ...]:
    """What a corrigendum corrects, which its CELEX number says."""
    match = _CORRIGENDUM.fullmatch(number or "")
    if match is None:
        return ()
    return (relation("corrects", Identifier(scheme=CELEX, value=match[1]), "celex", match[0]),)
