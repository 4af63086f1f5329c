"""Steps take turns on PostgreSQL, by one advisory lock."""

import logging

import sqlalchemy as sa
import tenacity

from include.basics.settings import number
from include.warehouse import refusal

TRIES_IN_SILENCE = 20
ADVISORY_LOCK = 72_734
CLAIM = f"hashtextextended(:name, {ADVISORY_LOCK})"
"""The advisory lock that claims what has a name."""


def lock_wait() -> float:
    """LOCK_WAIT_SECONDS, a minute: how long a step waits for another one."""
    return number("LOCK_WAIT_SECONDS", 60)


def take_turn(connection: sa.Connection) -> None:
    """Hold the advisory lock until it is given back or the session ends; it counts how often it was taken."""
    asked = sa.select(sa.func.pg_try_advisory_lock(ADVISORY_LOCK))
    attempt = tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda got: not got),
        wait=tenacity.wait_random(0.1, 0.5),
        stop=tenacity.stop_after_delay(lock_wait()),
        before_sleep=lambda state: _tell_wait(connection, state.attempt_number),
    )
    try:
        attempt(connection.scalar, asked)
    except tenacity.RetryError:
        raise refusal.turn_taken(connection, ADVISORY_LOCK) from None
    connection.commit()


def _tell_wait(connection: sa.Connection, tries: int) -> None:
    """Say once whom a step waits for, when it has waited for a few seconds."""
    if tries == TRIES_IN_SILENCE:
        told = refusal.turn_taken(connection, ADVISORY_LOCK).what
        logging.getLogger("registry").warning("%s Waiting for it, up to %g seconds.", told, lock_wait())
