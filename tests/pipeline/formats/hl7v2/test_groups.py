"""Examinations, lesions, reports, documents: an order with its observations is a row, or each of its sub-ids."""

from pathlib import Path

import pytest

from tests.pipeline.formats.hl7v2.messages import PID, message, read, usual_sources

CT = "OBR|1|O-1|R-7^RIS|CTABD^Scanner abdominal^L|||20240115093000|||||||||||||||20240116||CT"
LESION = ("key", "order", "OBX-4", "OBX[33728-7]", "OBX[33728-7]-6", "OBX[KIND]", "status")


def observation(code: str, value: str, *, sub: str = "", kind: str = "NM", unit: str = "mm", status: str = "F") -> str:
    return f"OBX|1|{kind}|{code}|{sub}|{value}|{unit}|||||{status}"


def order(status: str = "F") -> str:
    return f"{CT}|{status}"


def test_an_order_is_an_exam(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, order()), "exams")
    expected = {"key": "R-7", "patient": "A-301", "date": "2024-01-15", "OBR-24": "CT", "status": "final"}
    assert found.rows == [expected]


@pytest.mark.parametrize(
    ("of_order", "of_observations", "expected"),
    [
        ("F", "F", "final"),
        ("C", "F", "corrected"),
        ("F", "C", "corrected"),
        ("X", "", "cancelled"),
        ("X", "F", "cancelled"),
        ("", "FC", "corrected"),
        ("", "F", "final"),
        ("F", "DX", "cancelled"),
        ("Q", "F", "Q"),
    ],
)
def test_the_state_is_the_orders_or_that_of_its_observations(
    tmp_path: Path, of_order: str, of_observations: str, expected: str
) -> None:
    observations = [observation("A^a^L", "1", status=one) for one in of_observations]
    found = read(tmp_path, message(PID, order(of_order), *observations), "exams", ("status",))
    assert found.column("status") == [expected]


@pytest.mark.parametrize("status", ["P", "R", "S", "I", "A"])
def test_a_preliminary_exam_waits_for_its_final_version(tmp_path: Path, status: str) -> None:
    found = read(tmp_path, message(PID, order(status), observation("A^a^L", "1")), "exams")
    assert (found.rows, found.left_out) == ([], {"preliminary": 1})


def test_observations_are_named_by_any_of_their_codes(tmp_path: Path) -> None:
    segments = (
        observation("BURDEN^Foie^L^1234-5^x^LN", "25", unit="%"),
        observation("PHASE^Phase^L", "arterial^Arterielle", kind="CE"),
        observation("PHASE^Phase^L", "portal^Portale", kind="CE"),
        observation("PHASE^Phase^L", "late^Tardive", kind="CE", status="D"),
    )
    asked = ("OBX[BURDEN]", "OBX[1234-5]-6", "OBX[PHASE]", "OBX[PHASE]-5.2", "OBX[NONE]", "OBX-3.1")
    found = read(tmp_path, message(PID, order(), *segments), "exams", asked)
    assert list(found.rows[0].values()) == ["25", "%", "arterial+portal", "Arterielle+Portale", None, "BURDEN"]


def test_all_repetitions_of_an_observation_are_joined(tmp_path: Path) -> None:
    phases = observation("PHASE^Phase^L", "art^Arterielle~port^Portale", kind="CWE")
    found = read(tmp_path, message(PID, order(), phases), "exams", ("OBX[PHASE]", "OBX[PHASE]-5.2"))
    assert list(found.rows[0].values()) == ["art+port", "Arterielle+Portale"]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("34", "mm", "34"),
        ("34.0", "mm", "34.0"),
        ("34", "", "34"),
        ("3.4", "cm", "34"),
        ("3.4", "cm^centimetre^UCUM", "34"),
        ("3.4~3.6", "cm", "34+36"),
        ("3.4", "furlong", "3.4 furlong"),
        ("3.4", "g", "3.4 g"),
        ("<1", "cm", "<10"),
    ],
)
def test_a_measured_lesion_comes_in_millimetres(tmp_path: Path, value: str, unit: str, said: str) -> None:
    size = observation("33728-7^Largest dimension^LN", value, sub="1", unit=unit)
    found = read(tmp_path, message(PID, order(), size), "lesions")
    assert found.column("OBX[33728-7].mm") == [said]


@pytest.mark.parametrize(
    ("value", "kind", "unit", "said"),
    [
        ("15", "NM", "%", "15"),
        ("0.15", "NM", "1", "15"),
        ("<^0.03", "SN", "1^no units^UCUM", "<3"),
        ("15", "NM", "/HPF", "15 /HPF"),
        ("10200004^Liver^SCT", "CWE", "%", "code 10200004"),
    ],
)
def test_a_share_comes_in_percent(tmp_path: Path, value: str, kind: str, unit: str, said: str) -> None:
    index = observation("29593-1^Ki-67^LN", value, kind=kind, unit=unit)
    found = read(tmp_path, message(PID, order(), index), "reports", ("OBX[29593-1].percent",))
    assert found.column("OBX[29593-1].percent") == [said]


def test_a_lesion_whose_observation_ends_early_has_no_size(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, order(), "OBX|1|NM|33728-7^Largest dimension^LN|1"), "lesions")
    assert (found.column("key"), found.column("OBX[33728-7].mm")) == (["R-7|1"], [None])


def test_each_order_has_its_own_observations(tmp_path: Path) -> None:
    second = order().replace("R-7", "R-8")
    segments = (order(), observation("A^a^L", "1"), second, observation("A^a^L", "2"), order().replace("R-7", "R-9"))
    found = read(tmp_path, message(PID, *segments), "exams", ("key", "OBX[A]"))
    assert found.rows == [{"key": "R-7", "OBX[A]": "1"}, {"key": "R-8", "OBX[A]": "2"}]
    assert found.left_out == {"no_result": 1}


@pytest.mark.parametrize(
    ("observations", "reason"),
    [
        ([observation("PDF^a^L", "^pdf^x^Base64^QQ==", kind="ED")], "document"),
        ([observation("TXT^a^L", "Pas de lésion.", kind="TX")] * 3, "comment"),
        ([observation("B^b^L", "1")], "other_result"),
        ([observation("A^a^L", "1", status="D"), observation("B^b^L", "1")], "unknown_rows: cancelled observation"),
        ([], "no_result"),
    ],
)
def test_a_group_without_what_is_asked_is_counted(tmp_path: Path, observations: list[str], reason: str) -> None:
    found = read(tmp_path, message(PID, order(), *observations), "reports", ("key", "OBX[A]"))
    assert (found.rows, found.left_out) == ([], {reason: 1})


@pytest.mark.parametrize("segments", [[order("X")], ["ORC|OC", order("")], ["ORC|SC||||CA", order("")]])
def test_a_cancelled_report_is_a_row_without_any_observation(tmp_path: Path, segments: list[str]) -> None:
    found = read(tmp_path, message(PID, *segments), "reports")
    assert (found.column("key"), found.column("status")) == (["R-7"], ["cancelled"])


@pytest.mark.parametrize(
    ("observed", "status"),
    [
        (observation("NOTE^n^L", "withdrawn", kind="TX"), "cancelled"),
        (observation("PDF^a^L", "^pdf^x^Base64^QQ==", kind="ED"), "cancelled"),
        (observation("A^a^L", "1"), "final"),
        (observation("KIND^k^L", "target", kind="TX"), "final"),
    ],
)
def test_an_order_that_orc_cancels_with_a_remark_is_withdrawn(tmp_path: Path, observed: str, status: str) -> None:
    names = ("key", "OBX[KIND]", "OBX[A]", "status")
    for feed in ("exams", "reports"):
        assert read(tmp_path, message(PID, "ORC|OC", order(""), observed), feed, names).column("status") == [status]


def test_a_report_whose_results_have_a_state_is_not_withdrawn_by_its_orc(tmp_path: Path) -> None:
    report = observation("NOTE^n^L", "no new lesion", kind="TX")
    found = read(tmp_path, message(PID, "ORC|OC", order("F"), report), "exams", ("key", "status"))
    assert found.column("status") == ["final"]


def test_a_report_without_an_orc_of_its_own_is_not_withdrawn(tmp_path: Path) -> None:
    remark, report = (observation("NOTE^n^L", text, kind="TX") for text in ("withdrawn", "no new lesion"))
    second = order("").replace("R-7", "R-8")
    found = read(tmp_path, message(PID, "ORC|OC", order(""), remark, second, report), "reports", ("key", "status"))
    assert (found.column("key"), found.column("status")) == (["R-7", "R-8"], ["cancelled", "final"])


def test_a_synoptic_report_has_its_codes(tmp_path: Path) -> None:
    segments = (
        observation("21855-2^Primary site^LN", "C17.2^Ileum^ICDO3", kind="CWE"),
        observation("59847-4^Histology^LN", "8240/3^NET^ICDO3", kind="CWE"),
        observation("29593-1^Ki-67^LN", "<^2", kind="SN", unit="%"),
        observation("21899-0^pT^LN", "pT3", kind="ST"),
    )
    found = read(tmp_path, message(PID, order(), *segments), "reports")
    assert found.rows == [
        {
            "key": "R-7",
            "patient": "A-301",
            "reported": "2024-01-16",
            "OBX[21855-2]": "C17.2",
            "OBX[59847-4]": "8240/3",
            "OBX[29593-1]": "<2",
            "OBX[21899-0]": "pT3",
            "OBX[21900-6]": None,
            "OBX[21901-4]": None,
            "status": "final",
        }
    ]


def test_each_sub_id_of_an_order_is_a_lesion(tmp_path: Path) -> None:
    segments = (
        observation("33728-7^Size^LN", "23", sub="L1"),
        observation("KIND^k^L", "target", sub="L1", kind="ST", unit=""),
        observation("33728-7^Size^LN", "1.2", sub="L2", unit="cm", status="C"),
        observation("BURDEN^Foie^L", "25", unit="%"),
    )
    found = read(tmp_path, message(PID, order(), *segments), "lesions", LESION)
    assert [list(row.values()) for row in found.rows] == [
        ["R-7|L1", "R-7", "L1", "23", "mm", "target", "final"],
        ["R-7|L2", "R-7", "L2", "1.2", "cm", None, "corrected"],
    ]


@pytest.mark.parametrize("of_order", ["F", "C"])
def test_a_lesion_whose_observations_are_deleted_is_cancelled(tmp_path: Path, of_order: str) -> None:
    segments = (observation("33728-7^Size^LN", "23", sub="1", status="D"), observation("33728-7^S^LN", "9", sub="2"))
    found = read(tmp_path, message(PID, order(of_order), *segments), "lesions", LESION)
    assert found.column("status")[0] == "cancelled"


def test_an_order_without_sub_ids_has_no_lesion(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, order(), observation("33728-7^Size^LN", "23")), "lesions", LESION)
    assert (found.rows, found.left_out) == ([], {"other_result": 1})


@pytest.mark.parametrize(
    ("event", "completion", "availability", "expected"),
    [
        ("T02", "LA", "AV", "final"),
        ("T02", "AU", "", "final"),
        ("T08", "LA", "AV", "corrected"),
        ("T10", "LA", "AV", "corrected"),
        ("T11", "LA", "AV", "cancelled"),
        ("T02", "LA", "CA", "cancelled"),
    ],
)
def test_a_document_with_discrete_values_is_a_report(
    tmp_path: Path, event: str, completion: str, availability: str, expected: str
) -> None:
    txa = f"TXA|1|SP|TX|20240115||20240117||||||D-5^EHR|||R-7^RIS||{completion}||{availability}"
    text = message(PID, txa, observation("21855-2^Site^LN", "C17.2", kind="ST"), kind=f"MDM^{event}")
    found = read(tmp_path, text, "reports", ("key", "reported", "OBX[21855-2]", "status"))
    assert [list(row.values()) for row in found.rows] == [["R-7", "2024-01-17", "C17.2", expected]]


@pytest.mark.parametrize(
    ("order_number", "parent", "expected"),
    [
        ("", "D-4^EHR", [("D-5", "corrected"), ("D-4", "cancelled")]),
        ("R-7^RIS", "D-4^EHR", [("R-7", "corrected")]),
        ("", "D-5^EHR", [("D-5", "corrected")]),
        ("", "", [("D-5", "corrected")]),
    ],
)
def test_a_replaced_document_of_no_order_is_withdrawn(
    tmp_path: Path, order_number: str, parent: str, expected: list[tuple[str, str]]
) -> None:
    txa = f"TXA|1|SP|TX|20240115||20240117||||||D-5^EHR|{parent}||{order_number}||LA"
    text = message(PID, txa, observation("21855-2^Site^LN", "C17.2", kind="ST"), kind="MDM^T10")
    found = read(tmp_path, text, "reports", ("key", "status"))
    assert [(row["key"], row["status"]) for row in found.rows] == expected


def test_a_document_of_text_or_a_file_is_counted(tmp_path: Path) -> None:
    txa = "TXA|1|SP|TX|20240115||||||||D-5^EHR|||||LA"
    for kind, reason in (("TX", "comment"), ("ED", "document")):
        text = message(PID, txa, observation("11526-1^Report^LN", "text", kind=kind), kind="MDM^T02")
        assert read(tmp_path, text, "reports").left_out == {reason: 1}


def test_reports_of_patients_messages_are_counted_as_others(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, order(), kind="ORM^O01"), "reports")
    assert (found.rows, found.left_out) == ([], {"other_message": 1, "unknown_rows: ORM^O01": 1})


def test_the_usual_columns_are_of_the_contracts() -> None:
    from include.definitions import contracts

    for feed in contracts.FEEDS:
        usual = usual_sources(feed)
        assert bool(usual) == (feed in {"results", "exams", "lesions", "reports", "merges", "patients", "visits"})
