"""Laboratory messages: each OBX is a result, or is counted with the reason why not."""

from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from tests.pipeline.formats.hl7v2.messages import OBR, PID, message, read, results

AST = "ASAT^Aspartate aminotransférase^L"


def test_a_result_has_what_the_contract_asks(tmp_path: Path) -> None:
    found = read(tmp_path, results(f"1|NM|{AST}||62|U/L|5 - 34|H|||F|||202305090812"))
    assert found.rows == [
        {
            "key": "F-11|ASAT",
            "patient": "A-301",
            "time": "2023-05-09T08:12",
            "code": "ASAT",
            "name": "Aspartate aminotransférase",
            "value": "62",
            "unit": "U/L",
            "low": "5",
            "high": "34",
            "status": "final",
        }
    ]
    assert (found.rejected, found.left_out) == ([], {})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("F", "final"),
        ("P", "preliminary"),
        ("I", "preliminary"),
        ("R", "preliminary"),
        ("S", "preliminary"),
        ("C", "corrected"),
        ("D", "cancelled"),
        ("X", "cancelled"),
        ("W", "cancelled"),
        ("Q", "Q"),
        ("", "final"),
    ],
)
def test_a_status_is_the_contracts_word_or_as_it_is(tmp_path: Path, said: str, expected: str) -> None:
    assert read(tmp_path, results(f"1|NM|{AST}||62|U/L||||{''}|{said}")).column("status") == [expected]


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (f"1|NM|{AST}||62|U/L|||||N", "no_result"),
        (f"1|NM|{AST}|||U/L|||||O", "no_result"),
        (f"1|NM|{AST}|||U/L|||||U", "no_result"),
        (f"1|NM|{AST}|||U/L|||||I", "no_result"),
        ("1|ED|PDF^Compte rendu^L||^application^pdf^Base64^JVBERi0||||||F", "document"),
        ("1|RP|PDF^Compte rendu^L||x.pdf||||||F", "document"),
        ("1|TX|COM^Commentaire^L||voir le compte rendu||||||F", "comment"),
    ],
)
def test_what_is_no_result_is_counted(tmp_path: Path, observation: str, reason: str) -> None:
    found = read(tmp_path, results(observation, f"2|NM|{AST}||62|U/L|||||F"))
    assert (len(found.rows), found.left_out) == (1, {reason: 1})


def test_a_withdrawn_result_without_a_value_is_a_row(tmp_path: Path) -> None:
    for kind in ("NM", "TX"):
        found = read(tmp_path, results(f"1|{kind}|{AST}||||||||D"), columns=("key", "value", "status"))
        assert found.rows == [{"key": "F-11|ASAT", "value": None, "status": "cancelled"}]


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("NM", "62", "62"),
        ("ST", "62,0", "62,0"),
        ("ST", "< 3", "<3"),
        ("ST", ">= 3", ">=3"),
        ("ST", "=< 3", "<=3"),
        ("TX", "< 3", "<3"),
        ("ST", "< seuil", "< seuil"),
        ("SN", ">^100", ">100"),
        ("SN", "^100", "100"),
        ("SN", "=^100", "100"),
        ("SN", "^1^:^128", "1:128"),
        ("SN", "<=^0.5", "<=0.5"),
        ("CE", "POS^Positive^L", "POS"),
        ("CWE", "^Positive", "Positive"),
        ("NM", '""', None),
        ("ST", "12~13", "12+13"),
        ("NM", "12~12", "12"),
        ("CWE", "art^Arterielle^L~port^Portale^L", "art+port"),
        ("SN", "^1~<^3", "1+<3"),
        ("", "62", "62"),
    ],
)
def test_a_value_is_read_by_its_type(tmp_path: Path, kind: str, written: str, expected: str | None) -> None:
    assert read(tmp_path, results(f"1|{kind}|{AST}||{written}|U/L|||||F")).column("value") == [expected]


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("10-35", "10", "35"),
        ("62 - 106", "62", "106"),
        ("<102", None, "<102"),
        ("< 102", None, "<102"),
        (">= 60", ">=60", None),
        ("0,5 à 1,2", "0,5", "1,2"),
        ("[3.5 – 5.1]", "3.5", "5.1"),
        ("-2 - 3", "-2", "3"),
        ("10 -", "10", None),
        ("- 35", None, "35"),
        ("35", None, "range 35"),
        ("négatif", None, "range négatif"),
        ("", None, None),
    ],
)
def test_a_range_has_a_lower_and_an_upper_limit(
    tmp_path: Path, written: str, low: str | None, high: str | None
) -> None:
    found = read(tmp_path, results(f"1|NM|{AST}||62|U/L|{written}||||F"))
    assert (found.column("low"), found.column("high")) == ([low], [high])


@pytest.mark.parametrize(
    ("written", "code", "loinc", "local", "name", "key"),
    [
        ("1920-8^AST^LN^ASAT^Transaminase^L", "1920-8", "1920-8", "ASAT", "AST", "F-11|ASAT"),
        ("ASAT^Transaminase^L^1920-8^AST^LN", "1920-8", "1920-8", "ASAT", "Transaminase", "F-11|ASAT"),
        ("1920-8^AST^LN", "1920-8", "1920-8", None, "AST", "F-11|1920-8"),
        ("ASAT^Transaminase^L", "ASAT", None, "ASAT", "Transaminase", "F-11|ASAT"),
        ("1920-8^AST^L", "1920-8", None, "1920-8", "AST", "F-11|1920-8"),
        ("^Transaminase", "Transaminase", None, None, "Transaminase", "F-11|Transaminase"),
    ],
)
def test_loinc_is_told_by_its_system(
    tmp_path: Path, written: str, code: str, loinc: str | None, local: str | None, name: str, key: str
) -> None:
    names = ("code", "loinc", "local_code", "name", "key")
    found = read(tmp_path, results(f"1|NM|{written}||62|U/L|||||F"), columns=names)
    assert list(found.rows[0].values()) == [code, loinc, local, name, key]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("U/L", "U/L"),
        ("UI/l^unité^L^U/L^^UCUM", "U/L"),
        ("10*9/L^^UCUM", "10*9/L"),
        ("10^9/L", "10^9/L"),
        ("x10^3/uL", "x10^3/uL"),
        (r"10\S\9/L", "10^9/L"),
        ("^g par litre", "g par litre"),
    ],
)
def test_a_unit_is_ucum_or_the_first(tmp_path: Path, written: str, expected: str) -> None:
    assert read(tmp_path, results(f"1|NM|{AST}||62|{written}|||||F")).column("unit") == [expected]


def test_the_key_is_order_code_and_sub_id_and_never_the_set_id(tmp_path: Path) -> None:
    again = OBR.replace("OBR|1", "OBR|2").replace("F-11", "F-12")
    segments = (
        PID,
        OBR,
        f"OBX|1|NM|{AST}|1|62||||||F",
        f"OBX|2|NM|{AST}|2|63||||||F",
        again,
        f"OBX|1|NM|{AST}||64||||||F",
    )
    found = read(tmp_path, message(*segments), columns=("key", "value"))
    assert found.column("key") == ["F-11|ASAT|1", "F-11|ASAT|2", "F-12|ASAT"]


def test_the_placers_order_is_the_key_where_the_laboratory_gives_none(tmp_path: Path) -> None:
    for segments in (["OBR|1|O-9"], ["ORC|RE||O-9", "OBR|1"], ["ORC|RE|O-9", "OBR|1"]):
        found = read(tmp_path, message(PID, *segments, f"OBX|1|NM|{AST}||62"), columns=("key",))
        assert found.column("key") == ["O-9|ASAT"]
    found = read(tmp_path, message(PID, "OBR|1", f"OBX|1|NM|{AST}||62"), columns=("key",))
    assert found.column("key") == [None]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20230509", "2023-05-09"),
        ("202305", "2023-05"),
        ("2023050908", "2023-05-09T08:00"),
        ("202305090812", "2023-05-09T08:12"),
        ("20230509081205", "2023-05-09T08:12:05"),
        ("20230509081205.1234+0200", "2023-05-09T08:12:05.1234+02:00"),
        ("202305090812-0500", "2023-05-09T08:12-05:00"),
        ("202305090812^S", "2023-05-09T08:12"),
        ("hier", "hier"),
        ("", "2023-05-09T08:10"),
        ('""', "2023-05-09T08:10"),
    ],
)
def test_a_time_is_that_of_the_observation_or_of_the_order(tmp_path: Path, written: str, expected: str) -> None:
    found = read(tmp_path, results(f"1|NM|{AST}||62|U/L|||||F|||{written}"), columns=("time", "date"))
    assert list(found.rows[0].values()) == [expected, expected[:10]]


@pytest.mark.parametrize(
    ("pid", "expected"),
    [
        ("PID|||A-1^^^S^PI", "A-1"),
        ("PID|||1600799^^^ASIP^INS-NIR~A-1^^^S^PI", "A-1"),
        ("PID|||A-2^^^S^MR~A-1^^^S^PI", "A-1"),
        ("PID|||A-1", "A-1"),
        ("PID|||A-1^^^S^IPP", "A-1"),
        ("PID|||1600799^^^ASIP^INS-NIR", None),
        ("PID||A-1", "A-1"),
        ("PID|", None),
    ],
)
def test_a_patient_goes_by_the_hospitals_id(tmp_path: Path, pid: str, expected: str | None) -> None:
    assert read(tmp_path, message(pid, OBR, f"OBX|1|NM|{AST}||62")).column("patient") == [expected]


def test_paths_name_any_place(tmp_path: Path) -> None:
    pid = "PID|1||A-1^^^S&1.2.3&ISO^PI~B-2^^^T^MR"
    segments = (
        pid,
        "ORC|RE",
        OBR,
        f"OBX|1|CE|{AST}||POS^Positive",
        "NTE|1||à jeun",
        "SPM|1|||SER",
        f"OBX|2|NM|{AST}||5",
    )
    asked = (
        "PID-3",
        "PID-3[MR].1",
        "PID-3[1.2.3].1",
        "PID-3.4.2",
        "MSH-10",
        "OBX-5.2",
        "NTE-3",
        "SPM-4",
        "ZXX-3",
        "OBR-7",
    )
    found = read(tmp_path, message(*segments), columns=asked)
    assert list(found.rows[0].values()) == [
        "A-1", "B-2", "A-1", "1.2.3", "A1", "Positive", "à jeun", "SER", None, "2023-05-09T08:10",
    ]  # fmt: skip
    assert (found.rows[1]["OBX-5.2"], found.rows[1]["NTE-3"]) == (None, None)


@pytest.mark.parametrize("path", ["OBX", "obx-3", "PID-0", "PID[x]-3", "PID-3..1", "result", "merged "])
def test_a_path_that_is_none_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(RegistryError) as refused:
        read(tmp_path, results(), columns=(path,))
    assert refused.value.code == "REG-401"


def test_observations_of_other_messages_are_counted(tmp_path: Path) -> None:
    other = message("EVN|A01|20230510", PID, "OBX|1|NM|BW^Weight||62|kg", kind="ADT^A01")
    found = read(tmp_path, other + results(f"1|NM|{AST}||62|U/L"))
    assert (len(found.rows), found.left_out) == (1, {"other_message": 1, "unknown_rows: ADT^A01": 1})


def test_a_cell_that_is_too_long_sets_its_line_aside(tmp_path: Path) -> None:
    found = read(tmp_path, results(f"1|ST|{AST}||{'é' * 1500}|U/L", f"2|NM|{AST}||62|U/L"))
    assert [number for number, _ in found.rejected] == [4]
    assert len(found.rejected[0][1]) == 1000
    assert found.column("value") == ["62"]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (("20230510120000", "20230510150000"), ["1", "2"]),
        (("20230510150000", "20230510120000"), ["2", "1"]),
        (("20230510150000+0200", "202305101400+0000"), ["1", "2"]),
        (("20230510150000", "20230510"), ["1", "2"]),
    ],
)
@pytest.mark.parametrize("columns", [("value",), ("key", "value", "NTE-3")])
def test_the_message_that_was_sent_later_counts(
    tmp_path: Path, times: tuple[str, str], expected: list[str], columns: tuple[str, ...]
) -> None:
    sent = [
        results(f"1|NM|{AST}||{number}|U/L|||||F").replace("20230510101500", time)
        for number, time in enumerate(times, 1)
    ]
    assert read(tmp_path, "".join(sent), "results", columns).column("value") == expected


def test_a_result_without_a_code_has_no_key(tmp_path: Path) -> None:
    assert read(tmp_path, results("1|NM|||62|U/L|||||F")).column("key") == [None]
