"""The files of the sample study: the same bytes, in the contracts' columns, peculiar only where planted."""

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

from include.definitions.contracts import FEEDS, read
from include.study.sample import NIGHTS, PLANTED, write_night, write_study
from tests.study.sample.reading import HELD, files, plants, read_rows


def test_writing_again_writes_the_same_bytes(study: Path, tmp_path: Path) -> None:
    for path in write_study(tmp_path):
        again = study / path.relative_to(tmp_path)
        if path.suffix == ".parquet":
            assert read_rows(path) == read_rows(again)
        else:
            assert path.read_bytes() == again.read_bytes()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.csv*")}
    write_night(tmp_path, NIGHTS[2])
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.csv*")}


def test_another_process_writes_the_same_bytes(study: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from include.study.sample import *; write_study(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env={"PYTHONHASHSEED": "7"}, cwd=Path.cwd())
    for path in study.rglob("*.csv*"):
        assert path.read_bytes() == (tmp_path / path.relative_to(study)).read_bytes()


def test_importing_the_study_loads_nothing_heavy() -> None:
    code = "import sys, include.study.sample; sys.exit(bool({'duckdb', 'pandas', 'numpy'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path.cwd())


def test_every_file_has_the_columns_of_its_contract_but_for_the_planted_ones(study: Path) -> None:
    extra: dict[tuple[str, str], set[str]] = {}
    missing: dict[tuple[str, str], set[str]] = {}
    for feed, night, path in files(study):
        columns = set(read_rows(path)[0])
        names = {field.name for field in read(feed).fields if not field.added}
        extra |= {(feed, night): columns - names} if columns - names else {}
        missing |= {(feed, night): names - columns} if names - columns else {}
    assert extra == {("results", "2020-11-03"): {"analyser"}}
    assert missing == {(plant.feed, plant.night.isoformat()): {"vital_status"} for plant in HELD}


def test_a_held_file_comes_again_whole_under_a_new_name(study: Path) -> None:
    for plant in HELD:
        assert plant.later is not None
        folder = study / "clinic" / plant.feed
        (held,) = (folder / plant.night.isoformat()).iterdir()
        (again,) = (path for path in (folder / plant.later.isoformat()).iterdir() if path.name != held.name)
        assert read_rows(held) == [{k: v for k, v in row.items() if k != "vital_status"} for row in read_rows(again)]


def test_the_first_night_is_the_history_and_later_nights_are_smaller(study: Path) -> None:
    rows, feeds = Counter[str](), {night.isoformat(): set[str]() for night in NIGHTS}
    for feed, night, path in files(study):
        rows[night] += len(read_rows(path))
        feeds[night].add(feed)
    first, *later = feeds
    assert feeds[first] == set(FEEDS) - {"merges"}
    assert rows[first] > 0.9 * rows.total()
    assert all(4 <= len(feeds[night]) <= 7 for night in later)


def test_formats_and_peculiarities_are_there(study: Path) -> None:
    paths = [path for _, _, path in files(study)]
    assert {"".join(path.suffixes) for path in paths} == {".csv", ".csv.gz", ".parquet"}
    assert any(path.suffix == ".csv" and path.read_bytes().startswith(b"\xef\xbb\xbf") for path in paths)
    assert any(path.suffix == ".csv" and path.read_bytes().startswith(b"status,") for path in paths)
    zipped = next(path for path in paths if path.suffix == ".gz")
    assert gzip.decompress(zipped.read_bytes()).count(b"\r\n") == len(read_rows(zipped)) + 1


def test_every_planted_row_is_in_its_night(study: Path) -> None:
    sent = Counter[tuple[str, str, str]]()
    for feed, night, path in files(study):
        sent.update((feed, night, row[read(feed).key]) for row in read_rows(path))
    for plant in PLANTED:
        times = sent[plant.feed, plant.night.isoformat(), plant.key]
        if plant.key and plant.fate != "waits then joins":
            assert times == (2 if plant.fate == "last row counts" else 1), plant
        if plant.key and plant.later:
            assert sent[plant.feed, plant.later.isoformat(), plant.key] == 1, plant
    assert len(plants("quarantined then corrected", "cell aside, then corrected")) >= 15


def test_no_row_speaks_of_the_future_but_the_planted_one(study: Path) -> None:
    dates = {
        "results": "collected_at",
        "exams": "exam_date",
        "procedures": "performed_on",
        "visits": "visit_date",
    }
    dates |= {"treatments": "started_on", "adverse_events": "onset_date", "reports": "reported_on"}
    found = [
        row[read(feed).key]
        for feed, night, path in files(study)
        for row in read_rows(path)
        if feed in dates and night <= row[dates[feed]] < "3"
    ]
    assert found == [plant.key for plant in PLANTED if plant.kind == "after_batch_date"]
