"""Estimates that SQL cannot make: functions from a SELECT's data frame to a mart's data frame."""

import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import pandas as pd


def apply(name: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Run `module.function` of this package, as a mart's YAML names it, on the rows of its SELECT.

    Texts are coded once, for every function groups by them more than once.
    """
    module, function = name.split(".")
    texts = frame.columns[frame.dtypes == "str"]
    coded = frame.astype(dict.fromkeys(texts, "category"))
    result = getattr(importlib.import_module(f"include.pipeline.statistics.{module}"), function)(coded)
    return cast("pd.DataFrame", result)
