"""What the sample hosts share in answering: JSON bodies and the fixed pages."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web


def json_answer(value: Any, status: int = 200, content_type: str = "application/json") -> web.Response:
    """A JSON body, compact, UTF-8."""
    return web.Response(body=orjson.dumps(value), status=status, content_type=content_type, charset="utf-8")


def text_answer(text: str, status: int = 200, content_type: str = "text/plain") -> web.Response:
    """A text body."""
    return web.Response(text=text, status=status, content_type=content_type, charset="utf-8")


def whole_number(text: str | None, default: int) -> int:
    """A number from a query, or the default where it is absent or no number, as lenient APIs read it."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else default
