"""The site of an edition on this machine: its files, read-only, and search.

Belongs here: routes, and what keeps strangers out (loopback alone, names of loopback alone, GET and HEAD alone, nothing
outside the edition's folder). Does not belong here: what pages say (pages.py), how the index is asked
(pipelines.publish.search_index). Addresses follow the edition's folder, so a page's links are the same in a folder and
served. The folder is asked for anew with each request: a newer edition shows at the next click, without a restart.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.digest.known import DATABASE
from pipelines.digest.queries import ask
from pipelines.digest.wording import safe_url
from pipelines.page_names import page_name
from pipelines.publish.search_index import BadQuery, search
from pipelines.site import queries
from pipelines.site.build import SITE
from pipelines.site.quality import DATA, PAGE
from pipelines.site.render import POLICY, Renderer

HOST = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost")
"""What a request may call this server; any other name is that of a page elsewhere that was pointed here."""
MAX_HITS = 50
MAX_QUERY_CHARS = 500
_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
"""Of the quality report, which holds its style sheet itself so that it can be read as one file."""
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".ics": "text/calendar",
}

Edition = Callable[[], Path]
"""Gives the folder of the edition to serve; raises FileNotFoundError when there is none."""


class NoSite(FileNotFoundError):
    """The edition was made without a site."""


def site_of(folder: Path) -> Path:
    """The site in an edition's folder.

    Raises NoSite where it has none.
    """
    if not (folder / SITE / "index.html").is_file():
        raise NoSite(
            f"expected a site in {folder}, found none: the edition is older; publish a newer one: aipolicy run"
        )
    return folder / SITE


def application(edition: Edition) -> Starlette:
    """The server's application over whatever edition is given at each request."""

    def show_search(request: Request) -> Response:
        return _search_page(_folder(edition), _printable(request.query_params.get("q", ""))[:MAX_QUERY_CHARS])

    def show_file(request: Request) -> Response:
        return _file(_folder(edition), request.path_params["path"])

    return Starlette(
        routes=[
            *(
                Route(path, lambda request: RedirectResponse(f"/{SITE}/index.html"))
                for path in ("/", f"/{SITE}", f"/{SITE}/")
            ),
            Route("/search", lambda request: RedirectResponse(f"/{SITE}/search.html?{request.url.query}")),
            Route(f"/{SITE}/search.html", show_search),
            Route("/{path:path}", show_file),
        ],
        middleware=[
            Middleware(_SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(NAMES), www_redirect=False),
        ],
        exception_handlers={HTTPException: _problem},
    )


def serve(edition: Edition, port: int, say: Callable[[str], Any]) -> None:
    """Serve until interrupted; says the address once it can be asked.

    Raises NoSite or FileNotFoundError when there is nothing to serve, OSError when the port is taken.
    """
    site_of(edition())
    with socket.create_server((HOST, port)) as listening:
        say(f"http://{HOST}:{listening.getsockname()[1]}/  (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            server(edition).run(sockets=[listening])


def server(edition: Edition) -> uvicorn.Server:
    """The server over an edition, silent about itself; it runs on a socket that is given to it."""
    return uvicorn.Server(
        uvicorn.Config(application(edition), log_level="warning", server_header=False, lifespan="off")
    )


def _printable(text: str) -> str:
    """A query on one line, without what no keyboard types."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _folder(edition: Edition) -> Path:
    try:
        return edition().resolve(strict=True)
    except FileNotFoundError as error:
        raise HTTPException(503, str(error)) from error


def _file(folder: Path, asked: str) -> FileResponse:
    """A file of the edition; what a browser would not show is given to be kept."""
    if "\0" in asked or "\\" in asked:
        raise HTTPException(404, "no such file in the edition")
    try:
        path = (folder / asked).resolve()
        is_there = path.is_relative_to(folder) and path.is_file()
    except OSError:  # a name longer than the file system has any
        is_there = False
    if not is_there:
        raise HTTPException(404, "no such file in the edition")
    is_page = path.is_relative_to(folder / SITE) or path in (folder / PAGE, folder / DATA)
    return FileResponse(
        path,
        media_type=_TYPES.get(path.suffix, "application/octet-stream"),
        filename=None if is_page else path.name,
    )


@lru_cache(maxsize=1)
def _renderer(folder: Path, made: int) -> Renderer:
    """The renderer of an edition, whose templates are compiled once; `made` is when its database was written."""
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        (edition,) = ask(connection, queries.EDITION)
    return Renderer(edition)


def _search_page(folder: Path, query: str) -> HTMLResponse:
    context: dict[str, Any] = {"is_served": True, "query": query, "problem": None, "hits": [], "total": 0}
    if query:
        try:
            found = search(folder, query, MAX_HITS)
            context["total"] = found.total
            context["hits"] = [
                {
                    **vars(replace(hit, url=safe_url(hit.url) or "")),
                    "dated": hit.dated,
                    "policy": _policy_page(folder, hit.policy_id),
                }
                for hit in found.hits
            ]
        except BadQuery as error:
            context["problem"] = f"{str(error)[:1].upper()}{str(error)[1:]}."
        except FileNotFoundError as error:
            raise HTTPException(503, str(error)) from error
    renderer = _renderer(folder, (folder / DATABASE).stat().st_mtime_ns)
    return HTMLResponse(renderer.page("search", context))


def _policy_page(folder: Path, policy_id: str | None) -> str | None:
    if policy_id is None:
        return None
    href = f"policies/{page_name(policy_id)}.html"
    return href if (folder / SITE / href).is_file() else None


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code, headers=error.headers)


class _SecurityHeaders:
    """Adds to every answer what a browser needs to hear."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if scope["path"] == f"/{PAGE}":
                    headers["Content-Security-Policy"] = _REPORT_POLICY
            await send(message)

        await self.app(scope, receive, told)
