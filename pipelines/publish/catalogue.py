"""`dcat.jsonld`: the edition as a DCAT 3 catalogue of one dataset, for data portals.

Addresses are relative to the file, since an edition is a folder that may be served from anywhere. Terms are those of
https://www.w3.org/TR/vocab-dcat-3/; what a catalogue needs is what DCAT-AP asks of one.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from scrapers.durable import file_sha256, write_whole

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_KINDS = {
    ".duckdb": "application/vnd.duckdb",
    ".sqlite": "application/vnd.sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_catalogue(folder: Path, about: Mapping[str, Any], licences: Iterable[str]) -> None:
    """Describe the data files of an edition's folder; `licences` are what its sources say of their texts."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (*_KINDS, ".csv"))
    publisher = {"@id": "#publisher", "@type": "foaf:Agent", "foaf:name": "AI policy tracker"}
    dataset = {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": about["edition_id"],
        "dct:title": {"@value": about["title"], "@language": "en"},
        "dct:description": {"@value": about["description"], "@language": "en"},
        "dct:issued": {"@value": about["as_of"], "@type": "xsd:dateTime"},
        "dct:publisher": {"@id": "#publisher"},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
        "dcat:keyword": [{"@value": word, "@language": "en"} for word in ("artificial intelligence", "public policy")],
        "dcat:distribution": [_distribution(folder, path, licences) for path in paths],
    }
    catalogue = {
        "@context": _CONTEXT,
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": "AI policy tracker", "@language": "en"},
        "dct:description": {"@value": "Editions of the AI policy tracker.", "@language": "en"},
        "dct:publisher": publisher,
        "dcat:dataset": dataset,
    }
    write_whole(folder / "dcat.jsonld", orjson.dumps(catalogue, option=orjson.OPT_INDENT_2))


def _distribution(folder: Path, path: Path, licences: Iterable[str]) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    media_type = _KINDS.get(path.suffix) or mimetypes.types_map[path.suffix]
    distribution: dict[str, Any] = {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": {"@value": name, "@language": "en"},
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media_type}"},
        "dct:rights": {
            "@type": "dct:RightsStatement",
            "dct:description": {"@value": f"Texts under the licence of their source: {'; '.join(licences)}."},
        },
    }
    # Of a DuckDB file the content is the same each time, its bytes and their number are not.
    if path.suffix != ".duckdb":
        distribution["dcat:byteSize"] = {"@value": str(path.stat().st_size), "@type": "xsd:nonNegativeInteger"}
        distribution["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file_sha256(path), "@type": "xsd:hexBinary"},
        }
    return distribution
