"""Decisions are events: appended with who, when, why and what about, and never changed."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from unicodedata import normalize

from include.basics.errors import RegistryError
from include.basics.visible import UNSEEN
from include.warehouse import Warehouse, utc_now

_signed_in: ContextVar[str | None] = ContextVar("signed_in", default=None)


@contextmanager
def signed_in(user: str) -> Iterator[None]:
    """Decisions made meanwhile are entered by a user who is signed in elsewhere than on this machine."""
    token = _signed_in.set(user)
    try:
        yield
    finally:
        _signed_in.reset(token)


def entered_by() -> str:
    """Who is signed in, else the operating system's user, whatever the environment says."""
    return _signed_in.get() or f"os:{_system_user()}"


def _system_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def demand(who: str, why: str) -> None:
    """Raise RegistryError REG-603 without a reason, REG-606 without the name of a person."""
    if not _seen(why):
        raise RegistryError("REG-603", "A decision needs a reason.")
    if _seen(who).lower() in ("", "registry"):
        raise RegistryError("REG-606", "A decision needs the name of a person.")


def _seen(text: str) -> str:
    """What a reader sees of a text, in plain letters."""
    return UNSEEN.sub("", normalize("NFKC", text)).strip()


def enter(warehouse: Warehouse, kind: str, who: str, why: str, undoes: int | None = None) -> int:
    """Append a decision; its number. Inside the caller's transaction, which says what it is about."""
    decision_id = int(warehouse.run_file("decisions/next_decision").scalar() or 1)
    warehouse.run_file(
        "decisions/enter_event",
        decision_id=decision_id,
        kind=kind,
        who=who,
        why=why,
        now=utc_now(),
        entered_by=entered_by(),
        undoes=undoes,
    )
    warehouse.count_step("load")
    return decision_id
