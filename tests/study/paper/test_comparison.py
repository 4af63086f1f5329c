"""When a target is the same, differs, or cannot be."""

from dataclasses import replace

import pytest

from include.study.paper.comparison import NO_ROW, judge
from include.study.paper.report import closing_count, markdown, phrase
from include.study.paper.targets import Target, read_targets

STUDY = {target.id: target for target in read_targets()}


def target(printed: dict[str, str], instead: dict[str, str] | None = None) -> Target:
    """A target of which only the numbers matter."""
    return Target("X.1", "label", "section", printed, instead or {}, "it contradicts itself" if instead else "")


def test_every_number_at_printed_precision_is_the_same() -> None:
    found = judge(target({"mean": "24.6", "n": "50"}), {"mean": [24.6028], "n": [50], "sd": [4.5]})
    assert (found.verdict, found.derived, found.why) == ("same", {"mean": "24.6", "n": "50"}, "")


def test_a_deviation_names_its_number() -> None:
    found = judge(target({"mean": "24.6", "n": "50"}), {"mean": [24.66], "n": [50]})
    assert (found.verdict, found.derived["mean"], found.why) == ("differs", "24.7", "mean")


def test_what_the_other_printed_numbers_ask_for_cannot_be_as_printed() -> None:
    found = judge(target({"count": "5", "pct": "8"}, {"pct": "10"}), {"count": [5], "pct": [9.62]})
    assert (found.verdict, found.why) == ("cannot be", "it contradicts itself")


@pytest.mark.parametrize("values", [{"count": [5], "pct": [11.2]}, {"count": [6], "pct": [9.62]}])
def test_a_contradiction_excuses_nothing_else(values: dict[str, list[float]]) -> None:
    assert judge(target({"count": "5", "pct": "8"}, {"pct": "10"}), dict(values)).verdict == "differs"


@pytest.mark.parametrize(
    ("name", "number", "value", "verdict"),
    [
        ("R.resp1.or_gi", "pct", 79.31, "cannot be"),
        ("R.resp1.or_gi", "pct", 5.0, "differs"),
        ("R.cs_resolved", "p", 0.003, "cannot be"),
        ("R.cs_resolved", "p", 0.97, "differs"),
        ("A.pes", "pct", 90.4, "cannot be"),
        ("A.pes", "pct", 40.0, "differs"),
    ],
)
def test_a_contradiction_allows_one_value_and_no_other(name: str, number: str, value: float, verdict: str) -> None:
    published = STUDY[name]
    others = {other: [float(text)] for other, text in published.printed.items() if other != number}
    assert judge(published, {**others, number: [value]}).verdict == verdict


@pytest.mark.parametrize("name", ["T1.crcl", "R.lr.burden", "T3.uln"])
def test_a_contradiction_is_told_even_where_every_number_is_the_same(name: str) -> None:
    found = judge(STUDY[name], {number: [float(text)] for number, text in STUDY[name].printed.items()})
    assert (found.verdict, found.why) == ("same", STUDY[name].issue)
    assert found.why


def test_an_undecided_target_cannot_be_only_with_its_reason_and_all_its_numbers() -> None:
    undecided = Target("X.1", "label", "section", {"count": "5", "pct": "8"}, {}, "5 of 52 are not 8 %", undecided=True)
    found = judge(undecided, {"count": [5], "pct": [9.62]})
    assert (found.verdict, found.why) == ("cannot be", "pct. 5 of 52 are not 8 %")
    assert judge(undecided, {"count": [5], "pct": [None]}).verdict == "differs"
    assert judge(undecided, {}).verdict == "differs"
    assert judge(replace(undecided, issue=""), {"count": [5], "pct": [9.62]}).verdict == "differs"
    assert judge(replace(undecided, undecided=False), {"count": [5], "pct": [9.62]}).verdict == "differs"


def test_a_row_that_the_marts_lack_is_empty_and_differs() -> None:
    found = judge(target({"count": "5", "n": "52"}), {})
    assert (found.verdict, found.derived, found.why) == ("differs", {}, NO_ROW)


def test_a_number_that_is_unknown_is_not_the_same() -> None:
    found = judge(target({"count": "5", "pct": "10"}), {"count": [5], "pct": [None]})
    assert (found.verdict, found.derived, found.why) == ("differs", {"count": "5"}, "pct")


def test_a_limit_that_is_not_reached_is_printed_so() -> None:
    printed = target({"median": "74", "lcl": "47", "ucl": "not reached"})
    assert judge(printed, {"median": [73.6], "lcl": [47.2], "ucl": [None]}).verdict == "same"
    assert judge(printed, {"median": [73.6], "lcl": [47.2], "ucl": [80.0]}).why == "ucl"


def test_a_number_of_several_rows_holds_in_each() -> None:
    printed = target({"p_lt": "<0.01"})
    assert judge(printed, {"p_lt": [0.001, 0.009]}).verdict == "same"
    found = judge(printed, {"p_lt": [0.001, 0.5]})
    assert (found.verdict, found.derived["p_lt"]) == ("differs", "0.50 and <0.01")


def test_the_count_closes_the_report() -> None:
    found = [judge(target({"n": "5"}), {"n": [n]}) for n in (5, 5, 6)]
    assert closing_count(found) == "3 targets: 2 same, 1 differ, 0 cannot be."


def test_numbers_are_written_together_as_print_does() -> None:
    assert phrase({"n": "52", "count": "5", "pct": "8"}) == "5/52 (8 %)"
    assert phrase({"count": "5", "min": "1"}) == "count 5, min 1"


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    import pandas as pd

    assert markdown(pd.DataFrame({"a": ["x|y"], "b": [1]})) == "| a | b |\n| --- | --- |\n| x\\|y | 1 |"
