"""The example profile, with messages as a hospital sends them: rows of the registry, and none that nobody knows of."""

from datetime import datetime
from pathlib import Path

import pytest

from include.people.alarms.current import current_alarms
from tests.pipeline.formats.hl7v2.messages import message
from tests.pipeline.mapping.conftest import CODES
from tests.support.extracts import row
from tests.support.registry import Registry

EXAMPLE = Path(__file__).parents[4] / "include/sites/examples/hl7v2_lab.yml"
PID = "PID|1||{0}^^^SITEA^PI||ESSAI^DEUX||19600707|F"
LAB = message(
    PID.format("7"),
    "OBR|1||F-11^LIMS|P^Bilan hépatique^L|||202305090810||||||||||||||||||F",
    "OBX|1|ST|ASAT^Transaminase^L||62,5|UI/l|5 - 34||||F",
    "OBX|2|ST|ALAT^Transaminase^L||< 3|UI/l|<40||||F|||202305090812+0200",
    "OBX|3|ED|PDF^Compte rendu^L||^application^pdf^Base64^QUJD||||||F",
    charset="8859/1",
)
ADT = message("EVN|A40|20240302", PID.format("8"), "MRG|7^^^SITEA^PI", kind="ADT^A40")
UNLINKED = message("EVN|A37|20240303", PID.format("8"), PID.format("7"), kind="ADT^A37")


def send(registry: Registry, name: str, text: str) -> None:
    file = registry.extracts / "hl7v2_lab" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("cp1252"))
    registry.load()


def test_the_example_reads_messages(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sites"
    (folder / "hl7v2_lab").mkdir(parents=True)
    (folder / "hl7v2_lab.yml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "hl7v2_lab" / "loinc.csv").write_text(CODES + "ASAT,1920-8,,,me\nALAT,1742-6,,,me\n")
    (folder / "hl7v2_lab" / "units.csv").write_text(CODES + "UI/l,U/L,,,me\n")
    monkeypatch.setenv("SITES", str(folder))
    registry.deliver("patients", "2020-01-01", *(row("patients", patient_id=f"hl7v2_lab:{one}") for one in "78"))

    send(registry, "labo/oru_20230510.hl7", LAB)
    send(registry, "adt/adt_20240302.hl7", ADT + UNLINKED)
    send(registry, "adt/adt_20240303.hl7", message(PID.format("8"), kind="ADT^A08"))

    asked = "result_id, patient_id, collected_at, test_code, value, unit, reference_high, status"
    assert registry.states("results", asked) == [
        (
            "hl7v2_lab:F-11|ALAT",
            "hl7v2_lab:7",
            datetime(2023, 5, 9, 8, 12),
            "1742-6",
            "<3",
            "U/L",
            40,
            "final",
            "current",
        ),
        (
            "hl7v2_lab:F-11|ASAT",
            "hl7v2_lab:7",
            datetime(2023, 5, 9, 8, 10),
            "1920-8",
            "62.5",
            "U/L",
            34,
            "final",
            "current",
        ),
    ]
    merges = registry.rows("SELECT patient_id, person_id FROM clinical.person")
    assert merges == [("hl7v2_lab:7", "hl7v2_lab:8")]
    left_out = registry.rows("SELECT reason, rows FROM received.left_out ORDER BY reason")
    assert left_out == [("document", 1), ("unknown_rows: ADT^A37", 1)]
    told = [(one.source, one.state) for one in current_alarms(registry.warehouse) if one.cause == "unknown_rows"]
    assert told == [("hl7v2_lab/clinic", "1")]
