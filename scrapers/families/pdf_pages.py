"""Read the pages of a PDF file in a process of its own: bytes on standard input, JSON on standard output.

A hostile file can make any reader of PDF loop or grow; here it costs a bounded process and no crawl. Does not belong
here: making text of lines, see `pdf_text`.
"""

from __future__ import annotations

import io
import itertools
import json
import resource
import statistics
import sys
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError

MAX_CPU_SECONDS = 40
MAX_MEMORY_BYTES = 2_000_000_000
MAX_PAGES = 500
MAX_CHARS = 4_000_000
WIDE, VERY_WIDE = 1.3, 2.2
"""Lines this many times further apart than usual, or than their letters are high, are of two paragraphs."""


def pages_of(body: bytes) -> dict[str, Any]:
    """The text of each page, as many as there may be, and how many there are; or why there are none."""
    try:
        reader = PdfReader(io.BytesIO(body))
        count = len(reader.pages)
        texts, chars = [], 0
        for number in range(min(count, MAX_PAGES)):
            text = _with_blank_lines(reader.pages[number])
            chars += len(text)
            if chars > MAX_CHARS:
                break
            texts.append(text.encode("utf-8", "replace").decode())
    except FileNotDecryptedError:
        return {"error": "locked", "message": "it is locked with a password"}
    except MemoryError:
        return {"error": "damaged", "message": f"it needs more than {MAX_MEMORY_BYTES} bytes to be read"}
    except Exception as error:  # noqa: BLE001  pypdf says of itself that broken files may cause any exception
        return {"error": "damaged", "message": f"{type(error).__name__}: {str(error)[:200]}"}
    return {"count": count, "texts": texts}


def _with_blank_lines(page: PageObject) -> str:
    """The text of a page, with a blank line where its lines stand further apart than lines of a paragraph do."""
    pieces: list[tuple[str, float, float]] = []

    def heard(text: str, page_matrix: list[float], matrix: list[float], _: object, size: float) -> None:
        if text:
            height = matrix[4] * page_matrix[1] + matrix[5] * page_matrix[3] + page_matrix[5]
            pieces.append((text, height, abs(size * matrix[3] * page_matrix[3])))

    whole = page.extract_text(visitor_text=heard)
    if "".join(text for text, _, _ in pieces).strip() != whole.strip():
        return whole
    steps = [one[1] - other[1] for one, other in itertools.pairwise(pieces) if one[1] - other[1] > 1]
    usual = statistics.median_low(steps) if steps else 0
    out = [pieces[0][0]] if pieces else []
    for before, (text, height, size) in itertools.pairwise(pieces):
        step = before[1] - height
        is_apart = step > WIDE * usual or step > VERY_WIDE * size > 0
        out.append(f"\n{text}" if is_apart and before[0].endswith("\n") else text)
    return "".join(out)


def main() -> None:
    """The process's entry point."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    json.dump(pages_of(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
