"""Figures of the overview, computed from a `KnowledgeBase`: plain values that know neither Flask nor HTML."""

from webapp.charts.contradictions import Cluster, Pair, between, clusters, pairs
from webapp.charts.disclosed import Cell, Line, caveat_lines, key_lines
from webapp.charts.matrix import Block, Row, matrix
from webapp.charts.tallies import GroupTally, Tally, tallies

__all__ = [
    "Block",
    "Cell",
    "Cluster",
    "GroupTally",
    "Line",
    "Pair",
    "Row",
    "Tally",
    "between",
    "caveat_lines",
    "clusters",
    "key_lines",
    "matrix",
    "pairs",
    "tallies",
]
