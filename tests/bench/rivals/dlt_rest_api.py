"""dlt's rest_api source, as it comes or tuned: `python dlt_rest_api.py WINDOWS.json FOLDER default|tuned`.

Tuned: Parquet in place of inserts, no child tables, windows asked for side by side, workers for each stage, and files
small enough for each worker to have one (without that all is one file, and the second worker idle).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

windows, folder, settings = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]), sys.argv[3]
os.environ.update({"DLT_DATA_DIR": str(folder), "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"})
is_tuned = settings == "tuned"
if is_tuned:
    os.environ.update({"EXTRACT__WORKERS": "4", "NORMALIZE__WORKERS": "2", "LOAD__WORKERS": "2"})
    os.environ["SOURCES__DATA_WRITER__FILE_MAX_ITEMS"] = "2500"

import dlt  # noqa: E402  it reads the environment when it is imported
from dlt.sources.rest_api import rest_api_source  # noqa: E402

ASKED = urlencode([("fields[]", name) for name in windows["fields"]])


def source() -> Any:
    """The lists of all windows."""
    chosen: dict[str, Any] = {"name": "windows", "selected": False}
    parent = dlt.resource([[one] for one in windows["windows"]], **chosen)
    return rest_api_source(
        {
            "client": {"base_url": windows["base_url"]},
            "resources": [
                parent,
                {
                    "name": "documents",
                    "primary_key": "document_number",
                    "write_disposition": "append",
                    "parallelized": is_tuned,
                    "endpoint": {
                        "path": f"api/v1/documents.json?{ASKED}",
                        "params": {
                            "conditions[publication_date][gte]": "{resources.windows.since}",
                            "conditions[publication_date][lte]": "{resources.windows.until}",
                            "per_page": 1000,
                        },
                        "data_selector": "results",
                        "paginator": {"type": "page_number", "base_page": 1, "total_path": "total_pages"},
                    },
                },
            ],
        },
        max_table_nesting=0 if is_tuned else None,
    )


if __name__ == "__main__":
    pipeline = dlt.pipeline(
        pipeline_name="lists",
        destination=dlt.destinations.duckdb(str(folder / "lists.duckdb")),
        dataset_name="api",
        pipelines_dir=str(folder / "pipelines"),
    )
    pipeline.run(source(), **({"loader_file_format": "parquet"} if is_tuned else {}))
    with pipeline.sql_client() as client:
        print(client.execute_sql("select count(*) from documents")[0][0])
