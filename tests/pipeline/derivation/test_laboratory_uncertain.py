"""Toxicity grades of results that tell only a part: censored, without limits, in unknown units."""

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, grades, result
from tests.support.clinical import rows

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


AT_LEAST = {
    "no value": None,
    "no uln": None,
    "unit unknown": None,
    "<=41": 0,
    "<400": 0,
    ">400": 3,
    ">800": 4,
    ">=800": 3,
    "platelets <=25": 3,
    "platelets <75": 2,
    "platelets >100": 0,
    "platelets 49, no lln": 3,
    "platelets 75, no lln": None,
}


def test_what_cannot_be_told_is_null_and_never_0_and_at_least_what_the_value_passes(warehouse: Warehouse) -> None:
    derive(warehouse, [{**row, "result_id": name} for name, (row, _) in UNCERTAIN.items()])
    assert grades(warehouse, "ctcae_v4") == {name: grade for name, (_, grade) in UNCERTAIN.items()}
    select = "SELECT result_id, grade_at_least FROM derived.toxicity_grade WHERE criteria = 'ctcae_v4'"
    least = dict(rows(warehouse, select))
    assert {name: least[name] for name in AT_LEAST} == AT_LEAST


def test_a_censored_baseline_counts_where_it_is_certain(warehouse: Warehouse) -> None:
    results = []
    for baseline in ("<30", "<50", "<100", ">50"):
        results.append(result(baseline, "AST", baseline, 0, uln=40, result_id=f"baseline {baseline}"))
        results.append(result(baseline, "AST", 90, uln=40, result_id=baseline))
    derive(warehouse, results)
    found = grades(warehouse, "ctcae_v5")
    # below 50: normal, and 90 is above 40; or above 40, and 90 is 1.8 to 2.25 times that
    assert (found["<30"], found["<50"], found["<100"], found[">50"]) == (1, 1, None, None)


CREATININE = {
    # baseline, value, ULN of both being 100: its grade by v4 and v5. The baseline alone can give 3 at most.
    "below 50, value 90": ("<50", 90, None),
    "below 50, value 120": ("<50", 120, None),
    "below 50, value 150": ("<50", 150, 3),
    "at most 50, value 150": ("<=50", 150, None),
    "below 50, value 301": ("<50", 301, 3),
    "above 50, value 90": (">50", 90, None),
    "above 50, value 601": (">50", 601, 4),
    "none, value 90": (None, 90, None),
    "none, value 120": (None, 120, None),
    "none, value 301": (None, 301, 3),
    "none, value below 50": (None, "<50", None),
    "none, value above 600": (None, ">600", 4),
}


def test_creatinine_without_an_exact_baseline_has_a_grade_that_no_baseline_could_raise(warehouse: Warehouse) -> None:
    results = []
    for name, (before, value, _) in CREATININE.items():
        results += [] if before is None else [result(name, "CREA", before, 0, uln=100)]
        results.append(result(name, "CREA", value, uln=100, result_id=name))
    derive(warehouse, results)
    for criteria in ("ctcae_v4", "ctcae_v5"):
        found = grades(warehouse, criteria)
        assert {name: found[name] for name in CREATININE} == {name: case[2] for name, case in CREATININE.items()}


WITHOUT_ULN = {
    # baseline without ULN, value of an ULN of 40: its grade by v5, as both rules of v5 have it, and by v4
    "neither": (45, 40, 0, 0),
    "above ULN alone": (45, 60, None, 1),
    "above both": (45, 68, 1, 1),
    "above baseline alone": (20, 39, None, 0),
    "further above ULN": (45, 121, None, 2),
    "as far above both": (45, 136, 2, 2),
    "20 times both": (45, 901, 4, 4),
    "censored baseline": ("<30", 60, None, 1),
}


def test_a_baseline_without_uln_is_neither_normal_nor_above(warehouse: Warehouse) -> None:
    results = []
    for name, (before, value, *_) in WITHOUT_ULN.items():
        results += [result(name, "AST", before, 0), result(name, "AST", value, uln=40, result_id=name)]
    results += [result("CREA", "CREA", 60, 0), result("CREA", "CREA", 91, uln=100, result_id="creatinine")]
    results += [result("at", "CREA", 100, 0, uln=100), result("at", "CREA", 310, uln=110, result_id="not below LLN")]
    derive(warehouse, results)
    v4, v5 = grades(warehouse, "ctcae_v4"), grades(warehouse, "ctcae_v5")
    assert grades(warehouse, "ctcae_v6")["not below LLN"] == 2
    assert {name: (v5[name], v4[name]) for name in WITHOUT_ULN} == {
        name: case[2:] for name, case in WITHOUT_ULN.items()
    }
    assert (v4["creatinine"], v5["creatinine"]) == (2, 2)


def test_a_worst_grade_beside_a_result_without_one_is_the_least_it_can_be(warehouse: Warehouse) -> None:
    values = {"open": (30, 400), "certain": (801, 400), "told": (30, 30)}
    results = [result(p, "AST", first, 1, uln=40) for p, (first, _) in values.items()]
    results += [result(p, "AST", then, 2, uln=40 if p == "told" else None) for p, (_, then) in values.items()]
    derive(warehouse, results, "derived.toxicity_worst", "marts.toxicity_worst")
    columns = "patient_id, worst_grade_at_least, worst_grade_at_most"
    select = f"SELECT {columns} FROM derived.toxicity_worst WHERE criteria = 'ctcae_v5' AND period = 'overall'"
    assert sorted(rows(warehouse, select)) == [("certain", 4, 4), ("open", 0, 4), ("told", 0, 0)]
    counted = "SELECT worst_grade, at_least, patients FROM marts.toxicity_worst WHERE criteria = 'ctcae_v5'"
    assert sorted(rows(warehouse, f"{counted} AND period = 'overall'")) == [(0, False, 1), (0, True, 1), (4, False, 1)]


def test_a_limit_that_needs_no_uln_grades_without_one(warehouse: Warehouse) -> None:
    values = {"before": (1.0, -1), "after": (1.6, 1)}
    derive(warehouse, [result("P1", "INR", value, day, result_id=key) for key, (value, day) in values.items()])
    assert grades(warehouse, "ctcae_v5") == {"before": 0, "after": 2}
    assert grades(warehouse, "ctcae_v4") == {"before": None, "after": None}
