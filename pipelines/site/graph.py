"""The neighbourhood of a policy as a picture: who acted on it at the left, what it acts on at the right.

Belongs here: which neighbours are drawn and where. Does not belong here: mark-up (graph.svg.j2). The lists of relations
on the page say the same in words, with links; the picture has only to be seen.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

MAX_NODES = 7
BOX_WIDTH, BOX_HEIGHT, GAP = 232, 60, 12
WIDTH = 760
LINE_CHARS = 30
"""What surely fits into a box; a line of wider letters is clipped by its edge."""


@dataclass(frozen=True)
class Neighbour:
    """A policy at the other end of an edge, and the edge in words."""

    edge: str
    name: str


@dataclass(frozen=True)
class Box:
    """A neighbour with its place; the arrow begins and ends at half its height."""

    edge: str
    name: str
    lines: tuple[str, ...]
    x: int
    y: int

    @property
    def middle(self) -> int:
        """Half the height of the box."""
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True)
class Graph:
    """A drawn neighbourhood."""

    name: str
    height: int
    actors: tuple[Box, ...]
    targets: tuple[Box, ...]
    left_out: int

    @property
    def middle(self) -> int:
        """Half the height of the picture."""
        return self.height // 2


def draw(name: str, actors: Sequence[Neighbour], targets: Sequence[Neighbour]) -> Graph | None:
    """Place the neighbours of a policy; None where it has none."""
    if not actors and not targets:
        return None
    rows = max(min(len(actors), MAX_NODES), min(len(targets), MAX_NODES))
    height = rows * (BOX_HEIGHT + GAP) + GAP
    return Graph(
        name=name,
        height=height,
        actors=_column(actors, 2, height),
        targets=_column(targets, WIDTH - BOX_WIDTH - 2, height),
        left_out=max(len(actors) - MAX_NODES, 0) + max(len(targets) - MAX_NODES, 0),
    )


def _column(neighbours: Sequence[Neighbour], x: int, height: int) -> tuple[Box, ...]:
    shown = neighbours[:MAX_NODES]
    top = (height - len(shown) * (BOX_HEIGHT + GAP) + GAP) // 2
    return tuple(
        Box(neighbour.edge, neighbour.name, _lines(neighbour.name), x, top + number * (BOX_HEIGHT + GAP))
        for number, neighbour in enumerate(shown)
    )


def _lines(name: str) -> tuple[str, ...]:
    """A name on two lines at most, cut with a mark."""
    return tuple(textwrap.wrap(name, LINE_CHARS, max_lines=2, placeholder="…"))
