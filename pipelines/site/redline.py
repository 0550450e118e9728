"""Redlines: what was struck out and what was put in between two versions of a text, word by word.

Belongs here: the comparison, as pieces of plain text. Does not belong here: mark-up and escaping (templates). Long
texts are told as their changed passages with a little of what stands around them. Words are compared by the library
`redlines`, a paragraph at a time, since a whole body would take it minutes; paragraphs are matched by difflib.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from redlines.processor import WholeDocumentProcessor, tokenize_text

from pipelines.digest.wording import plain

CONTEXT_WORDS = 24
"""Words that stand around a change; what lies further off is left out."""
MAX_PAIRS = 4_000_000
"""Words before times words after up to which a paragraph is compared by word: about a second."""
MAX_PASSAGES = 200
_MAX_CHARS = 60_000

Kind = Literal["same", "del", "ins"]


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went or came."""

    kind: Kind
    text: str


Passage = tuple[Piece, ...]
"""The pieces of one changed paragraph, in order."""


@dataclass(frozen=True)
class Redline:
    """All changed passages of a text; `left_out` are those beyond what a page shows."""

    passages: tuple[Passage, ...]
    left_out: int


def redline(before: str | None, after: str | None) -> Redline:
    """Compare two texts; empty where they differ in white space and unseen marks alone."""
    passages = list(_passages(_paragraphs(before), _paragraphs(after)))
    return Redline(tuple(passages[:MAX_PASSAGES]), max(len(passages) - MAX_PASSAGES, 0))


def _paragraphs(text: str | None) -> list[str]:
    lines = (plain(line, _MAX_CHARS) for line in (text or "").splitlines())
    return [line for line in lines if line]


def _passages(before: Sequence[str], after: Sequence[str]) -> Iterator[Passage]:
    for tag, start, end, begin, stop in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        for old, new in zip_longest(before[start:end], after[begin:stop], fillvalue=""):
            yield _shortened(_pieces(old, new))


def _pieces(old: str, new: str) -> list[Piece]:
    if not old or not new or len(tokenize_text(old)) * len(tokenize_text(new)) > MAX_PAIRS:
        kept: list[tuple[Kind, str]] = [("del", old), ("ins", new)]
        return [Piece(kind, text) for kind, text in kept if text]
    pieces: list[Piece] = []
    for operation in WholeDocumentProcessor().process(old, new):
        tag, start, end, begin, stop = operation.opcodes
        gone, came = "".join(operation.source_chunk.text[start:end]), "".join(operation.test_chunk.text[begin:stop])
        if tag == "equal":
            pieces.append(Piece("same", came))
            continue
        pieces += [Piece("del", gone)] if gone else []
        pieces += [Piece("ins", came)] if came else []
    return pieces


def _shortened(pieces: Sequence[Piece]) -> Passage:
    """The pieces with long unchanged runs cut to the words around a change."""
    last = len(pieces) - 1
    return tuple(
        piece if piece.kind != "same" else Piece("same", _cut(piece.text, head=number > 0, tail=number < last))
        for number, piece in enumerate(pieces)
    )


def _cut(text: str, *, head: bool, tail: bool) -> str:
    words = text.split(" ")
    if len(words) <= CONTEXT_WORDS * (head + tail) + 4:
        return text
    begin = " ".join(words[:CONTEXT_WORDS]) if head else ""
    end = " ".join(words[-CONTEXT_WORDS:]) if tail else ""
    return f"{begin} … {end}" if begin and end else f"{begin} …" if begin else f"… {end}"
