"""Where a line leads: the archived copy in which it was read, its policy's page on the site, and how to report it.

Belongs here: what every form tells at the end of a line. Does not belong here: how a form shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.digest import wording
from pipelines.digest.model import AmountLine, ChangeLine, CorrectionLine, Digest, DueLine, NewLine
from pipelines.page_names import page_name

SHOWN_CHARS = 12
"""So much of a hash is shown where the whole stands behind it."""

Line = NewLine | ChangeLine | DueLine | AmountLine


@dataclass(frozen=True)
class Proof:
    """The addresses and the hash behind one line."""

    sha256: str | None
    """Of the archived bytes, in full."""
    copy_url: str | None
    """Where the copy is told of: the evidence on the policy's page. What stands at the source now is no copy."""
    page_url: str | None
    """The policy's page; None without a policy or where the site's address is not known."""
    report_url: str | None
    """Where an error in the line is reported."""


def proof_of(digest: Digest, line: Line | CorrectionLine) -> Proof:
    """What a line of a digest rests on."""
    report = wording.report_url(digest.contact, line.anchor) if digest.contact else None
    if isinstance(line, CorrectionLine):
        return Proof(None, None, None, report)
    page = f"{digest.site}policies/{page_name(line.policy_id)}.html" if digest.site and line.policy_id else None
    copy = digest.copies.get(line.evidence_id or "")
    return Proof(
        sha256=copy.sha256 if copy else None,
        copy_url=f"{page}#evidence" if page else None,
        page_url=page,
        report_url=report,
    )
