"""A bucket of an S3-compatible store: what its addresses look like, and who we are there, as the environment says.

Belongs here: the one place that reads the keys of a store, and takes them out of what is told. Does not belong here:
what lies in a bucket.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipelines.home import SettingRefused
from scrapers.keys import scrubbed

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](?:/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)+")


@dataclass(frozen=True)
class Access:
    """Who we are at a store, and where it is."""

    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    token: str | None = field(repr=False)
    region: str
    endpoint: str | None
    """Host and port; None for AWS itself."""
    has_tls: bool

    def scrub(self, text: str) -> str:
        """A text without the keys."""
        for key in (self.secret, self.token, self.key_id):
            text = scrubbed(text, key)
        return text


def is_bucket_address(text: str) -> bool:
    """Whether a text is s3://BUCKET/PREFIX, with a prefix, and no sign that DuckDB takes for a pattern."""
    return _ADDRESS.fullmatch(text) is not None


def access(environment: Mapping[str, str] = os.environ) -> Access:
    """What the environment says under the names that AWS has given it.

    Raises SettingRefused, without a word of the values, where a key is missing or the endpoint is no address.
    """
    told = {name: environment.get(f"AWS_{name}", "").strip() for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
    if missing := [f"AWS_{name}" for name, value in told.items() if not value]:
        raise SettingRefused(
            f"a bucket is named: expected its keys in the environment, got no {' and no '.join(missing)}"
        )
    endpoint, has_tls = _endpoint(environment.get(ENDPOINT_VARIABLE, "").strip())
    return Access(
        told["ACCESS_KEY_ID"],
        told["SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN", "").strip() or None,
        environment.get("AWS_REGION", "").strip() or "us-east-1",
        endpoint,
        has_tls,
    )


def _endpoint(url: str) -> tuple[str | None, bool]:
    """Host and port of a store, and whether it is asked with TLS."""
    if not url:
        return None, True
    try:
        parts = urlsplit(url)
        is_whole = parts.hostname is not None and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingRefused(
            f"{ENDPOINT_VARIABLE}: expected an address such as https://s3.example.org, got something else; leave it "
            "out for AWS itself"
        )
    return parts.netloc, parts.scheme == "https"
