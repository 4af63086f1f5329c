"""`python -m include.running.nightly.component scheduler`: an Airflow component that ends with whoever started it.

The scheduler, or a Celery worker, imports what the tasks need before anything else. LocalExecutor forks its workers
from the one, Celery its pool from the other, and the processes that run tasks are forks of those, so they have it
already: a task starts in tenths of a second instead of five seconds, three of which are Great Expectations. Restart
after a change to `include/`.
"""

import ctypes
import importlib
import logging
import signal
import sys

STEPS = (
    "include.pipeline.validation.engine",
    "include.pipeline.landing",
    "include.pipeline.receiving.loads",
    "include.pipeline.derivation",
    "include.pipeline.marts",
    "include.people.reporting.data_docs",
    "include.people.reporting.validation",
    "include.pipeline.statistics.groups",
    "include.pipeline.statistics.survival",
)

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel (Linux) send SIGTERM when the parent is gone, even if it was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    """Run the Airflow command given by the arguments in this process."""
    end_with_parent()
    if sys.argv[1] in ("scheduler", "celery"):
        for module in STEPS:
            importlib.import_module(module)
        # It tells a hundred lines a load, which might hold a value; Airflow's own option misses it.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    from airflow.__main__ import main as airflow

    airflow()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
