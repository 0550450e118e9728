"""Every suite there is, found by its module: a new module with a `SUITES` tuple is audited without editing a list.

A module holds the suites of one table, or of a few small tables that belong together.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from quality.checks import Border, Suite


def suites_at(border: Border) -> tuple[Suite, ...]:
    """The suites that guard one border."""
    return tuple(suite for suite in SUITES if suite.border == border)


def expected_checks(border: Border) -> tuple[str, ...]:
    """The ids of every check at one border; known without importing Great Expectations."""
    return tuple(check for suite in suites_at(border) for check in suite.check_ids())


def _discover() -> tuple[Suite, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found: tuple[Suite, ...] = sum((import_module(f"{__name__}.{name}").SUITES for name in names), ())
    ids = [check for suite in found for check in suite.check_ids()]
    if len(ids) != len(set(ids)):
        twice = sorted({name for name in ids if ids.count(name) > 1})
        raise ValueError(f"expected each check id once, got twice: {', '.join(twice)}; rename one in quality/suites")
    return found


SUITES: tuple[Suite, ...] = _discover()
"""All suites, raw and edition."""
