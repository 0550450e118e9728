"""Write the beginning of a source: contract, spider, sample and fixture folder, red until somebody finishes them.

Run as `python -m tests.new_source SLUG URL`. Nothing that exists is overwritten. What must be filled in says FILL-IN,
and a contract test refuses it; a source without a fixture is red as well. Exit code 0 when written, 2 on wrong usage.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
TEMPLATES = Path(__file__).parent / "templates"
FILL_IN = "FILL-IN"
SLUG = re.compile(r"[a-z]{2,3}(?:_[a-z0-9]+)+")
PLACES = {
    "contract.yml": "scrapers/sources/{slug}.yml",
    "spider.py": "scrapers/spiders/{slug}.py",
    "samples.py": "scrapers/samples/{slug}/__init__.py",
    "fixtures.md": "tests/fixtures/{slug}/.{slug}.md",
}


def new_source(slug: str, url: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new source and return them.

    Raises ValueError for a slug or an address that is none, and FileExistsError when a file is there already.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(f"expected a slug such as us_nist, got {slug!r}")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"expected an https address, got {url!r}")
    written = {root / place.format(slug=slug): TEMPLATES / f"{name}.tmpl" for name, place in PLACES.items()}
    for path in written:
        if path.exists():
            raise FileExistsError(f"{path.relative_to(root)} is there already; finish or delete it")
    words = {
        "slug": slug,
        "url": url,
        "host": parts.hostname,
        "class_name": "".join(word.capitalize() for word in slug.split("_")) + "Spider",
        "place": slug.split("_", maxsplit=1)[0].upper().replace("UK", "GB"),
        "id_prefix": slug.replace("_", "-"),
    }
    for path, template in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return list(written)


def main(argv: list[str] | None = None) -> int:
    """The process's entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.new_source", description="Write the beginning of a source.")
    parser.add_argument("slug", help="name of the source, e.g. us_nist")
    parser.add_argument("url", help="address of its list, feed or API")
    options = parser.parse_args(argv)
    try:
        written = new_source(options.slug, options.url)
    except (ValueError, FileExistsError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in written:
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    sys.stdout.write(f"next: replace each {FILL_IN}, then make record SLUG={options.slug}; docs/adding-a-source.md\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
