"""Knows the walls that sources and their networks put up: captcha, "Request Access", firewall refusals.

HTTP 200 is not success. Marks were taken from recorded walls (Federal Register, Cloudflare, Akamai, AWS WAF, F5).
"""

from __future__ import annotations

import re

_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MARKS = re.compile(
    rb"<title>[^<]{0,80}(?:Request Access|Request Rejected|Attention Required|Just a moment|Access Denied"
    rb"|Pardon Our Interruption|Human Verification|ERROR: The request could not be satisfied|Are you a robot"
    rb"|Security check|Verify(?:ing)? you are human)"
    rb"|unblock\.federalregister\.gov|The requested URL was rejected\. Please consult with your administrator"
    rb"|cf-challenge|/cdn-cgi/challenge-platform|awswaf|captcha-delivery|g-recaptcha|h-captcha|Your support ID is",
    re.I,
)


def looks_like_html(body: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    return bool(_HTML.match(body.removeprefix(b"\xef\xbb\xbf")[:2_000]))


def is_block_page(body: bytes, content_type: str = "") -> bool:
    """Whether an answer is a wall. Only HTML can be one: a document may speak of captchas."""
    if not looks_like_html(body) and "html" not in content_type.lower():
        return False
    return bool(_MARKS.search(body[:20_000]))
