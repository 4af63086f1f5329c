"""What a night did and what the marts say, in the terminal."""

from include.reporting.frames import print_frame
from include.reporting.nights import print_nights, print_run
from include.reporting.outcomes import print_outcomes

__all__ = ["print_frame", "print_nights", "print_outcomes", "print_run"]
