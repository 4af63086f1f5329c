"""What Airflow's deadline alert of a late department does; the triggerer calls it."""

import logging
import os
from datetime import timedelta
from typing import Any


def grace() -> timedelta:
    """How long a department may be late before the alert: LATE_MINUTES."""
    return timedelta(minutes=float(os.environ.get("LATE_MINUTES") or 15))


async def tell_late(source: str, context: dict[str, Any] | None = None) -> None:
    """Log which department is late; the clock ran from the run's begin, so it may be that nobody could ask."""
    said = "The department %s is late, or could not be asked: see the task `arrived`."
    logging.getLogger("registry").warning(said, source)
