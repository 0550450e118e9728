"""The published state folder of the end-to-end tests, to be damaged here in copies."""

from __future__ import annotations

from tests.e2e.conftest import home, published, samples

__all__ = ["home", "published", "samples"]
