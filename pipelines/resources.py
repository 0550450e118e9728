"""What assets are given: the state folder and where sources are asked. Values come from the environment."""

import os
from pathlib import Path

import dagster as dg

from pipelines.home import Home

PROJECT = Path(__file__).parents[1]
DBT_DIR = PROJECT / "dbt"
DBT_MANIFEST = DBT_DIR / "target" / "manifest.json"
VOCABULARY = DBT_DIR / "seeds" / "candidate_terms.csv"
HOME_VARIABLE = "AIPOLICY_HOME"


class StateFolder(dg.ConfigurableResource):  # type: ignore[type-arg]  # its type parameter is the resource itself
    """The state folder of this deployment."""

    root: str

    @property
    def home(self) -> Home:
        """Paths below the folder."""
        return Home(Path(self.root))


def state_folder() -> StateFolder:
    """The folder named by AIPOLICY_HOME, or `.aipolicy` in the project."""
    return StateFolder(root=os.environ.get(HOME_VARIABLE) or str(PROJECT / ".aipolicy"))
