"""Toxicity grades of results that tell only a part: censored, without limits, in unknown units."""

from include.warehouse import Warehouse
from tests.derived.laboratory_cases import derive, grades, result

UNCERTAIN = {
    # what is known of a result: its grade by v4, its ULN being 40 and its LLN 150 unless that is missing
    "no value": (result("P1", "AST", None, uln=40), None),
    "no uln": (result("P1", "AST", 400), None),
    "unit unknown": (result("P1", "AST", 400, uln=40, unit="mg/dL"), None),
    "<25": (result("P1", "AST", "<25", uln=40), 0),
    "<40": (result("P1", "AST", "<40", uln=40), 0),
    "<=41": (result("P1", "AST", "<=41", uln=40), None),
    "<400": (result("P1", "AST", "<400", uln=40), None),
    ">400": (result("P1", "AST", ">400", uln=40), None),
    ">800": (result("P1", "AST", ">800", uln=40), 4),
    ">=800": (result("P1", "AST", ">=800", uln=40), None),
    "platelets <25": (result("P1", "PLT", "<25", lln=150), 4),
    "platelets <=25": (result("P1", "PLT", "<=25", lln=150), None),
    "platelets <75": (result("P1", "PLT", "<75", lln=150), None),
    "platelets >150": (result("P1", "PLT", ">150", lln=150), 0),
    "platelets >100": (result("P1", "PLT", ">100", lln=150), None),
    "platelets 49, no lln": (result("P1", "PLT", 49), 3),
    "platelets 75, no lln": (result("P1", "PLT", 75), None),
}


def test_what_cannot_be_told_is_null_and_never_0(warehouse: Warehouse) -> None:
    derive(warehouse, [{**row, "result_id": name} for name, (row, _) in UNCERTAIN.items()])
    assert grades(warehouse, "ctcae_v4") == {name: grade for name, (_, grade) in UNCERTAIN.items()}


def test_a_censored_baseline_counts_where_it_is_certain(warehouse: Warehouse) -> None:
    results = []
    for baseline in ("<30", "<50", ">50"):
        results.append(result(baseline, "AST", baseline, 0, uln=40, result_id=f"baseline {baseline}"))
        results.append(result(baseline, "AST", 90, uln=40, result_id=baseline))
    derive(warehouse, results)
    found = grades(warehouse, "ctcae_v5")
    assert (found["<30"], found["<50"], found[">50"]) == (1, None, None)
