"""The published numbers against the marts, number by number."""

from include.study.paper.comparison import Finding, compare
from include.study.paper.standards import side_by_side
from include.study.paper.targets import Target, read_targets

__all__ = ["Finding", "Target", "compare", "read_targets", "side_by_side"]
