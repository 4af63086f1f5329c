"""Pull: every object not yet in the ledger is copied to the landing area and entered there."""

from include.pipeline.landing.not_pulled import NotPulled, missing, refusal
from include.pipeline.landing.pull import PullReport, pull, pull_batches, pull_new, waiting_loads

__all__ = ["NotPulled", "PullReport", "missing", "pull", "pull_batches", "pull_new", "refusal", "waiting_loads"]
