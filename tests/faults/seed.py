"""The seed of all kills of a run of the tests: another one each time, unless the environment names it.

Only a fifth of the kills is made where all of them are not asked for; so over time all points are met. It is handed on
by the environment, since workers and killers are processes of their own.
"""

from __future__ import annotations

import os

VARIABLE = "AIPOLICY_KILL_SEED"
SEED = int(os.environ.setdefault(VARIABLE, str(int.from_bytes(os.urandom(4)))))
