"""A DuckDB dialect that Great Expectations can read from.

Great Expectations fetches rows after it has closed the connection; DuckDB's cursor is empty by then.
Rows are therefore buffered as soon as a statement has run.
"""

import duckdb_sqlalchemy
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy


class BufferedExecutionContext(duckdb_sqlalchemy.DuckDBExecutionContext):
    """Fetches every row of a result at once."""

    def post_exec(self) -> None:
        super().post_exec()  # type: ignore[no-untyped-call]
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(duckdb_sqlalchemy.Dialect):
    """duckdb-sqlalchemy's dialect with buffered results."""

    execution_ctx_cls = BufferedExecutionContext
    supports_statement_cache = True


def register() -> None:
    """Make `duckdb:///` URLs use the buffered dialect."""
    registry.register("duckdb", __name__, "BufferedDialect")
