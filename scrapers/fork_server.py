"""Runs modules in forks of one process that has imported what crawls need, which spares each a second of imports.

Each line of standard input is an order in JSON: `command` (a module and its arguments), `stdout` and `stderr` (files).
The module's `main` runs in a process group of its own, as by `python -m`. Each line of standard output tells of a fork:
its `pid` when it has begun, its `pid` and exit `code` when it has ended, or why one was `refused`. On Linux forks live
no longer than this process, which ends with its input. Belongs here: processes. Does not belong here: what runs in
them, and who is run when.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import orjson
from setproctitle import setproctitle

from scrapers.processes import Order, die_with_parent

_CHILD_ENDED = {signal.SIGCHLD}


def main() -> None:
    """Serve orders until there are no more."""
    _import_what_crawls_need()
    signal.signal(signal.SIGCHLD, _tell_of_ended)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # with this process its forks would be killed before they can end
    for line in sys.stdin.buffer:
        try:
            _tell_of({"pid": _fork(orjson.loads(line))})
        except OSError as error:
            _tell_of({"refused": str(error)})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _CHILD_ENDED)


def _import_what_crawls_need() -> None:
    """A module that cannot be imported fails in the crawl that needs it, where its error is told."""
    from scrapers.registry import sources

    spiders = (f"scrapers.spiders.{slug}" for slug in sources())
    for module in ("scrapers.crawl", "scrapers.replay", "scrapers.runtime.middlewares", *_parts_of_scrapy(), *spiders):
        with suppress(Exception):
            importlib.import_module(module)


def _parts_of_scrapy() -> Iterator[str]:
    """The modules that Scrapy's settings name: it would import them, most of itself, when a crawl begins."""
    from scrapy.settings import Settings

    for value in Settings().copy_to_dict().values():
        named = (*value, *value.values()) if isinstance(value, dict) else (value,)
        yield from (one.rpartition(".")[0] for one in named if isinstance(one, str) and one.startswith("scrapy."))


def _fork(order: Order) -> int:
    """Begin an order; its end is not told before its beginning, since that signal is held back until then."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _CHILD_ENDED)
    server = os.getpid()
    pid = os.fork()
    if pid == 0:
        die_with_parent()
        if os.getppid() != server:
            os._exit(1)
        _run(order)
    with suppress(OSError):  # the fork does the same: whoever comes first
        os.setpgid(pid, pid)
    return pid


def _run(order: Order) -> NoReturn:
    """Be the process of an order, from its beginning to its end."""
    with suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _CHILD_ENDED)
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["stdout"], os.O_WRONLY),
        (2, order["stderr"], os.O_WRONLY),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    setproctitle(" ".join([sys.executable, "-m", *order["command"]]))
    code = _exit_code_of(order["command"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _exit_code_of(command: Sequence[str]) -> int:
    """How a module's main function ends; what it raises is told as Python tells it."""
    try:
        code = importlib.import_module(command[0]).main(command[1:])
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  whatever it is, the fork must not go on as a second server
        traceback.print_exc()
        return 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        return 1
    return int(code or 0)


def _tell_of_ended(_: int, __: FrameType | None) -> None:
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            _tell_of({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell_of(fork: Mapping[str, int | str]) -> None:
    os.write(1, orjson.dumps(fork, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
