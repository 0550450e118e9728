"""The weekly digest: one edition and one ISO week in, and out every form in which people read it.

Belongs here: what a digest says and how it looks. Does not belong here: Dagster, the network, the clock. A digest is a
pure function of (edition, week, as_of), so building it again gives the same bytes.
"""

from pipelines.digest.build import DigestResult, build_digest
from pipelines.digest.model import Digest, WeekError

__all__ = ["Digest", "DigestResult", "WeekError", "build_digest"]
