"""CDISC Dataset-JSON: the text of numbers, rows one by one, whatever the order of what the file says."""

import gzip
import json
import os
import random
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from tests.pipeline.formats.tables import read, rejected, write

SEED = 20260103
EXAMPLES = int(os.environ.get("EXAMPLES", "1"))
NAMES = ("USUBJID", "LBORRES", "LBDTC", "LBFL")
SAID = '"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.LB", "name": "LB", "label": "Labor, [\\"x\\"]"'
COLUMNS = '"columns": [{}]'.format(
    ", ".join(f'{{"itemOID": "IT.{n}", "name": "{n}", "dataType": "string"}}' for n in NAMES)
)
ROWS = ['["P1", 62.10, "2024-05-06", true]', '["é,\\n\\"", 1e5, null, false]', '["", 12345678901234567890, "", null]']
CELLS = [
    ("P1", "62.10", "2024-05-06", "true"),
    ('é,\n"', "1e5", None, "false"),
    (None, "12345678901234567890", None, None),
]
PARTS = {
    "said": SAID,
    "records": '"records": 3',
    "columns": COLUMNS,
    "rows": '"rows": [\n {} ]'.format(",\n ".join(ROWS)),
}
WHOLE = "{{{}}}".format(", ".join(PARTS.values()))
LINES = "\n".join(["{{{}}}".format(", ".join((SAID, PARTS["records"], COLUMNS))), *ROWS]) + "\n"


def packed(content: bytes) -> bytes:
    """The same bytes for the same content, at any time: a test is known by them."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lb.json", WHOLE.encode()),
        ("lb.json", WHOLE.encode("utf-8-sig")),
        (
            "lb.json",
            json.dumps(json.loads(WHOLE.replace("62.10", '"62.10"').replace("1e5", '"1e5"')), indent=4).encode(),
        ),
        (
            "lb.json",
            ("{{{}}}\n".format(",".join(PARTS[key] for key in ("rows", "columns", "said", "records")))).encode(),
        ),
        ("lb.json.gz", packed(WHOLE.encode())),
        ("lb.ndjson", LINES.encode()),
        ("lb.ndjson", LINES.replace("\n", "\r\n\r\n").encode()),
        ("lb.ndjson.gz", packed(LINES.encode())),
    ],
)
def test_one_table_from_every_way_of_writing_it(tmp_path: Path, name: str, content: bytes) -> None:
    rows, cells = read("dataset_json", write(tmp_path, content, name))
    assert (rows.columns, cells, rejected(rows)) == (NAMES, CELLS, [])


def test_parts_that_come_in_pieces_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 7, 64):
        monkeypatch.setattr("include.pipeline.formats.json_parts.BLOCK", size)
        assert read("dataset_json", write(tmp_path, WHOLE.encode(), "lb.json"))[1] == CELLS


NO_ROWS = [
    "null",
    '{"USUBJID": "P9"}',
    '["P9"]',
    '["P9", 1, 2, 3, 4]',
    '["P9", [1], "", true]',
    '["P9\\u0000", 1, "", null]',
    '["\\ud800", 1, "", null]',
]


@pytest.mark.parametrize("row", [*NO_ROWS, f'["{"x" * 3000}", 1, "", null]'])
@pytest.mark.parametrize("name", ["lb.json", "lb.ndjson"])
def test_what_is_no_row_is_set_aside_alone(tmp_path: Path, name: str, row: str) -> None:
    text = (WHOLE if name == "lb.json" else LINES).replace(ROWS[1], row)
    rows, cells = read("dataset_json", write(tmp_path, text.encode(), name))
    assert cells == [CELLS[0], CELLS[2]]
    assert [number for number, _ in rejected(rows)] == [2 if name == "lb.json" else 3]


@pytest.mark.parametrize("row", ['["P9", NaN, "", null]', '["P9", 1', "x", '["P9",, 1, 2]', "[" * 100_000])
def test_a_line_that_is_no_json_is_set_aside_alone(tmp_path: Path, row: str) -> None:
    rows, cells = read("dataset_json", write(tmp_path, LINES.replace(ROWS[1], row).encode(), "lb.ndjson"))
    assert (cells, [number for number, _ in rejected(rows)]) == ([CELLS[0], CELLS[2]], [3])


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("lb.json", WHOLE[:-9], "REG-301"),
        ("lb.json", WHOLE.replace('"records": 3', '"records": 4'), "REG-301"),
        ("lb.json", WHOLE + "x", "REG-301"),
        ("lb.json", WHOLE.replace("62.10", "NaN"), "REG-301"),
        ("lb.json", '{"clinicalData": {"itemGroupData": {}}}', "REG-301"),
        ("lb.json", "[]", "REG-301"),
        ("lb.json", "", "REG-301"),
        ("lb.json", WHOLE.replace(ROWS[0], "[" * 100_000), "REG-306"),
        ("lb.json", WHOLE.replace('"name": "USUBJID"', '"name": null'), "REG-301"),
        ("lb.ndjson", "".join(LINES.splitlines(True)[:-1]), "REG-301"),
        ("lb.ndjson", "x\n" + LINES, "REG-301"),
        ("lb.ndjson", "", "REG-301"),
    ],
)
def test_a_file_that_is_not_whole_is_held(tmp_path: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(RegistryError, match=code):
        read("dataset_json", write(tmp_path, text.encode(), name))


@pytest.mark.parametrize(("name", "text"), [("a.json", WHOLE), ("a.ndjson", LINES), ("a.ndjson.gz", LINES)])
def test_a_copy_lacks_personal_cells_and_keeps_all_other_text(tmp_path: Path, name: str, text: str) -> None:
    pack, unpack = (packed, gzip.decompress) if name.endswith(".gz") else (bytes, bytes)
    file, target = write(tmp_path, pack(text.encode()), name), tmp_path / f"kept_{name}"
    reader = reader_of("dataset_json")
    with pytest.raises(RegistryError, match="REG-218"):
        reader.without_personal(file, target, ("NAME",), Dialect())
    assert reader.without_personal(file, target, ("USUBJID", "LBFL"), Dialect())
    kept = text
    for whole, bare in (
        ('"P1"', "null"),
        ("true]", "null]"),
        ('"é,\\n\\""', "null"),
        ("false]", "null]"),
        ('[""', "[null"),
    ):
        kept = kept.replace(whole, bare)
    assert unpack(target.read_bytes()).decode() == kept
    assert read("dataset_json", target)[1] == [(None, *row[1:3], None) for row in CELLS]


def test_a_row_that_is_none_keeps_no_name(tmp_path: Path) -> None:
    file = write(tmp_path, LINES.replace(ROWS[1], '["P1", "Dupont').encode(), "a.ndjson")
    assert reader_of("dataset_json").without_personal(file, tmp_path / "b.ndjson", ("USUBJID",), Dialect())
    assert "Dupont" not in (tmp_path / "b.ndjson").read_text()
    assert [number for number, _ in rejected(read("dataset_json", tmp_path / "b.ndjson")[0])] == [3]


def test_mutated_files_lose_no_line_and_crash_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    for number in range(200 * EXAMPLES):
        content = bytearray(LINES.replace('"records": 3, ', "").encode())
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(content.index(b"\n") + 1, len(content))
            content[place : place + chance.randrange(3)] = chance.choice(
                [b"[", b'"', b"\n", b"\\", b"]", b",", b"9", b"\xe9", b""]
            )
        rows, cells = read("dataset_json", write(tmp_path, bytes(content), f"{number}.ndjson"))
        lines = content.split(b"\n")[1:]
        assert len(rejected(rows)) + len(cells) == sum(bool(line) for line in lines), content
