"""What Airflow's deadline alert of a late department does; the triggerer calls it."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from include.basics.settings import number

ASKING_SECONDS = 90.0
"""Longer than a question waits for a DuckDB file that a step has open."""


def grace() -> timedelta:
    """How long a department may be late before the alert: LATE_MINUTES."""
    return timedelta(minutes=number("LATE_MINUTES", 15))


async def tell_late(source: str, context: dict[str, Any] | None = None) -> None:
    """Log that the department is late, or that nobody can ask; of one that has sent meanwhile, that it has.

    The clock ran from the run's begin, so the run may have waited for a worker instead of the department.
    """
    log = logging.getLogger("registry")
    try:
        late = await asyncio.wait_for(asyncio.to_thread(_is_late, source), ASKING_SECONDS)
    except Exception as error:
        told = getattr(error, "code", type(error).__name__)
        log.warning("Nobody can ask whether the department %s is late (%s): see the task `arrived`.", source, told)
    else:
        if late:
            log.warning("The department %s is late: see the task `arrived`.", source)
        else:
            log.info("The department %s is not late.", source)


def _is_late(source: str) -> bool:
    from include.basics.settings import Settings
    from include.monitor.reading import url
    from include.people.alarms import is_late

    return is_late(replace(Settings.from_environment(), warehouse=url()), source)
