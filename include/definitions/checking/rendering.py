"""`python -m include.definitions.checking.rendering duckdb FOLDER`: templates that sqlfluff cannot read, as they run.

These are the files of `.sqlfluffignore`, for a feed of each kind: `patients` announces patients, `results` has measured
values, `reports` bounded ones (sqlfluff takes the name `merges` for an operator). `make lint-sql` holds them to its
rules, but for layout and for names that one feed alone makes double. A name that a template newly asks for stands here.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from include.basics.settings import ROOT
from include.definitions import contracts
from include.definitions.contracts.feed_sql import FeedSql, feed_sql
from include.definitions.expectations import own_rules
from include.pipeline.resolving.scope import Scope
from include.pipeline.validation.compiled import CompiledRule
from include.warehouse.sql import FOLDER, render

KINDS = ("patients", "results", "reports")
STATEMENT = re.compile(r"(?:\s|--.*\n)*(?:SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|COPY|SET)\b")
"""What is none is a part of statements, and is seen in them."""
RULES = [
    CompiledRule(f"visits.ecog.{name}", "critical", "row", "ecog > 4", "SELECT 1 AS row_number FROM {batch}", "TRUE")
    for name in ("unknown", "unreadable")
]
NAMES: dict[str, Any] = {
    "columns": ["patient_id", "albi_grade", "score"],
    "key": ["patient_id", "moment"],
    "table": "derived.albi",
    "target": "failing",
    "group": "file_number",
    "rule_ids": ["visits.ecog.unknown", "visits.ecog.unreadable"],
    "states": ["open", "overridden"],
    "values": True,
    "overridden": False,
    "left": "derived.albi",
    "right": "world.albi",
    "file": "albi.parquet",
    "name": "record",
    "source": "facts.file",
    "events": "decision.event",
    "subjects": "decision.subject",
    "up_to": "finished_at",
    "schema": "derived",
    "table_schema": "derived",
    "table_name": "albi",
    "rows": "scope.results",
    "without_rows": False,
    "limit": 5,
    "most": 50,
    "kinds": {"score": "group"},
    "made_of": {},
    "groups": ["endpoint", "rule"],
    "curve": "endpoint, rule",
    "counts": "derived.survival_count",
    "select": "SELECT * FROM marts.albi",
    "schemas": "'marts', 'reference'",
    "granted": [("bi_reader", "marts"), ("bi_reader", "reference")],
    "feeds": [contracts.read(feed) for feed in KINDS],
}


LISTED = ("history/copy_facts", "history/differing")
"""Those that take columns as one text."""


def names_of(template: str, f: FeedSql, *, everything: bool) -> dict[str, Any]:
    """What a template is given for a feed."""
    folder = template.partition("/")[0]
    scope = Scope(f, everything=everything)
    names = NAMES | scope.names | {"feed": f.name, "of_patients": f.of_patients, "announces": f.announces}
    names |= {"sources": [f], "in_scope": everything and f.of_patients}
    if folder == "validation":
        return names | {"rules": RULES}
    if folder == "receiving":
        return names | {"rules": own_rules(f.name), "table": "failing"}
    if template == "disclosure/patient_outcome":
        columns = {"sex": SimpleNamespace(level=1, width=""), "os_months": SimpleNamespace(level=2, width="12")}
        return names | {"columns": columns, "levels": [1, 2], "types": {"patient_key": "TEXT", **columns}}
    if template == "ops/resolve_everything":
        return {"feeds": contracts.FEEDS}
    if template == "sites/unmapped":
        return {"f": f, "columns": {rule.rule_id: "status" for rule in own_rules(f.name)[:2]}}
    if template == "sites/changed":
        return {"feed": f.name, "key": f.contract.key, "columns": f.contract.names}
    if folder == "monitor":
        contract = f.contract
        day = {"event_date": contract.event_date if everything else ""}
        return {"feed": f.name, "columns": contract.names, "key": contract.key} | day
    if folder == "views":
        listed = (
            "COALESCE(p.person_id, r.patient_id) AS patient_id"
            if names["in_scope"] and template == "views/current_feed"
            else "r.status"
        )
        return names | {"key": f.contract.key, "columns": listed}
    return names | ({"columns": ", ".join(NAMES["columns"])} if template in LISTED else {})


def templates() -> list[str]:
    """The files that sqlfluff ignores."""
    lines = (ROOT / ".sqlfluffignore").read_text(encoding="utf-8").splitlines()
    places = [ROOT / line for line in lines if line and not line.startswith("#")]
    files = [file for place in places for file in ([place] if place.suffix else place.glob("*.sql"))]
    return sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in files)


def rendered(name: str, *, is_duckdb: bool) -> Iterator[tuple[str, str]]:
    """The statements that become of a template, each once, with the feed that it is first made for."""
    seen = set()
    for feed in KINDS:
        for everything in (False, True):
            names = names_of(name, feed_sql(feed, is_duckdb=is_duckdb), everything=everything)
            names["is_duckdb"] = is_duckdb
            text = render(name, names).strip() + "\n"
            if text not in seen and STATEMENT.match(text):
                seen.add(text)
                yield f"{feed}{'_everything' if everything else ''}", text


def runs_on(dialect: str, name: str) -> bool:
    """Whether an engine runs it: DuckDB alone writes freezes, and lists patients."""
    return dialect == "duckdb" or name not in ("history/freeze_mart", "views/list_few")


def main() -> None:
    """Write them to a folder."""
    dialect, out = sys.argv[1:]
    for name in templates():
        for variant, text in rendered(name, is_duckdb=dialect == "duckdb") if runs_on(dialect, name) else ():
            file = Path(out) / f"{name}.{variant}.sql"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
