"""Pull: every object not yet in the ledger is copied to the landing area and entered there."""

from include.landing.pull import PullReport, pull, pull_new, waiting_loads

__all__ = ["PullReport", "pull", "pull_new", "waiting_loads"]
