"""What assets are given: the state folder and where sources are asked. Values come from the environment."""

import os
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from pipelines.home import Home
from pipelines.warehouse import turn_lock
from scrapers.contact import PROJECT_PAGE

PROJECT = Path(__file__).parents[1]
DBT_DIR = PROJECT / "dbt"
DBT_MANIFEST = DBT_DIR / "target" / "manifest.json"
VOCABULARY = DBT_DIR / "seeds" / "candidate_terms.csv"
HOME_VARIABLE = "AIPOLICY_HOME"
DOCS = f"{PROJECT_PAGE}/blob/main/docs"
"""Where the pages are that assets link to."""
CRAWLING = "crawling"
"""The pool of steps that ask sources. The warehouse has none: its lock dies with its holder, a slot does not."""


class StateFolder(dg.ConfigurableResource):  # type: ignore[type-arg]  # its type parameter is the resource itself
    """The state folder of this deployment."""

    root: str = Field(description="Absolute path of the state folder: AIPOLICY_HOME, or `.aipolicy` in the project.")
    _turn: ExitStack | None = PrivateAttr(default=None)

    @property
    def home(self) -> Home:
        """Paths below the folder."""
        return Home(Path(self.root))

    def take_turn(self, *, beside_others: bool = False) -> None:
        """Have the warehouse to this run until it ends: what it loads is what it builds, stages and audits.

        A run that only brings rows to a lake has it `beside_others` of its kind. A run's steps are in one process, so
        one lock holds for all of them, and dies with it. Raises WarehouseBusy when another run has it for too long.
        """
        if self._turn is None:
            turn = ExitStack()
            turn.enter_context(turn_lock(self.home, beside_others=beside_others))
            self._turn = turn

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Let the next run at the warehouse."""
        if self._turn is not None:
            self._turn.close()
            self._turn = None


def state_folder() -> StateFolder:
    """The folder named by AIPOLICY_HOME, or `.aipolicy` in the project."""
    return StateFolder(root=os.environ.get(HOME_VARIABLE) or str(PROJECT / ".aipolicy"))
