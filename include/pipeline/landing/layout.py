"""Where an extract lies: `<source>/<feed>/<YYYY-MM-DD>/<name>.csv`, `.csv.gz` or `.parquet`, capitals or not.

Of a site that has a profile the same lies below a folder of the site's name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from include.definitions import contracts

ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class Extract:
    """What an extract's path says of it; `site` is empty for what lies in no site's folder."""

    source: str
    feed: str
    batch_date: date
    file_name: str
    site: str = ""

    @property
    def ending(self) -> str:
        """What kind of file it is, in small letters."""
        return next(ending for ending in ENDINGS if self.file_name.lower().endswith(ending))


def without_site(path: str, sites: Collection[str]) -> tuple[str, str]:
    """The site whose folder a path leads into, empty = none's, and the path below that."""
    first, _, rest = path.partition("/")
    return (first, rest) if first in sites else ("", path)


def parse(path: str, today: date, sites: Collection[str] = ()) -> Extract | None:
    """The extract at a path below the extracts; None when the path is not that of an extract.

    `today` is UTC's: no hospital is further ahead than a day, and a later one is mistyped. `sites` are the known ones.
    """
    site, below = without_site(path, sites)
    parts = below.split("/")
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
    return Extract(source, feed, batch_date, name, site)
