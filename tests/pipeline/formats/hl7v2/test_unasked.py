"""What no feed of a file asks for is told: messages, segments, observations, orders without any."""

from pathlib import Path

import pytest

from include.pipeline.formats.interface import SameFiles
from tests.pipeline.formats.hl7v2.messages import OBR, PID, message, read, results, usual_sources

DIAGNOSIS, SYNOPTIC = "DG1|1||C17.2", "OBX|1|CWE|NECRO^Nécrose^L||Y^oui^L||||||F"
PRIMARY = "OBX|2|ST|21855-2^Primary site^LN||C17.2||||||F"


def adt(event: str, *segments: str) -> str:
    return message("EVN||20240302", PID, *segments, kind=f"ADT^{event}")


def of(*feeds: str, ignored: dict[str, list[str]] | None = None, spoken: tuple[str, ...] = ()) -> SameFiles:
    usual = {name for feed in feeds for name in usual_sources(feed)}
    return SameFiles(dict.fromkeys(feeds, ""), frozenset({*usual, *spoken}), ignored or {})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (adt("A37", PID), "unknown_rows: ADT^A37"),
        (adt("A24", PID), "unknown_rows: ADT^A24"),
        (adt("A40"), "unknown_rows: ADT^A40"),
        (message(PID, "RXA|0|1", kind="VXU^V04"), "unknown_rows: VXU^V04"),
        (message(PID, kind="ESSAI DEUX"), "unknown_rows"),
    ],
)
def test_a_message_that_nobody_takes_is_told_by_the_first_feed(tmp_path: Path, content: str, told: str) -> None:
    feeds = of("merges", "patients")
    assert read(tmp_path, content, "merges", beside=feeds).left_out == {told: 1}
    assert read(tmp_path, content, "patients", beside=feeds).left_out == {}


@pytest.mark.parametrize(
    ("event", "feeds"),
    [
        ("A08", of("merges", "patients")),
        ("A02", of("merges")),
        ("A08", of("merges", ignored={"MSH-9": ["ADT^A08"]})),
        ("A08", of("merges", ignored={"MSH-9": ["ADT"]})),
    ],
)
def test_a_message_that_another_feed_takes_or_nobody_needs_is_not_told(
    tmp_path: Path, event: str, feeds: SameFiles
) -> None:
    assert read(tmp_path, adt(event), "merges", beside=feeds).left_out == {}


def test_messages_of_another_type_in_a_file_of_results_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, adt("A37") + results("1|NM|A^a^L||1|g"))
    assert (len(found.rows), found.left_out) == (1, {"unknown_rows: ADT^A37": 1})


@pytest.mark.parametrize("kind", ["ORU^R01", "MDM^T02"])
def test_observations_of_a_group_that_no_column_names_are_told_once(tmp_path: Path, kind: str) -> None:
    content = message(PID, OBR, PRIMARY, SYNOPTIC, kind=kind)
    assert read(tmp_path, content, "reports").unasked == {"OBX[NECRO]"}
    feeds = of("exams", "reports")
    assert read(tmp_path, content, "exams", beside=feeds).unasked == {"OBX[NECRO]"}
    assert read(tmp_path, content, "reports", beside=feeds).unasked == set()


def test_observations_that_are_rows_or_left_out_are_not_told(tmp_path: Path) -> None:
    content = message(PID, OBR, PRIMARY, SYNOPTIC)
    assert read(tmp_path, content, "reports", beside=of("reports", "results")).unasked == set()
    assert read(tmp_path, content, "reports", beside=of("reports", spoken=("OBX[NECRO]",))).unasked == set()


def test_segments_that_no_feed_names_are_told(tmp_path: Path) -> None:
    content = adt("A08", "PV1|1|I", "NK1|1|TEST", "AL1|1", DIAGNOSIS, "ZDX|1", SYNOPTIC) + adt("A02", "ZBE|1")
    assert read(tmp_path, content, "patients").unasked == {"DG1", "ZDX", "OBX[NECRO]"}
    spoken = of("patients", spoken=("DG1-3", "ZDX", "OBX[NECRO]-5"))
    assert read(tmp_path, content, "patients", beside=spoken).unasked == set()
    assert read(tmp_path, message(PID, OBR, "ZLR|1", PRIMARY)).unasked == {"ZLR"}


@pytest.mark.parametrize(
    ("feeds", "told"),
    [(of("patients"), {"PID-29"}), (of("patients", "visits"), set()), (of("patients", spoken=("PID-29",)), set())],
)
def test_a_death_that_no_feed_takes_is_told(tmp_path: Path, feeds: SameFiles, told: set[str]) -> None:
    content = adt("A08") + adt("A08").replace(PID, PID + "|" * 22 + "Y")
    assert read(tmp_path, content, "patients", beside=feeds).unasked == told


@pytest.mark.parametrize("behind", [(), ("NTE-3",)])
def test_an_order_without_observations_is_counted(tmp_path: Path, behind: tuple[str, ...]) -> None:
    content = message(PID, OBR[:-1] + "X", OBR, OBR, "OBX|1|NM|A^a^L||1|g||||||F", OBR[:-1] + "X")
    names = (*usual_sources("results"), *behind)
    found = read(tmp_path, content, "results", names)
    assert (len(found.rows), found.left_out) == (1, {"unknown_rows: cancelled order": 2, "no_observation": 1})
    ignored = of("results", ignored={"OBR-25": ["X"]})
    assert read(tmp_path, content, "results", names, beside=ignored).left_out == {"no_observation": 3}


@pytest.mark.parametrize(
    ("segments", "left_out"),
    [
        ((OBR[:-1] + "X",), {"unknown_rows: cancelled order": 1}),
        (("ORC|CA||F-11", OBR[:-1]), {"unknown_rows: cancelled order": 1}),
        ((OBR[:-1] + "X", "OBX|1|TX|NOTE^n^L||withdrawn||||||F"), {"unknown_rows: cancelled order": 1}),
        ((OBR,), {"no_result": 1}),
    ],
)
def test_a_cancelled_order_without_parts_is_told(
    tmp_path: Path, segments: tuple[str, ...], left_out: dict[str, int]
) -> None:
    content = message(PID, *segments)
    assert read(tmp_path, content, "lesions").left_out == left_out
    ignored = of("lesions", ignored={"OBR-25": ["X"], "ORC-1": ["CA"]})
    assert "unknown_rows: cancelled order" not in read(tmp_path, content, "lesions", beside=ignored).left_out


@pytest.mark.parametrize("behind", [(), ("NTE-3",)])
@pytest.mark.parametrize(
    ("said", "status"), [("D", "cancelled"), ("", "cancelled"), ("F", "final"), ("C", "corrected")]
)
def test_a_cancelled_order_is_told_beside_the_results_that_it_names(
    tmp_path: Path, said: str, status: str, behind: tuple[str, ...]
) -> None:
    content = message(PID, OBR[:-1] + "X", f"OBX|1|NM|A^a^L||1|g|||||{said}")
    names = (*usual_sources("results"), *behind)
    found = read(tmp_path, content, "results", names)
    assert (found.column("status"), found.left_out) == ([status], {"unknown_rows: cancelled order": 1})
    ignored = of("results", ignored={"OBR-25": ["X"]})
    assert read(tmp_path, content, "results", names, beside=ignored).left_out == {}


def test_a_cancelled_order_is_told_beside_the_parts_that_it_names(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, OBR[:-1] + "X", "OBX|1|NM|33728-7^s^LN|L1|9|mm|||||D"), "lesions")
    assert (found.column("status"), found.left_out) == (["cancelled"], {"unknown_rows: cancelled order": 1})


@pytest.mark.parametrize("feeds", [("exams", "lesions"), ("lesions", "results"), ("reports", "lesions")])
def test_a_cancelled_order_is_told_by_one_feed_at_most(tmp_path: Path, feeds: tuple[str, ...]) -> None:
    found = read(tmp_path, message(PID, OBR[:-1] + "X"), "lesions", beside=of(*feeds))
    assert found.left_out == {"no_result": 1}


def test_a_document_that_is_withdrawn_has_no_parts_to_tell(tmp_path: Path) -> None:
    withdrawn = "TXA|1|CN|TX|202305090810||202305090810||||||DOC-1||||||LA||CA"
    assert read(tmp_path, message(PID, OBR, withdrawn, kind="MDM^T11"), "lesions").left_out == {"no_result": 1}


ORDERED = OBR[:-1]
CANCELLED = {"unknown_rows: cancelled order": 1}


@pytest.mark.parametrize(
    ("segments", "left_out"),
    [
        (("ORC|OC||F-11", ORDERED), CANCELLED),
        (("ORC|CA||F-11", OBR), CANCELLED),
        (("ORC|CR||F-11",), CANCELLED),
        (("ORC|SC||F-11||CA", ORDERED), CANCELLED),
        (("ORC|UC||F-11||CM", ORDERED), {"no_observation": 1}),
        (("ORC|CA||F-11", ORDERED, "OBX|1|NM|A^a^L||1|g|||||D"), CANCELLED),
        (("ORC|OC||F-11", ORDERED, "OBX|1|NM|A^a^L||1|g|||||F"), CANCELLED),
        (("ORC|CA||F-11", OBR, "OBX|1|NM|A^a^L||1|g|||||F"), {}),
        (("ORC|CA||F-11", ORDERED, "OBX|1|TX|N^n^L||clotted||||||F"), {"comment": 1, **CANCELLED}),
        (
            ("ORC|CA||F-11", ORDERED, "OBX|1|TX|N^n^L||clotted||||||F", "NTE|1", "OBX|1|NM|A^a^L||||||||D"),
            {"comment": 1, **CANCELLED},
        ),
        ((ORDERED, "OBX|1|TX|N^n^L||clotted||||||F", OBR), {"comment": 1, "no_observation": 1}),
        (("ORC|CA||F-11", ORDERED, f"OBX|1|ED|N^n^L||{'a' * 2_000_001}||||||F"), {"document": 1, **CANCELLED}),
        (("ORC|CA||F-10", ORDERED, "ORC|RE||F-11", OBR, "OBX|1|NM|A^a^L||1|g||||||F"), CANCELLED),
        (("ORC|CA||F-10", PID, OBR, "OBX|1|NM|A^a^L||1|g||||||F"), CANCELLED),
    ],
)
@pytest.mark.parametrize("behind", [(), ("NTE-3",)])
def test_an_order_that_orc_cancels_is_told(
    tmp_path: Path, segments: tuple[str, ...], left_out: dict[str, int], behind: tuple[str, ...]
) -> None:
    names = (*usual_sources("results"), *behind)
    assert read(tmp_path, message(PID, *segments), "results", names).left_out == left_out
    ignored = of("results", ignored={"ORC-1": ["OC", "CA", "CR"], "ORC-5": ["CA"]})
    found = read(tmp_path, message(PID, *segments), "results", names, beside=ignored)
    assert not CANCELLED.keys() & found.left_out.keys()
