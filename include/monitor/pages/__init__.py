"""The pages, a module for each: its routes, what it reads, which template it fills."""

from include.monitor.pages import (
    columns,
    coverage,
    decisions,
    files,
    intake,
    letter,
    lineage,
    outcomes,
    quality,
    quarantine,
    rules,
    steps,
    tonight,
)

ROUTERS = (
    tonight.router,
    files.router,
    rules.router,
    quarantine.router,
    decisions.router,
    letter.router,
    outcomes.router,
    quality.router,
    steps.router,
    lineage.router,
    intake.router,
    columns.router,
    coverage.router,
)
"""In the order of the menu."""
