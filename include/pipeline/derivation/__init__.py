"""Derive: the rows of every derived table, for the patients whose clinical rows changed."""

from include.pipeline.derivation.derive import DeriveReport, derive, derive_touched

__all__ = ["DeriveReport", "derive", "derive_touched"]
