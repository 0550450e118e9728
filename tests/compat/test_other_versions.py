"""Every query of the pages answers alike in the oldest supported DuckDB and in the newest.

Not part of `make test`; `make compat` makes the environments and runs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publish.edition import current_edition
from tests.sample_edition import publish_samples
from tests.unit.markdown_blocks import ROOT, Block, blocks

pytestmark = [pytest.mark.slow, pytest.mark.compat]

VERSIONS = sorted(path.stem.removeprefix("duckdb-") for path in Path(__file__).parent.glob("duckdb-*.txt"))
ASK = """
import json, sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True, config={"autoinstall_known_extensions": False})
connection.execute("set timezone = 'UTC'")
as_text = "select cast(to_json(answer) as varchar) from ({}) as answer order by 1"
answers = [connection.execute(as_text.format(query)).fetchall() for query in json.load(sys.stdin)]
parquet = connection.execute("select count(*) from read_parquet(?)", [sys.argv[2]]).fetchone()
print(json.dumps({"version": duckdb.__version__, "answers": answers, "parquet": parquet}, default=str))
"""


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("compat"))
    publish_samples(home)
    return current_edition(home)


def ask(python: str, edition: Path, queries: list[str]) -> dict[str, object]:
    """What another Python's DuckDB answers."""
    arguments = [
        python,
        "-I",
        "-c",
        ASK,
        str(edition / "policy.duckdb"),
        str(edition / "parquet" / "documents.parquet"),
    ]
    done = subprocess.run(arguments, input=json.dumps(queries), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def texts(queries: list[Block]) -> list[str]:
    return [block.text.strip().removesuffix(";") for block in queries]


@pytest.fixture(scope="session")
def expected(edition: Path) -> dict[str, object]:
    """What the DuckDB that wrote the edition answers."""
    return ask(sys.executable, edition, texts(blocks("sql")))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_query_answers_alike(version: str, edition: Path, expected: dict[str, object]) -> None:
    queries: list[Block] = blocks("sql")
    answer = ask(str(ROOT / f".venv-duckdb-{version}" / "bin" / "python"), edition, texts(queries))
    assert answer["version"] == version
    assert answer["parquet"] == expected["parquet"]
    told, wanted = answer["answers"], expected["answers"]
    assert isinstance(told, list)
    assert isinstance(wanted, list)
    for block, rows, right in zip(queries, told, wanted, strict=True):
        assert rows == right, f"{block} answers otherwise in DuckDB {version}"
