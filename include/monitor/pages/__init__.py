"""The pages, a module for each: its routes, what it reads, which template it fills."""

from include.monitor.pages import outcomes, quality, tonight

ROUTERS = (tonight.router, outcomes.router, quality.router)
"""In the order of the menu."""
