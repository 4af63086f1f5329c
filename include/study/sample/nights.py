"""Six nights of extracts: which files each night has, and their peculiarities."""

from datetime import date, timedelta
from pathlib import Path

from include.study.sample.deliveries import deliveries
from include.study.sample.files import Extract, write
from include.study.sample.planted import HELD, PLANTS
from include.study.sample.rows import COLUMNS, SOURCE, Row

FIRST_NIGHT = date(2020, 11, 2)
NIGHTS: tuple[date, ...] = tuple(FIRST_NIGHT + timedelta(days=n) for n in range(6))

ENDING = {
    ("results", 1): "csv.gz",
    ("visits", 1): "csv.gz",
    ("lesions", 1): "parquet",
    ("results", 5): "csv.gz",
}
EXTRA_COLUMN = {("results", 2): ("analyser", "cobas-2")}
BYTE_ORDER_MARK = {("patients", 2)}
REVERSED_COLUMNS = {("exams", 4)}
MISSING_COLUMN = {("visits", 3): "vital_status"}


def extracts(night: date) -> list[Extract]:
    """The files of one night."""
    number = NIGHTS.index(night) + 1
    sent: dict[str, list[Row]] = {}
    for delivery in deliveries():
        if delivery.night == number:
            sent.setdefault(delivery.feed, []).append(delivery.row)
    files = [extract(number, feed, rows) for feed, rows in sent.items()]
    held = [plant for plant in PLANTS if plant.fate == HELD and plant.later == number]
    for plant in held:
        rows = [row for night_, feed, row in deliveries() if feed == plant.feed and night_ == plant.night]
        path = f"{folder(number, plant.feed)}/{SOURCE[plant.feed]}_{plant.feed}_complete.csv"
        files.append(Extract(path, COLUMNS[plant.feed], rows))
    return sorted(files, key=lambda file: file.path)


def extract(night: int, feed: str, rows: list[Row]) -> Extract:
    """The file of one feed and night (counted from 1)."""
    columns = COLUMNS[feed]
    if (feed, night) in EXTRA_COLUMN:
        name, cell = EXTRA_COLUMN[feed, night]
        columns, rows = (*columns, name), [{**row, name: cell} for row in rows]
    if (feed, night) in REVERSED_COLUMNS:
        columns = tuple(reversed(columns))
    columns = tuple(column for column in columns if column != MISSING_COLUMN.get((feed, night)))
    path = f"{folder(night, feed)}/{SOURCE[feed]}_{feed}.{ENDING.get((feed, night), 'csv')}"
    return Extract(path, columns, rows, (feed, night) in BYTE_ORDER_MARK)


def folder(night: int, feed: str) -> str:
    """The folder of a feed and night (counted from 1), under the extracts."""
    return f"{SOURCE[feed]}/{feed}/{NIGHTS[night - 1].isoformat()}"


def write_night(out: Path, night: date) -> list[Path]:
    """Write the files of one night under `out`; writing again writes the same bytes."""
    return [write(out, file) for file in extracts(night)]


def write_study(out: Path) -> list[Path]:
    """Write the files of all nights under `out`."""
    return [path for night in NIGHTS for path in write_night(out, night)]
