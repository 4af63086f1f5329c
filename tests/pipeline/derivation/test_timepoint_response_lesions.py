"""Which lesions are targets, what the others say, and how both add up to the overall response."""

from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import FIRST, Case, derive_cases, exam, judged, other, session, target
from tests.support.clinical import fill, rows
from tests.support.making import make


def test_the_largest_targets_at_baseline_count_and_the_rest_are_non_target(warehouse: Warehouse) -> None:
    six = [target(f"L{number}", 10 * number) for number in range(1, 7)]
    tied = [target("C", 10), target("B", 10), target("A", 10)]
    later = [target("A", 1), target("B", 1), target("C", 90)]
    derive_cases(warehouse, {"six": [six, six], "tied": [tied, later]})
    assert judged(warehouse, "mrecist", "baseline_sum_mm") == {"six": [110], "tied": [20]}
    assert judged(warehouse, "recist_1_1", "baseline_sum_mm") == {"six": [200], "tied": [30]}
    assert judged(warehouse, "mrecist", "sum_mm") == {"six": [110], "tied": [2]}
    left = ["NON_CR_NON_PD"]
    assert judged(warehouse, "mrecist", "non_target_response") == {"six": left, "tied": left}
    assert judged(warehouse, "recist_1_1", "non_target_response") == {"six": left, "tied": [None]}


def test_size_at_baseline_is_by_the_diameter_of_the_rule_set(warehouse: Warehouse) -> None:
    lesions = [
        target("A", 90, viable_diameter_mm=5),
        target("B", 50, viable_diameter_mm=50),
        target("C", 40, viable_diameter_mm=40),
    ]
    derive_cases(warehouse, {"a": [lesions, lesions]})
    assert judged(warehouse, "mrecist", "baseline_sum_mm") == {"a": [90]}
    assert judged(warehouse, "recist_1_1", "baseline_sum_mm") == {"a": [180]}


def test_the_label_at_baseline_decides(warehouse: Warehouse) -> None:
    relabelled = [target("A", 50, lesion_kind="non_target"), target("B", 90)]
    derive_cases(warehouse, {"a": [[target("A", 50), other("B")], relabelled]})
    assert judged(warehouse, column="sum_mm") == {"a": [50]}
    assert judged(warehouse, column="non_target_response") == {"a": ["NON_CR_NON_PD"]}


def test_targets_and_non_targets_add_up(warehouse: Warehouse) -> None:
    expected = {
        (0, "absent"): "CR",
        (0, "present"): "PR",
        (0, "not_evaluable"): "PR",
        (0, None): "PR",
        (0, "unequivocal_progression"): "PD",
        (60, "not_evaluable"): "PR",
        (60, "unequivocal_progression"): "PD",
        (100, "absent"): "SD",
        (100, "not_evaluable"): "SD",
        (130, "absent"): "PD",
        (None, "absent"): "NE",
        (None, "unequivocal_progression"): "PD",
    }
    derive_cases(
        warehouse,
        {
            f"{size} {said}": [[target("T", 100), other("N")], [target("T", size), other("N", said)]]
            for size, said in expected
        },
    )
    assert judged(warehouse) == {f"{size} {said}": [overall] for (size, said), overall in expected.items()}


def test_without_targets_the_others_tell_the_response(warehouse: Warehouse) -> None:
    def two(*assessments: str) -> Case:
        return [
            [other("A"), other("B")],
            [other(name, said) for name, said in zip("AB", assessments, strict=False)],
        ]

    cases = {
        "all absent": (two("absent", "absent"), "CR"),
        "one left": (two("absent", "present"), "NON_CR_NON_PD"),
        "one doubtful": (two("absent", "equivocal"), "NON_CR_NON_PD"),
        "one not evaluable": (two("absent", "not_evaluable"), "NE"),
        "one not read": (two("absent"), "NE"),
        "one progresses": (two("not_evaluable", "unequivocal_progression"), "PD"),
    }
    derive_cases(warehouse, {name: case for name, (case, _) in cases.items()})
    expected = {name: [response] for name, (_, response) in cases.items()}
    assert judged(warehouse) == expected
    assert judged(warehouse, column="non_target_response") == expected
    assert judged(warehouse, column="target_response") == {name: [None] for name in cases}


def test_a_new_lesion_is_pd_unless_it_is_doubtful(warehouse: Warehouse) -> None:
    said = {"present": "PD", None: "PD", "equivocal": "CR", "absent": "CR", "not_evaluable": "CR"}
    derive_cases(
        warehouse,
        {str(word): [[target("T", 50)], [target("T", 0), other("X", word, "new")]] for word in said},
    )
    assert judged(warehouse) == {str(word): [response] for word, response in said.items()}
    assert judged(warehouse, column="new_lesion") == {str(word): [said[word] == "PD"] for word in said}


def test_the_baseline_is_the_last_exam_on_or_before_the_first_procedure(warehouse: Warehouse) -> None:
    days = {"early": FIRST - timedelta(days=90), "same day": FIRST, "after": FIRST + timedelta(days=50)}
    read = {"early": 10, "same day": 40, "after": 28}
    fill(
        warehouse,
        procedures=[session("p", FIRST + timedelta(days=200)), session("p")],
        exams=[exam("p", day, name) for name, day in days.items()],
        lesions=[{"patient_id": "p", "exam_id": name, **target("T", size)} for name, size in read.items()],
    )
    make(warehouse, "derived.timepoint_response")
    assert rows(
        warehouse,
        "SELECT exam_id, baseline_exam_id, baseline_sum_mm, response FROM derived.timepoint_response "
        "WHERE criteria = 'mrecist'",
    ) == [("after", "same day", 40, "PR")]


def test_readers_are_judged_apart_and_the_registrys_reader_at_every_exam(warehouse: Warehouse) -> None:
    days = [FIRST, date(2020, 3, 1), date(2020, 6, 1)]
    read = [("e0", None, 50), ("e1", None, 50), ("e0", "second", 40), ("e2", "second", 20)]
    fill(
        warehouse,
        procedures=[session("p")],
        exams=[exam("p", day, f"e{number}") for number, day in enumerate(days)],
        lesions=[{"patient_id": "p", "exam_id": e, "reader": r, **target("T", size)} for e, r, size in read],
    )
    make(warehouse, "derived.timepoint_response")
    assert rows(
        warehouse,
        "SELECT reader, exam_id, response FROM derived.timepoint_response "
        "WHERE criteria = 'recist_1_1' ORDER BY reader, exam_id",
    ) == [("registry", "e1", "SD"), ("registry", "e2", "NE"), ("second", "e2", "PR")]


def test_a_lesion_measured_twice_counts_once_and_the_untreated_have_no_response(warehouse: Warehouse) -> None:
    derive_cases(warehouse, {"p": [[target("T", 50)], [target("T", 99), target("T", 50)]]})
    fill(warehouse, exams=[exam("untreated", FIRST)])
    make(warehouse, "derived.timepoint_response")
    assert judged(warehouse) == {"p": ["SD"]}
