"""Serves the sample hosts on this machine, one port a host, until told to stop.

Belongs here: sites, ports, robots.txt, the request log, the end of the process. Does not belong here: any host's other
answers.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from scrapers.samples.answers import text_answer
from scrapers.samples.host import SampleHost

ADDRESS = "127.0.0.1"
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends; only Linux can."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("the parent process has ended already")


async def serve(hosts: Mapping[str, SampleHost], port: int = 0, log: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT; one line of JSON on stdout says where each host is.

    `port` is the first host's port, the others follow in their order; 0 takes free ones. Raises OSError when a port is
    taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        stream = stack.enter_context(log.open("ab", buffering=0)) if log is not None else None
        where = {}
        for offset, (name, host) in enumerate(hosts.items()):
            app = application(host)
            if stream is not None:
                app.middlewares.append(_logging(name, stream))
            where[name] = await _start(app, port + offset if port else 0, stack)
        sys.stdout.write(f"{orjson.dumps(where).decode()}\n")
        sys.stdout.flush()
        await stop.wait()


def application(host: SampleHost) -> web.Application:
    """The host with its robots.txt."""

    async def robots(_: web.Request) -> web.Response:
        return text_answer("Not Found", status=404) if host.robots is None else text_answer(host.robots)

    app = web.Application()
    app.router.add_get("/robots.txt", robots)
    app.add_routes(host.routes)
    return app


async def _start(app: web.Application, port: int, stack: AsyncExitStack) -> str:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, ADDRESS, port).start()
    return f"http://{ADDRESS}:{runner.addresses[0][1]}"


def _logging(host: str, stream: IO[bytes]) -> Middleware:
    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        status = 500
        try:
            answer = await handler(request)
            status = answer.status
        except web.HTTPException as error:
            status = error.status
            raise
        else:
            return answer
        finally:
            line = {"at": at, "host": host, "method": request.method, "path_qs": request.path_qs, "status": status}
            stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    return note
