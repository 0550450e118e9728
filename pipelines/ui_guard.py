"""What stands before the Dagster UI, which has no login: only this machine's own pages may ask it.

Any page that a browser shows can send requests to 127.0.0.1, by a name that resolves to it, too. Refused are foreign
names in Host, requests of other pages (Origin, Sec-Fetch-Site), and statements in an address, which links and pictures
can hold. `python -m pipelines.ui_guard dev ...` is `dagster dev` with it, `python -m pipelines.ui_guard ...` its web
server. Does not belong here: what the UI answers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from dagster_webserver.webserver import DagsterWebserver
from starlette.datastructures import Headers, QueryParams
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

NAMES = frozenset(("127.0.0.1", "localhost", "::1"))
_PARAMETERS = frozenset(("op",))
"""The UI's pages name in the address what they ask for; what they ask stands in the body."""


class OwnPagesOnly:
    """Refuses what a page of another site, or a link, asks of the UI."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the UI does, or with 403 and the reason; sockets are closed."""
        found = refusal(scope) if scope["type"] in ("http", "websocket") else None
        if found is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(reason=found)(scope, receive, send)
        else:
            await PlainTextResponse(f"{found}\n", status_code=403)(scope, receive, send)


def refusal(scope: Scope) -> str | None:
    """Why a request is none of this machine's own pages; None where it is."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if _name_of(f"//{host}") not in NAMES:
        return f"expected 127.0.0.1 or localhost in Host, got {host[:80]!r}; open the UI by that name"
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return f"expected requests of the UI's own pages, got one of {origin[:80]!r}; open the UI itself"
    is_statement = scope["type"] == "websocket" or scope["path"].rstrip("/").endswith("/graphql")
    if is_statement and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "expected requests of the UI's own pages, got one of another site; open the UI itself"
    if scope["type"] == "http" and is_statement and not _PARAMETERS.issuperset(QueryParams(scope["query_string"])):
        return "expected a statement in the body of a POST, got one in the address; send it by POST"
    return None


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


class GuardedWebserver(DagsterWebserver[Any, Any]):
    """Dagster's own web server behind the guard."""

    def build_middleware(self) -> list[Middleware]:
        """The guard first."""
        return [Middleware(OwnPagesOnly), *super().build_middleware()]


def main(arguments: Sequence[str]) -> None:
    """Run `dagster dev`, or the web server that it starts; both take their parts by name, which are ours here."""
    if arguments[:1] == ["dev"]:
        dev: Any = import_module("dagster._cli.dev")
        start = dev.open_ipc_subprocess
        own = {"dagster_webserver": "pipelines.ui_guard"}
        dev.open_ipc_subprocess = lambda parts, **options: start([own.get(part, part) for part in parts], **options)
        dev.dev_command(arguments[1:])
    else:
        app: Any = import_module("dagster_webserver.app")
        app.DagsterWebserver = GuardedWebserver
        server: Any = import_module("dagster_webserver.cli")
        server.main()


if __name__ == "__main__":
    main(sys.argv[1:])
