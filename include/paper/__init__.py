"""The published numbers against the marts, number by number."""

from include.paper.comparison import Finding, compare
from include.paper.standards import side_by_side
from include.paper.targets import Target, read_targets

__all__ = ["Finding", "Target", "compare", "read_targets", "side_by_side"]
