"""Code blocks, links and headings of the project's Markdown pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
_FILE_NAME = re.compile(r"`([^`]+)`:")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the marks after it, its text, and the file it shows, where it shows one."""

    page: Path
    line: int
    language: str
    marks: frozenset[str]
    text: str
    file: str | None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page; a paragraph that is a file's name and a colon names the file of the next block."""
    return list(_blocks(page))


def blocks(language: str) -> list[Block]:
    """The blocks of one language on all pages."""
    return [block for page in PAGES for block in blocks_of(page) if block.language == language]


def links_of(page: Path) -> list[str]:
    """Targets of links and pictures."""
    inline = [child for token in _tokens(page) for child in token.children or ()]
    links = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    return links + [str(token.attrs["src"]) for token in inline if token.type == "image"]


def anchors_of(page: Path) -> set[str]:
    """Names by which headings are linked, as GitHub makes them."""
    tokens = _tokens(page)
    headings = [after.content for token, after in itertools.pairwise(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table_cells(page: Path, heading: str) -> list[list[str]]:
    """Rows of the first table below a heading of the second level, without its head."""
    section = page.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def _blocks(page: Path) -> Iterator[Block]:
    named = None
    for token in _tokens(page):
        if token.type == "inline":
            match = _FILE_NAME.fullmatch(token.content)
            named = match[1] if match else None
        if token.type == "fence":
            language, *marks = token.info.split() or [""]
            line = token.map[0] + 1 if token.map else 0
            yield Block(page, line, language, frozenset(marks), token.content, named)
            named = None


def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("gfm-like", {"linkify": False}).parse(page.read_text(encoding="utf-8"))
