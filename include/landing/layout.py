"""Where an extract lies: `<source>/<feed>/<YYYY-MM-DD>/<name>.csv`, `.csv.gz` or `.parquet`, capitals or not."""

from dataclasses import dataclass
from datetime import date, timedelta

from include import contracts

ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class Extract:
    """What an extract's path says of it."""

    source: str
    feed: str
    batch_date: date
    file_name: str

    @property
    def ending(self) -> str:
        """What kind of file it is, in small letters."""
        return next(ending for ending in ENDINGS if self.file_name.lower().endswith(ending))


def parse(path: str, today: date) -> Extract | None:
    """The extract at a path below the extracts; None when the path is not that of an extract.

    `today` is UTC's: no hospital is further ahead than a day, and a later one is mistyped.
    """
    parts = path.split("/")
    if len(parts) != 4 or not parts[3].lower().endswith(ENDINGS) or parts[3].startswith("."):
        return None
    source, feed, day, name = parts
    if feed not in contracts.FEEDS or contracts.read(feed).source != source:
        return None
    try:
        batch_date = date.fromisoformat(day)
    except ValueError:
        return None
    if batch_date.isoformat() != day or batch_date > today + timedelta(days=1):
        return None
    return Extract(source, feed, batch_date, name)
