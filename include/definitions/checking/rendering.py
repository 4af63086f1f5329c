"""`python -m include.definitions.checking.rendering duckdb FOLDER`: templates that sqlfluff cannot read, as they run.

These are the files of `.sqlfluffignore`, for a feed of each kind: `patients` announces patients, `results` has measured
values, `reports` bounded ones (sqlfluff takes the name `merges` for an operator). `make lint-sql` holds them to its
rules, but for layout and for names that one feed alone makes double. Each kind of `Names` has an example here.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from include.basics.settings import ROOT
from include.basics.templates import Names
from include.definitions import contracts
from include.definitions.contracts.feed_sql import FeedSql, OfFeed, feed_sql
from include.definitions.expectations import own_rules
from include.history.verify import Differing
from include.history.world import UP_TO, Copied
from include.monitor.row import Typed
from include.people.decisions.records import OfValues
from include.people.sites.unmapped import Texts
from include.pipeline.derivation.derive import Derived
from include.pipeline.marts.disclosure import Told, ToldPersons
from include.pipeline.marts.parquet import Written
from include.pipeline.resolving.persons import known_by
from include.pipeline.resolving.scope import Scope
from include.pipeline.validation.compiled import CompiledRule, Judging
from include.warehouse.access import ROLES
from include.warehouse.migration import OfFeeds
from include.warehouse.sql import FOLDER, OfTable, asked, environment, render
from include.warehouse.tables import read_table
from include.warehouse.views import Current, Versions

KINDS = ("patients", "results", "reports")
STATEMENT = re.compile(r"(?:\s|--.*\n)*(?:SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|COPY|SET)\b")
"""What is none is a part of statements, and is seen in them."""
RULES = [
    CompiledRule(f"visits.ecog.{name}", "critical", "row", "ecog > 4", "SELECT 1 AS row_number FROM {batch}", "TRUE")
    for name in ("unknown", "unreadable")
]
LEVELS = {"sex": SimpleNamespace(level=1, width=""), "os_months": SimpleNamespace(level=2, width="12")}
ALBI = read_table("derived", "albi")
COLUMNS = ["patient_id", "albi_grade", "score"]
MART = "SELECT * FROM marts.albi"


def examples() -> Iterator[Names]:
    """What templates that are about no feed are given."""
    yield OfTable(ALBI.name)
    yield Judging(RULES, ALBI.name, "failing", "file_number")
    yield Written(ALBI.name, COLUMNS, "albi.parquet")
    yield Differing(ALBI.name, "world.albi", COLUMNS, ["patient_id", "moment"])
    yield from (Copied(ALBI, "facts.file", "decision.event", "decision.subject", up_to) for up_to in UP_TO)
    yield Told(5, MART, COLUMNS, {"score": "group"})
    yield ToldPersons(5, MART, LEVELS, {"patient_key": "TEXT", "sex": "TEXT", "os_months": "BIGINT"}, range(1, 3))
    yield from (OfValues(values) for values in (False, True))
    yield known_by("lifespan")
    yield ROLES


def examples_of(f: FeedSql) -> Iterator[Names]:
    """What templates that are about a feed are given."""
    yield OfFeed(f)
    yield from (Scope(f, everything) for everything in (False, True))
    yield Scope(f, without_death=True)
    yield Versions(f, "r.status")
    yield Current(f, "r.status", in_scope=False)
    if f.of_patients:
        yield Current(f, "COALESCE(p.person_id, r.patient_id) AS patient_id", in_scope=True)
    yield from (Typed(f.contract, of_day) for of_day in (False, True))
    yield Derived(ALBI, f.is_duckdb)
    yield OfFeeds([f])
    yield Texts(f, {rule.rule_id: "status" for rule in own_rules(f.name)[:2]})


def templates() -> list[str]:
    """The files that sqlfluff ignores."""
    lines = (ROOT / ".sqlfluffignore").read_text(encoding="utf-8").splitlines()
    places = [ROOT / line for line in lines if line and not line.startswith("#")]
    files = [file for place in places for file in ([place] if place.suffix else place.glob("*.sql"))]
    return sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in files)


def rendered(name: str, *, is_duckdb: bool) -> Iterator[tuple[str, str]]:
    """The statements that become of a template, each once, with a number or the feed that it is first made for."""
    given: list[tuple[str, Names | None]] = [("", of) for of in examples() if name in of.files]
    for feed in KINDS:
        given += [(feed, of) for of in examples_of(feed_sql(feed, is_duckdb=is_duckdb)) if name in of.files]
    if not asked(name):
        given = [("", None)]
    seen = set()
    for feed, of in given:
        text = render(name, of).strip() + "\n"
        if text not in seen and STATEMENT.match(text):
            seen.add(text)
            yield f"{feed}{len(seen)}", text


def runs_on(dialect: str, name: str) -> bool:
    """Whether an engine runs it: DuckDB alone writes freezes, and lists patients."""
    return dialect == "duckdb" or name not in ("history/freeze_mart", "views/list_few")


def main() -> None:
    """Write them to a folder."""
    dialect, out = sys.argv[1:]
    environment().globals["feeds"] = [contracts.read(feed) for feed in KINDS]
    for name in templates():
        for variant, text in rendered(name, is_duckdb=dialect == "duckdb") if runs_on(dialect, name) else ():
            file = Path(out) / f"{name}.{variant}.sql"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
