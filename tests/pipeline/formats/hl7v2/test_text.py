"""Encodings, frames, separators, escapes, batches: whatever way a message is written, it says the same."""

import gzip
import tracemalloc
from itertools import islice, product
from pathlib import Path

import hl7
import pytest

from include.basics.errors import RegistryError
from include.pipeline.formats.hl7v2 import lines
from include.pipeline.formats.hl7v2.marks import marks_of
from tests.pipeline.formats.hl7v2.messages import OBR, PID, Found, message, read, read_file, results

BILI = "OBX|1|NM|BILT^Bilirubine élevée^L||17|µmol/l|||||F"
BATCH = "FHS|^~\\&|LIMS\rBHS|^~\\&|LIMS\r{}BTS|{}\rFTS|1\r"


def bilirubin(folder: Path, content: bytes, encoding: str | None = None) -> Found:
    return read(folder, content, columns=("name", "unit"), encoding=encoding)


def refusal(folder: Path, content: bytes | str, encoding: str | None = None) -> str:
    with pytest.raises(RegistryError) as refused:
        read(folder, content, encoding=encoding)
    assert "Bilirubine" not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("charset", "written", "profile"),
    [
        ("", "utf-8", None),
        ("", "utf-8-sig", None),
        ("UNICODE UTF-8", "utf-8", "cp1252"),
        ("8859/1", "latin-1", None),
        ("8859/1", "latin-1", "utf-8"),
        ("8859/15", "iso8859-15", None),
        ("ISO 8859/1", "latin-1", None),
        ("iso_8859-1", "latin-1", None),
        ("Utf8", "utf-8", None),
        ("ISO IR192", "utf-8", None),
        ("HOUSE", "cp1252", "cp1252"),
        ("8859/1~UNICODE UTF-8", "latin-1", None),
        ("~UNICODE UTF-8", "utf-8", None),
        ("", "cp1252", "cp1252"),
        ("8859/1", "cp1252", "cp1252"),
        ("ASCII", "cp1252", "cp1252"),
        ("UNICODE UTF-16", "utf-16", None),
        ("", "utf-16-le", None),
        ("", "utf-16-be", None),
    ],
)
def test_msh_18_says_the_encoding_else_the_profile(
    tmp_path: Path, charset: str, written: str, profile: str | None
) -> None:
    text = message(PID, OBR, BILI, charset=charset)
    found = bilirubin(tmp_path, text.encode(written), profile)
    assert found.rows == [{"name": "Bilirubine élevée", "unit": "µmol/l"}]


@pytest.mark.parametrize(
    ("charset", "written", "profile"),
    [
        ("", "latin-1", None),
        ("UNICODE UTF-8", "latin-1", "latin-1"),
        ("8859/1", "utf-8", None),
        ("", "utf-8", "cp1252"),
        ("ASCII", "utf-8", None),
        ("EBCDIC", "utf-8", None),
    ],
)
def test_another_encoding_holds_the_file(tmp_path: Path, charset: str, written: str, profile: str | None) -> None:
    text = message(PID, OBR, BILI, charset=charset)
    assert refusal(tmp_path, text.encode(written), profile) == "REG-301"


def test_letters_that_latin_1_has_not_hold_the_file(tmp_path: Path) -> None:
    text = message(PID, OBR, BILI.replace("élevée", "– œ"), charset="8859/1")
    assert refusal(tmp_path, text.encode("cp1252")) == "REG-301"


def test_messages_of_two_encodings_hold_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path, message(PID, charset="8859/1") + message(PID, charset="UNICODE UTF-8")) == "REG-301"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_segments_end_in_any_way(tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 7)
    text = (message(PID, OBR, BILI) + message(PID, OBR, BILI)).replace("\r", end)
    found = bilirubin(tmp_path, text.encode())
    assert (len(found.rows), found.rejected) == (2, [])


@pytest.mark.parametrize("between", ["\x1c\r", "\x1c", "\x1c\n"])
def test_frames_of_mllp_are_no_text(tmp_path: Path, between: str) -> None:
    framed = f"\x0b{message(PID, OBR, BILI)}{between}"
    found = bilirubin(tmp_path, (framed * 2).encode())
    assert (len(found.rows), found.rejected) == (2, [])


def test_a_file_may_be_compressed(tmp_path: Path) -> None:
    file = tmp_path / "extract.hl7.gz"
    file.write_bytes(gzip.compress(message(PID, OBR, BILI).encode()))
    assert len(read_file(file, "results").rows) == 1
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(RegistryError) as refused:
        read_file(file, "results")
    assert refused.value.code == "REG-301"


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "extract.hl7.gz"
    file.write_bytes(gzip.compress((message(PID, OBR, BILI) * 5_000).encode()))
    monkeypatch.setattr(lines.limits().__class__, "allowed", lambda _, stored: stored * 10)
    with pytest.raises(RegistryError) as refused:
        read_file(file, "results")
    assert refused.value.code == "REG-306"


@pytest.mark.parametrize("content", ["", "\r\n\r\n", BATCH.format("", 0)])
def test_a_file_without_messages_is_a_quiet_night(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == Found([], [], {}, set())


@pytest.mark.parametrize("content", ["a,b\r1,2\r", "PID|1\r", "MSH\r", "MSHX\r", "\0\0\0", "MSH|^~\\&|\0\r"])
def test_text_without_a_message_holds_the_file(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content) == "REG-301"


def test_batches_are_unwrapped(tmp_path: Path) -> None:
    two = message(PID, OBR, BILI) + message(PID, OBR, BILI)
    found = read(tmp_path, BATCH.format(two, 2))
    assert (len(found.rows), found.rejected) == (2, [])


def test_a_batch_that_announces_more_messages_than_came_holds_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path, BATCH.format(message(PID, OBR, BILI), 2)) == "REG-301"


@pytest.mark.parametrize(("announced", "holds"), [(1, False), (2, True), (3, False)])
def test_a_file_that_announces_more_batches_than_came_is_held(tmp_path: Path, announced: int, holds: bool) -> None:
    content = BATCH.format(message(PID, OBR, BILI) * 3, 3).replace("FTS|1", f"FTS|{announced}")
    if holds:
        assert refusal(tmp_path, content) == "REG-301"
    else:
        assert len(read(tmp_path, content).rows) == 3


def test_what_continues_a_segment_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, message(PID, OBR, BILI.replace("|F", ""), "ADD|µmol/l|||||F"))
    assert found.rejected == [(5, "ADD|µmol/l|||||F")]


@pytest.mark.parametrize("marks", ["$%*!@", "#^~\\&", "|~^\\&", "|^~\\&#"])
def test_a_message_says_its_own_separators(tmp_path: Path, marks: str) -> None:
    field, component = marks[:2]
    text = message(PID, OBR, BILI)
    other = text[:3] + marks + text[8:].translate(str.maketrans("|^", field + component))
    found = bilirubin(tmp_path, (text + other + text).encode())
    assert found.rows == [{"name": "Bilirubine élevée", "unit": "µmol/l"}] * 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\F\b", "a|b"),
        (r"a\S\b", "a^b"),
        (r"a\T\b", "a&b"),
        (r"a\R\b", "a~b"),
        (r"a\E\b", "a\\b"),
        (r"a\E\S\E\b", "a\\S\\b"),
        (r"a\H\b\N\c", "abc"),
        (r"a\.br\b", "a\nb"),
        (r"a\.sp999999999\b", "a\nb"),
        (r"a\.sk3\b", "a b"),
        (r"a\.in+4\b", "ab"),
        (r"a\XC3A9\b", "aéb"),
        (r"a\X00\b", r"a\X00\b"),
        (r"a\XFF\b", r"a\XFF\b"),
        (r"a\X0D0A\b", "a\nb"),
        (r"a\Zxy\b", r"a\Zxy\b"),
        (r"a\b", r"a\b"),
        ('a"b,c', 'a"b,c'),
        ('""', ""),
    ],
)
def test_escapes_are_what_they_stand_for(tmp_path: Path, written: str, meant: str) -> None:
    found = read(tmp_path, results(f"1|ST|A^{written}^L||1||||||F"), columns=("name", "key"))
    assert found.rows == [{"name": meant or None, "key": "F-11|A"}]


def test_text_is_as_another_library_reads_it() -> None:
    text = message(PID, OBR, r"OBX|1|ST|A\T\B^b\S\c^L^1920-8^\R\^LN||x\F\y~z&t^u|\E\||||||F|||20230509")
    parsed, marks = hl7.parse(text), marks_of(text, "utf-8")
    for line, segment in zip(text.rstrip("\r").split("\r"), parsed, strict=True):
        fields = marks.fields(line)
        for place in range(3 if line.startswith("MSH") else 1, len(fields)):
            for component in range(1, 7):
                found = marks.component_of(fields[place], component)
                assert found == extracted(segment, place, component), (line[:3], place, component)


def extracted(segment: hl7.Segment, place: int, component: int) -> str:
    try:
        return str(segment.extract_field(1, place, 1, component, 1))
    except IndexError:
        return ""


def test_what_is_no_segment_is_set_aside_with_its_number(tmp_path: Path) -> None:
    segments = (PID, "and a line of text", OBR, "obx|1", BILI, "OBX")
    found = read(tmp_path, "first\r" + message(*segments))
    assert found.rejected == [(1, "first"), (4, "and a line of text"), (6, "obx|1"), (8, "OBX")]
    assert len(found.rows) == 1


def test_a_message_without_separators_is_set_aside_alone(tmp_path: Path) -> None:
    broken = message(PID, OBR, BILI).replace("MSH|^~\\&|", "MSHA")
    found = read(tmp_path, message(PID, OBR, BILI) + broken + message(PID, OBR, BILI))
    assert (len(found.rows), [number for number, _ in found.rejected]) == (2, [5, 6, 7, 8])


def test_a_line_beyond_the_limit_is_set_aside_and_a_file_counted(tmp_path: Path) -> None:
    long = "x" * (lines.limits().longest_line + 5)
    found = read(tmp_path, message(PID, OBR, f"OBX|1|ED|A^a^L||{long}", f"OBX|2|ST|A^a^L||{long}", BILI))
    assert (len(found.rows), found.left_out) == (1, {"document": 1})
    assert [number for number, _ in found.rejected] == [5]


@pytest.mark.parametrize("more", [0, 60])
def test_messages_that_begin_in_many_ways_need_little_memory(
    tmp_path: Path, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK", 1 << 14)
    ways = islice(product(("AL1|", "DG1|"), repeat=14), 4_000)
    content = "".join(message(PID, *way, *["NTE|"] * more) for way in ways)
    read(tmp_path, message(PID))

    tracemalloc.start()
    read(tmp_path, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3_500_000
