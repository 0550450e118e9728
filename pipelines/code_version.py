"""The version of the code that editions are made by: a hash of its files, so that a changed rule rebuilds them."""

from __future__ import annotations

import hashlib
from functools import cache

from pipelines.resources import PROJECT

_WHAT_SHAPES_EDITIONS = (
    ("dbt", ("models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*", "dbt_project.yml")),
    ("pipelines", ("enrich/**/*.py", "publish/*", "digest/**/*", "site/**/*", "workbook.py")),
    ("quality", ("**/*.py",)),
)


@cache
def code_sha256() -> str:
    """Hash of every file that shapes or audits an edition, in the order of their paths."""
    digest = hashlib.sha256()
    for folder, patterns in _WHAT_SHAPES_EDITIONS:
        files = {
            path
            for pattern in patterns
            for path in (PROJECT / folder).glob(pattern)
            if path.is_file() and path.suffix != ".pyc"
        }
        for path in sorted(files):
            digest.update(path.relative_to(PROJECT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
