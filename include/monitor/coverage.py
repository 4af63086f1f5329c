"""Which rules look at which column of which feed, as contracts and suites ask for them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from include.definitions import contracts
from include.definitions.expectations import read_rules
from include.definitions.expectations.described import described

Row = dict[str, Any]
CATEGORIES = ("conformance", "completeness", "plausibility")
ACROSS = "warehouse"
"""The level of rules that look across feeds: these are counted with the column of their name alone."""


def columns() -> list[Row]:
    """Every column of every feed in the contracts' order, with the rules that look at it, and how many of each kind."""
    rules = [described(rule) for rule in read_rules()]
    return [_counted(feed, field, rules) for feed in contracts.FEEDS for field in contracts.read(feed).fields]


def feeds(found: Iterable[Row]) -> Iterator[Row]:
    """Each feed with how many of its columns have a rule."""
    for feed, of_one in groupby(found, itemgetter("feed")):
        of_feed = list(of_one)
        ruled = sum(bool(column["rules"]) for column in of_feed)
        rules = {rule["rule_id"] for column in of_feed for rule in column["looking"]}
        yield {
            "feed": feed,
            "columns": len(of_feed),
            "ruled": ruled,
            "bare": len(of_feed) - ruled,
            "percent": 100 * ruled / len(of_feed),
            "rules": len(rules),
        }


def _counted(feed: str, field: contracts.Field, rules: list[Row]) -> Row:
    looking = [rule for rule in rules if rule["feed"] == feed and field.name in _looked_at(rule)]
    return {
        "feed": feed,
        "column_name": field.name,
        "required": field.required,
        "looking": looking,
        "rules": len(looking),
        **{kind: sum(rule["category"] == kind for rule in looking) for kind in CATEGORIES},
        "critical": sum(rule["severity"] == "critical" for rule in looking),
        "across": sum(rule["level"] == ACROSS for rule in looking),
        "rule_ids": ",".join(rule["rule_id"] for rule in looking),
    }


def _looked_at(rule: Row) -> set[str]:
    return {rule["column_name"], *rule["columns_judged"].split(",")}
