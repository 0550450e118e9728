"""Pure parsing of recorded answers: files in, one JSON document a line out. No state is touched.

Each spider module offers `parse_answer(body: bytes) -> ParsedAnswer`; this runs it over files. One whose answers are
too large to be held at once offers `parse_parts(body: bytes) -> Iterator[ParsedAnswer]` as well.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from scrapers.contracts import ParsedAnswer, Refusal
from scrapers.families.records import UNREADABLE
from scrapers.registry import source

STUMBLES = (*UNREADABLE, RuntimeError, EOFError)
"""What a parser that meets a shape nobody thought of may raise, besides refusals; running out of memory is none."""


def parser_of(slug: str) -> Callable[[bytes], ParsedAnswer]:
    """The `parse_answer` function of a source."""
    source(slug)
    parse: Callable[[bytes], ParsedAnswer] = importlib.import_module(f"scrapers.spiders.{slug}").parse_answer
    return parse


def parts_parser_of(slug: str) -> Callable[[bytes], Iterator[ParsedAnswer]]:
    """What reads an answer of a source part by part; where the source offers none, the whole answer is the one part."""
    parse = parser_of(slug)
    parts: Callable[[bytes], Iterator[ParsedAnswer]] | None = getattr(
        importlib.import_module(f"scrapers.spiders.{slug}"), "parse_parts", None
    )
    return parts or (lambda body: iter((parse(body),)))


def parse_files(slug: str, files: list[Path], out: TextIO, err: TextIO) -> bool:
    """Parse each file; documents to `out`, one line a refusal to `err`. Returns whether nothing was refused.

    A file that cannot be opened, or that a parser stumbles over, costs no other file of the command its turn.
    """
    parse = parts_parser_of(slug)
    clean = True
    for file in files:
        try:
            for answer in parse(file.read_bytes()):
                clean &= _tell(file, answer, out, err)
        except Refusal as refusal:
            err.write(f"{file}: {type(refusal).__name__}: {refusal}\n")
            clean = False
        except OSError as error:
            err.write(f"{file}: expected a file that can be read, got {error.strerror or error}\n")
            clean = False
        except STUMBLES as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())
            err.write(f"{file}: UnknownShape: expected documents or a refusal, got {what}; a fault of the parser\n")
            clean = False
    return clean


def _tell(file: Path, answer: ParsedAnswer, out: TextIO, err: TextIO) -> bool:
    for document in answer.documents:
        out.write(document.model_dump_json() + "\n")
    for rejected in answer.rejected:
        message = " ".join(rejected.message.split())
        err.write(f"{file}{rejected.where}: {rejected.error}: {message}\n")
    return not answer.rejected


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: exit code 0 when every file was read whole, 1 when any was refused."""
    parser = argparse.ArgumentParser(
        prog="python -m scrapers.parse", description="Parse recorded answers of one source."
    )
    parser.add_argument("slug", help="source, a file name in scrapers/sources")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a recorded answer")
    options = parser.parse_args(argv)
    return 0 if parse_files(options.slug, options.files, sys.stdout, sys.stderr) else 1


if __name__ == "__main__":
    sys.exit(main())
