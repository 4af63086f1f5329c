"""Expectations that are asked for counts alone.

Great Expectations' own build their configuration anew each of the hundred times that a validation reads it, and fetch
failing cells beside the counts. The same expectations are made here without both.
"""

from functools import cache
from typing import Any

from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.validator import ValidationDependencies

ROWS = "unexpected_rows_query.table"


class Counting(Expectation):
    """An expectation that does not change once it is made, and reads no cell in order to show it."""

    _built: ExpectationConfiguration | None = PrivateAttr(default=None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """Built when it is first read."""
        if self._built is None:
            self._built = super().configuration
        return self._built

    def get_validation_dependencies(self, *args: Any, **kwargs: Any) -> ValidationDependencies:
        """What the expectation measures; failing values and rows are no part of it."""
        needed: ValidationDependencies = super().get_validation_dependencies(*args, **kwargs)
        for metric in needed.get_metric_names():
            if metric.endswith((".unexpected_values", ROWS)):
                needed.remove_metric_configuration(metric)
        return needed

    def _validate(self, metrics: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super()._validate({ROWS: None, **metrics}, *args, **kwargs)  # type: ignore[safe-super]


@cache
def counting(kind: str) -> str:
    """The type of the expectation that is as `kind` and counting; Great Expectations knows it from now on."""
    plain: Any = get_expectation_impl(kind)
    made = type(plain)(f"Counting{plain.__name__}", (Counting, plain), {})
    return str(made.expectation_type)
