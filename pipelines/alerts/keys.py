"""Variables of the environment that somebody must set: keys of sources, addresses of channels, a password.

Belongs here: which there are, whether they are there, and until when they hold. Their values are never told. Does not
belong here: whom an alert about one reaches (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.alerts.channels import HEARTBEAT_VARIABLE, AlertSettings, BadAlertSettings, read_settings
from pipelines.alerts.model import OPERATORS, Severity
from pipelines.delivery import PASSWORD_VARIABLE
from pipelines.digest.subscriptions import BadSubscriptions, Subscriptions, read_subscriptions
from pipelines.home import Home
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from scrapers.registry import sources

EXPIRES = "_EXPIRES"
EXPIRY_NOTICE = timedelta(days=14)
"""So long before its last day an expiring key is told."""


@dataclass(frozen=True)
class Secret:
    """A variable of the environment that somebody must set, never its value."""

    variable: str
    of: str
    """A source's slug, or what else wants it."""
    owner: str
    channel: str
    is_needed: bool
    is_present: bool
    expires: str | None
    """What the variable of the same name with _EXPIRES says."""


def secrets_of(home: Home, environment: Mapping[str, str], settings: AlertSettings | None) -> Iterator[Secret]:
    """All of them: those of sources, of the subscriptions, of the channels, and of the heartbeat."""

    def secret(variable: str, of: str, owner: str, channel: str = OPERATORS, *, is_needed: bool = True) -> Secret:
        is_present = bool(environment.get(variable, "").strip())
        return Secret(variable, of, owner, channel, is_needed, is_present, environment.get(variable + EXPIRES))

    for config in sources().values():
        if config.key is not None:
            is_needed = not config.key.is_optional
            yield secret(config.key.variable, config.slug, config.owner, config.channel, is_needed=is_needed)
    wanted = _subscriptions(home)
    notified = {variable for one in wanted.subscriptions for variable in one.notify} if wanted else set()
    for variable in sorted(notified):
        yield secret(variable, "the subscriptions", "team:digest")
    has_user = bool(wanted and wanted.smtp and wanted.smtp.user)
    yield secret(PASSWORD_VARIABLE, "the subscriptions", "team:digest", is_needed=has_user)
    for variable in settings.targets if settings else ():
        yield secret(variable, home.alerts_settings.name, "team:operations")
    yield secret(HEARTBEAT_VARIABLE, "the heartbeat", "team:operations", is_needed=False)


def _subscriptions(home: Home) -> Subscriptions | None:
    """A file that cannot be read fails the run that delivers, which is told."""
    try:
        return read_subscriptions(home.subscriptions)
    except (FileNotFoundError, BadSubscriptions):
        return None


def expiry(secret: Secret, today: date) -> tuple[Severity, str] | None:
    """What is to be told of the last day of a secret that is there, and how severe that is."""
    if secret.expires is None or not secret.is_present:
        return None
    try:
        last = date.fromisoformat(secret.expires)
    except ValueError:
        return (
            "warning",
            f"{secret.variable}{EXPIRES} is expected to be a day such as 2027-01-31, and is something else",
        )
    if last < today:
        return "error", f"{secret.variable} of {secret.of} has expired: its last day was {last}"
    if last - today <= EXPIRY_NOTICE:
        return "warning", f"{secret.variable} of {secret.of} expires: its last day is {last}"
    return None


def findings(home: Home, environment: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """For the doctor: each variable, present or missing, and its last day where one is set."""
    try:
        settings = read_settings(home.alerts_settings)
    except BadAlertSettings:
        settings = None  # `channels` tells of it
    for secret in secrets_of(home, environment, settings):
        yield _finding(secret, now.date())
    try:
        read_subscriptions(home.subscriptions)
    except FileNotFoundError:
        return
    except BadSubscriptions as error:
        yield Finding(FAIL, "subscriptions", str(error), f"mend {home.subscriptions}")


def _finding(secret: Secret, today: date) -> Finding:
    about = f"{secret.variable} of {secret.of}"
    if not secret.is_present:
        if not secret.is_needed:
            return Finding(OK, "key", f"{about}: missing, and not needed")
        return Finding(WARN, "key", f"{about}: missing", _how_to_get(secret))
    if told := expiry(secret, today):
        severity, sentence = told
        to_do = f"ask for a new one, set {secret.variable} and {secret.variable}{EXPIRES}"
        return Finding(FAIL if severity == "error" else WARN, "key", sentence, to_do)
    last_day = f", its last day is {secret.expires}" if secret.expires else ""
    return Finding(OK, "key", f"{about}: present{last_day}")


def _how_to_get(secret: Secret) -> str:
    if secret.of not in sources():
        return f"set {secret.variable}"
    page = sources()[secret.of].publisher.page
    return f"ask the publisher for one ({page}) and set {secret.variable}; until then: not asked"
