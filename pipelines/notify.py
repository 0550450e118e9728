"""One message to one address in the form of apprise: a mail, a webhook or a chat.

Belongs here: finding the address in the environment and handing a message over. Does not belong here: what is said, to
whom, and whether it was said before (pipelines/delivery.py, pipelines/alerts).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Send = Callable[[], None]
"""Sends what was made; raises NotSent or MaybeSent."""
_TALKATIVE = ("apprise", "urllib3.connectionpool")
"""Loggers that name addresses, which are secrets, or their paths."""


class NotSent(Exception):
    """It is certain that nothing was delivered; it may be tried again."""


class MaybeSent(Exception):
    """Nobody can know whether it was delivered."""


def notification(variable: str, title: str, body: str | Callable[[int], str], *, is_markdown: bool = False) -> Send:
    """A message to the address that a variable of the environment holds; raises NotSent when it holds none.

    `body` may be made for the characters that the service has room for; a text is cut there, where the service would
    refuse it.
    The libraries' own logs are held back meanwhile, since they name addresses.
    """
    import apprise

    address = os.environ.get(variable)
    if not address:
        raise NotSent(f"expected an address in the environment as {variable}, got none; set it")
    channel = apprise.Apprise()
    with _silent_logs():
        is_read = channel.add(address)
    if not is_read:
        raise NotSent(f"{variable}: expected an address in the form of apprise, such as json://host/path; look at it")
    # A service without a field for the title gets it before the text.
    room = min(server.body_maxlen for server in channel) - len(title) - len("\r\n")
    text = _cut(body, room) if isinstance(body, str) else body(room)
    form = apprise.NotifyFormat.MARKDOWN if is_markdown else apprise.NotifyFormat.TEXT

    def send() -> None:
        with _silent_logs():
            is_confirmed = channel.notify(body=text, title=title, body_format=form)
        if not is_confirmed:
            raise MaybeSent(f"{variable}: the other end did not confirm it")

    return send


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}\N{HORIZONTAL ELLIPSIS}"


@contextmanager
def _silent_logs() -> Iterator[None]:
    logs = [logging.getLogger(name) for name in _TALKATIVE]
    were_off = [log.disabled for log in logs]
    for log in logs:
        log.disabled = True
    try:
        yield
    finally:
        for log, was_off in zip(logs, were_off, strict=True):
            log.disabled = was_off
