"""What a night did and what the marts say, in the terminal."""

from include.people.reporting.frames import print_frame
from include.people.reporting.nights import print_nights, print_run
from include.people.reporting.outcomes import print_outcomes

__all__ = ["print_frame", "print_nights", "print_outcomes", "print_run"]
