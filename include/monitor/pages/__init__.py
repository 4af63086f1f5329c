"""The pages, a module for each: its routes, what it reads, which template it fills."""

from include.monitor.pages import rules, tonight

ROUTERS = (tonight.router, rules.router)
"""In the order of the menu."""
