"""What kind of thing went wrong with the database: a code, where, and never a cell, a statement or a password."""

import re
from collections.abc import Iterator

import duckdb
import sqlalchemy as sa

from include.basics.errors import RegistryError

AWAY = (
    r"Connection refused|could not translate host|failed to resolve|No route|timeout|"
    r"closed the connection unexpectedly|been closed unexpectedly|unexpected eof|SSL SYSCALL|"
    r"connection is lost|connection is closed|Connection reset"
)
NO_STATE = r"(?!)"
FULL = "REG-116"
KINDS: tuple[tuple[str, str, str], ...] = (
    ("REG-112", r"28\w{3}", r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist"),
    ("REG-113", r"3D000", r"database .* does not exist"),
    ("REG-115", r"42501|25006", r"Permission denied|permission denied|Read-only file system"),
    (FULL, r"53100", r"No space left on device|File too large|Disk quota exceeded|max_temp_directory_size"),
    ("REG-118", r"53300", r"too many clients|too many connections|remaining connection slots"),
    ("REG-119", r"57014", r"canceling statement"),
    ("REG-114", r"08\w{3}|57P0\d", AWAY),
    ("REG-125", NO_STATE, r"unsupported startup parameter"),
    ("REG-120", NO_STATE, r"support SSL|SSL error|sslmode|(root|server|client) certificate"),
)
"""Code, states of SQL, and what messages say that have no state; a message is only looked at, never passed on."""
SAID = {
    "REG-112": "The database refuses the user or the password",
    "REG-113": "There is no such database",
    "REG-114": "The database's host does not answer",
    "REG-115": "This account may not do that in the warehouse",
    FULL: "The disk is full",
    "REG-118": "The database has no connection left",
    "REG-119": "A statement was ended before it was done",
    "REG-125": "The session does not get its own settings, perhaps as a pooler (PgBouncer) is between",
    "REG-120": "The database cannot be trusted, or asks for what was not given: TLS fails",
}
LACKING = "REG-126"
ABSENT = r"(Table|View|Schema) with name .* does not exist|Referenced column .* not found|not have a column named"
"""What DuckDB says of what is not there."""
ABSENT_STATES = ("3F000", "42P01", "42703")
NAMING = (duckdb.CatalogException, duckdb.ParserException, duckdb.BinderException)
"""DuckDB's errors whose text quotes names and SQL; other ones may quote cells, whatever their base class."""
OF_CONTENT = (duckdb.ConversionException, duckdb.ConstraintException, duckdb.InvalidInputException)
"""Those whose text may be a cell's: nothing is read out of it."""
HOLDER = re.compile(r"lock is held in .*?\(PID (\d+)\)")
HOLDERS = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def kind_of(error: BaseException) -> str | None:
    """The code of a database's or file system's error; None = none of those that people can do something about."""
    state, text = str(getattr(error, "sqlstate", None) or ""), str(error)
    for code, states, words in KINDS:
        if re.fullmatch(states, state) or (not state and not isinstance(error, OF_CONTENT) and re.search(words, text)):
            return code
    return None


def full_disk_or(code: str, error: BaseException) -> str:
    """The code of a full disk where that is the error's cause, else the given one."""
    return FULL if kind_of(error) == FULL else code


def tell_full_disk(context: sa.engine.ExceptionContext) -> None:
    """Told at once: nobody is to take it for a file that cannot be read, or for a rule that cannot be evaluated."""
    if context.connection is not None and kind_of(context.original_exception) == FULL:
        raise RegistryError(FULL, f"{SAID[FULL]}: {place(context.connection.engine.url)}.")


def not_opened(error: sa.exc.DBAPIError, url: sa.URL) -> RegistryError:
    """Why the warehouse does not open."""
    held = HOLDER.search(str(error.orig))
    if "Could not set lock on file" in str(error.orig):
        by = f"Process {held[1]}" if held else "Another process"
        return RegistryError("REG-103", f"{by} holds the warehouse file {place(url)}.")
    if isinstance(error.orig, duckdb.ParserException):  # nothing else of a file that opens is parsed
        return RegistryError("REG-108", "DUCKDB_MEMORY_LIMIT is no size such as 2GB.")
    code = kind_of(error.orig) if error.orig else None
    if code is None:
        return RegistryError("REG-102", f"The warehouse {place(url)} does not answer ({type(error.orig).__name__}).")
    return RegistryError(code, f"{SAID[code]}: {place(url)}.")


def not_done(error: sa.exc.DBAPIError, url: sa.URL, *, read_only: bool = False) -> RegistryError:
    """Why a statement failed. Who reads prepares nothing, so may meet what was never made, or by another version."""
    code = kind_of(error.orig) if error.orig else None
    if read_only and error.orig and _is_absent(error.orig):
        return RegistryError(LACKING, f"{place(url)} lacks what this version reads ({_safe_words(error)}).")
    if code is None:
        return RegistryError("REG-106", f"A statement failed ({_safe_words(error)}).")
    return RegistryError(code, f"{SAID[code]}: {place(url)} ({type(error.orig).__name__}).")


def turn_taken(connection: sa.Connection, lock: int) -> RegistryError:
    """Which sessions of the server have the turn."""
    pids = ", ".join(map(str, _pids(connection, lock)))
    return RegistryError("REG-103", f"{f'Session {pids} of the server' if pids else 'Another process'} has the turn.")


def place(url: sa.URL) -> str:
    """Where it is, without user and password."""
    port = f":{url.port}" if url.port else ""
    return f"{url.host}{port}/{url.database}" if url.host else str(url.database or "")


def _is_absent(error: BaseException) -> bool:
    """Whether a statement names what is not there."""
    if state := getattr(error, "sqlstate", None):
        return state in ABSENT_STATES
    return isinstance(error, NAMING) and re.search(ABSENT, str(error)) is not None


def _pids(connection: sa.Connection, lock: int) -> Iterator[int]:
    yield from connection.scalars(sa.text(HOLDERS), {"lock": lock})


def _safe_words(error: sa.exc.DBAPIError) -> str:
    """The kind of a database error; its first line too when it speaks of names only, not of cells."""
    kind = type(error.orig).__name__
    of_duckdb = isinstance(error.orig, duckdb.Error)
    speaks_of_names = isinstance(error.orig, NAMING) if of_duckdb else isinstance(error, sa.exc.ProgrammingError)
    return f"{kind}: {str(error.orig).splitlines()[0]}" if speaks_of_names else kind
