"""The sample posts of the White House: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

FIRST_POST_DAY = date(2025, 1, 20)
"""The site holds the posts of one presidency."""
ORDINARY = 440
FIRST_ORDINARY = 800_000
SLUG_CHARS = 110


@dataclass(frozen=True)
class Post:
    """One post."""

    number: int
    title: str
    section: str
    subsection: str | None
    at: datetime
    slug: str
    paragraphs: tuple[str, ...]
    """HTML, a paragraph each."""
    is_signed: bool

    @property
    def section_slug(self) -> str:
        """The section as addresses spell it."""
        return slug(self.section.replace("&", ""), SLUG_CHARS)

    @property
    def path(self) -> str:
        """Where it is on the site."""
        return f"/{self.section_slug}/{self.at:%Y/%m}/{self.slug}/"


def read_posts() -> tuple[Post, ...]:
    """All posts, newest first."""
    known = [_known(raw) for raw in read_yaml(__file__, "posts.yml")]
    return tuple(sorted([*known, *_ordinary(read_yaml(__file__, "filler.yml"))], key=_age, reverse=True))


def _age(post: Post) -> tuple[datetime, int]:
    return post.at, post.number


def _known(raw: dict[str, Any]) -> Post:
    return Post(
        number=raw["number"],
        title=raw["title"],
        section=raw["section"],
        subsection=raw.get("subsection"),
        at=datetime.fromisoformat(raw["at"]),
        slug=raw.get("slug") or slug(raw["title"].replace("'", ""), SLUG_CHARS),
        paragraphs=(*raw["paragraphs"], SAMPLE_NOTE),
        is_signed=raw.get("signed", False),
    )


def _ordinary(templates: dict[str, Any]) -> list[Post]:
    """Ordinary posts, spread evenly; two of a title in one month are told apart by a suffix, as on the site."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    days = (LAST_DAY - FIRST_POST_DAY).days
    made: list[Post] = []
    taken: set[str] = set()
    for count in range(ORDINARY):
        template = dice.choices(templates["templates"], weights)[0]
        post = _from(
            template, Words(templates["words"], dice), FIRST_POST_DAY + timedelta(count * days // ORDINARY), count, dice
        )
        if post.path in taken:
            post = Post(**{**vars(post), "slug": f"{post.slug}-{count:04x}"})
        taken.add(post.path)
        made.append(post)
    return made


def _from(template: dict[str, Any], words: Words, day: date, count: int, dice: random.Random) -> Post:
    title = words.fill(template["title"]).format(year=day.year)
    at = datetime.combine(day, time(dice.randrange(13, 24), dice.randrange(60), dice.randrange(60)), UTC)
    return Post(
        number=FIRST_ORDINARY + 7 * count,
        title=title.upper() if dice.random() < 0.05 else title,
        section=template["section"],
        subsection=template.get("subsection"),
        at=at,
        slug=slug(title, SLUG_CHARS),
        paragraphs=(words.fill(template["text"]), FILLER_NOTE),
        is_signed=template.get("signed", False),
    )
