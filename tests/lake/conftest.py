"""What is tested here needs what `make scale-install` brings; without it nothing is collected, the suite goes on."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("psycopg2", "celery", "redis", "throttled", "kubernetes", "kubernetes_validate")

collect_ignore_glob = [] if all(map(find_spec, NEEDED)) else ["test_*.py"]
