"""Messages about patients: merges, what describes a person, visits and deaths."""

from pathlib import Path

import pytest

from tests.pipeline.formats.hl7v2.messages import message, read

EVN = "EVN||20240302120000"


def pid(number: str, further: str = "") -> str:
    return f"PID|1||{number}^^^SITE^PI||TEST^A||19550505|F{further}"


def adt(event: str, *segments: str) -> str:
    return message(EVN, *segments, kind=f"ADT^{event}")


@pytest.mark.parametrize("event", ["A18", "A30", "A34", "A36", "A39", "A40", "A47"])
def test_a_merge_names_the_id_that_stays_and_the_one_that_goes(tmp_path: Path, event: str) -> None:
    found = read(tmp_path, adt(event, pid("Q-2"), "MRG|Q-1^^^SITE^PI"), "merges")
    expected = {"key": "Q-1", "merged": "Q-1", "patient": "Q-2", "date": "2024-03-02", "status": "final"}
    assert found.rows == [expected]


@pytest.mark.parametrize("event", ["A35", "A41", "A44", "A42", "A43", "A45"])
def test_a_merge_of_accounts_or_visits_merges_nobody(tmp_path: Path, event: str) -> None:
    found = read(tmp_path, adt(event, pid("Q-1"), "MRG|Q-1^^^SITE^PI||9"), "merges")
    told = {f"unknown_rows: ADT^{event}": 1} if event in ("A42", "A43", "A45") else {}
    assert (found.rows, found.left_out) == ([], {"other_message": 1, **told})


def test_a_message_may_hold_several_pairs(tmp_path: Path) -> None:
    segments = (pid("Q-2"), "PD1|x", "MRG|Q-1^^^SITE^PI", "PV1|1|N", pid("Q-4"), "MRG|Q-3^^^SITE^PI")
    found = read(tmp_path, adt("A40", *segments), "merges", ("merged", "patient"))
    assert [list(row.values()) for row in found.rows] == [["Q-1", "Q-2"], ["Q-3", "Q-4"]]


def test_several_ids_may_be_merged_into_one(tmp_path: Path) -> None:
    merge = "MRG|160^^^X^INS-NIR~Q-1^^^SITE^PI~Q-3^^^SITE^PI"
    found = read(tmp_path, adt("A40", pid("Q-2"), merge), "merges", ("key", "merged", "patient"))
    assert [list(row.values()) for row in found.rows] == [["Q-1", "Q-1", "Q-2"], ["Q-3", "Q-3", "Q-2"]]


def test_a_patient_is_not_merged_with_itself(tmp_path: Path) -> None:
    found = read(tmp_path, adt("A36", pid("Q-1"), "MRG|Q-1^^^SITE^PI||9"), "merges")
    assert (found.rows, found.left_out) == ([], {"same_patient": 1})


def test_the_day_of_a_merge_is_when_it_happened(tmp_path: Path) -> None:
    text = adt("A40", pid("Q-2"), "MRG|Q-1").replace(EVN, EVN + "||||20240229")
    assert read(tmp_path, text, "merges", ("date",)).column("date") == ["2024-02-29"]
    text = message(pid("Q-2"), "MRG|Q-1", kind="ADT^A40")
    assert read(tmp_path, text, "merges", ("date",)).column("date") == ["2023-05-10"]


def test_an_event_that_msh_does_not_say_is_that_of_evn(tmp_path: Path) -> None:
    text = message("EVN|A40|20240302", pid("Q-2"), "MRG|Q-1", kind="ADT")
    assert len(read(tmp_path, text, "merges").rows) == 1


def test_a_patient_has_birth_sex_and_state(tmp_path: Path) -> None:
    found = read(tmp_path, adt("A28", pid("Q-1")) + adt("A29", pid("Q-1")) + adt("A03", pid("Q-1")), "patients")
    assert [list(row.values()) for row in found.rows] == [
        ["Q-1", "F", "1955-05-05", "final"],
        ["Q-1", "F", "1955-05-05", "cancelled"],
    ]


def test_further_segments_are_those_of_the_same_patient(tmp_path: Path) -> None:
    text = adt("A08", pid("Q-1"), "DG1|1||C17.2|||20190203", pid("Q-2"), "ZRG|x|y")
    found = read(tmp_path, text, "patients", ("patient", "DG1-3", "ZRG-2"))
    assert [list(row.values()) for row in found.rows] == [["Q-1", "C17.2", None], ["Q-2", None, "y"]]


DEAD = "|" * 21 + "20240305143000|Y"
PV1 = "PV1|1|I|||||||||||||||||V-9" + "|" * 25 + "20240301080000"


@pytest.mark.parametrize(
    ("event", "segments", "expected"),
    [
        ("A01", [pid("Q-1"), PV1], ["V-9", "2024-03-01", "alive", None, "final"]),
        ("A11", [pid("Q-1"), PV1], ["V-9", "2024-03-01", "alive", None, "cancelled"]),
        ("A13", [pid("Q-1"), PV1], ["V-9", "2024-03-01", "alive", None, "final"]),
        ("A08", [pid("Q-1", DEAD), PV1], ["V-9", "2024-03-01", "dead", "2024-03-05", "final"]),
        ("A31", [pid("Q-1", DEAD)], ["Q-1|death", "2024-03-05", "dead", "2024-03-05", "final"]),
        ("A31", [pid("Q-1", "|" * 21 + "202403")], ["Q-1|death", "2024-03-02", "dead", "2024-03", "final"]),
        ("A31", [pid("Q-1", "|" * 22 + "Y")], ["Q-1|death", "2024-03-02", "dead", None, "final"]),
        ("A31", [pid("Q-1", DEAD[:-1] + "N")], ["Q-1|death", "2024-03-05", "alive", "2024-03-05", "final"]),
        ("A31", [pid("Q-1", "|" * 22 + "Oui")], ["Q-1|death", "2024-03-02", "Oui", None, "final"]),
    ],
)
def test_a_visit_or_a_death_is_a_row(tmp_path: Path, event: str, segments: list[str], expected: list[str]) -> None:
    names = ("visit", "visit_date", "vital_status", "death_date", "status")
    found = read(tmp_path, adt(event, *segments), "visits", names)
    assert [list(row.values()) for row in found.rows] == [expected]


@pytest.mark.parametrize("further", ["", "|" * 22 + "N", "|" * 21 + '""|""', "|" * 21 + "inconnue"])
def test_a_message_without_visit_and_death_is_counted(tmp_path: Path, further: str) -> None:
    found = read(tmp_path, adt("A08", pid("Q-1", further), "PV1|1|N"), "visits")
    assert (found.rows, found.left_out) == ([], {"no_visit": 1})


def test_any_segment_may_be_a_row_of_any_feed(tmp_path: Path) -> None:
    text = message(pid("Q-1"), "RXA|0|1|20240105||LAN^Lanreotide", "RXA|0|2|20240205||LAN^Lanreotide", kind="VXU^V04")
    found = read(tmp_path, text, "treatments", ("patient", "RXA-2", "RXA-3", "RXA-5.2", "key"), each="RXA")
    assert found.column("RXA-3") == ["2024-01-05", "2024-02-05"]
    assert found.column("patient") == ["Q-1", "Q-1"]
