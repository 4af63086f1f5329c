"""Great Expectations on the session that the warehouse already has open.

Its own datasource would open a second connection, which sees neither temporary tables nor a DuckDB file in use.
"""

import logging
import os
from functools import cache
from typing import Any, ClassVar, Literal, cast

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.row_conditions import Condition, deserialize_row_condition

from include.definitions.expectations import Rule
from include.pipeline.validation.counting import counting
from include.warehouse import Warehouse

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)


class SessionEngine(SqlAlchemyExecutionEngine):
    """An execution engine that leaves the session open when it is no longer needed."""

    def close(self) -> None:
        """The warehouse closes its session itself."""


class SessionDatasource(SQLDatasource):
    """A SQL datasource on an engine that is already connected."""

    type: Literal["session"] = "session"  # type: ignore[assignment]
    sessions: ClassVar[dict[str, sa.Engine]] = {}

    def get_engine(self) -> sa.Engine:
        return self.sessions[self.name]

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        if self._execution_engine is None:
            self._execution_engine = SessionEngine(engine=self.get_engine(), create_temp_table=False)
        return self._execution_engine

    def forget(self) -> None:
        """Forget what was measured and reflected: a table of the same name may hold other rows and columns now."""
        self._execution_engine = None


def batch_of(warehouse: Warehouse, table: str) -> Batch:
    """The whole of a table or view, as it is now, as a batch of Great Expectations."""
    SessionDatasource.sessions["warehouse"] = warehouse.engine
    _source().forget()
    batch: Batch = _whole_table(table).get_batch()
    return batch


@cache
def _source() -> SessionDatasource:
    """One datasource for the process: making a context and writing its configuration costs more than a validation."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source: SessionDatasource = context.data_sources.add_session(name="warehouse", connection_string="session://")
    return source


@cache
def _whole_table(table: str) -> BatchDefinition[Any]:
    return _source().add_table_asset(name=table, table_name=table).add_batch_definition_whole_table(name="all")


def suite_of(rules: list[Rule]) -> gx.ExpectationSuite:
    """A suite of some rules."""
    return gx.ExpectationSuite(name="rules", expectations=[expectation_of(rule) for rule in rules])


def counting_suite(rules: list[Rule]) -> gx.ExpectationSuite:
    """A suite of some rules that is asked for counts alone."""
    expectations = [{**expectation_of(rule), "type": counting(rule.settings["type"])} for rule in rules]
    return gx.ExpectationSuite(name="rules", expectations=expectations)


def expectation_of(rule: Rule) -> dict[str, Any]:
    """The rule in Great Expectations' own words."""
    return {key: rule.settings[key] for key in ("type", "kwargs", "meta", "severity", "description")}


def rule_id_of(result: Any) -> str:
    """The rule that a result is of."""
    rule_id: str = result.expectation_config.meta["rule_id"]
    return rule_id


def raised(result: Any) -> bool:
    """Whether an expectation could not be evaluated; Great Expectations says so in one of two forms."""
    said = result.exception_info
    told = [said] if "raised_exception" in said else said.values()
    return any(one["raised_exception"] for one in told)


def condition_sql(warehouse: Warehouse, condition: dict[str, Any]) -> str:
    """A rule's row condition as SQL of the warehouse's engine."""
    engine = SessionEngine(engine=warehouse.engine, create_temp_table=False)
    clause = engine.condition_to_filter_clause(cast(Condition, deserialize_row_condition(condition)))
    return str(clause.compile(dialect=warehouse.engine.dialect, compile_kwargs={"literal_binds": True}))
