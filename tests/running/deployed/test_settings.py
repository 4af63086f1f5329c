"""What docker-compose.yml passes on, and .env.example offers."""

import re

from include.basics.settings import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
TOLD_AT_BUILD = {"VERSION", "REVISION"}


def test_all_that_is_passed_on_is_offered() -> None:
    passed = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE)) - TOLD_AT_BUILD
    offered = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M)
    assert sorted(offered) == sorted(passed)


def test_every_schedule_of_a_dag_is_passed_on() -> None:
    asked = {
        name for file in (ROOT / "dags").glob("*.py") for name in re.findall(r'"(\w+_SCHEDULE)"', file.read_text())
    }
    assert asked == set(re.findall(r"^  (\w+_SCHEDULE):", COMPOSE, re.M))
