"""Where an extract lies: `<source>/<feed>/<YYYY-MM-DD>/<name>.csv`, `.csv.gz` or `.parquet`, capitals or not.

Of a site that has a profile the same lies below a folder of the site's name, or where its profile says.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from include.definitions import contracts
from include.definitions.sites import Export, Site

ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class Extract:
    """What an extract's path says of it; `site` is empty for what lies in no site's folder.

    `export` is the title of the export that a site's profile maps it by; empty = its rows are the contract's.
    """

    source: str
    feed: str
    batch_date: date
    file_name: str
    site: str = ""
    export: str = ""

    @property
    def ending(self) -> str:
        """What kind of file it is, in small letters."""
        return ending_of(self.file_name)


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters; `.gz` with the one before it."""
    suffixes = PurePosixPath(name.lower()).suffixes
    return "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])


def without_site(path: str, sites: Container[str]) -> tuple[str, str]:
    """The site whose folder a path leads into, empty = none's, and the path below that."""
    first, _, rest = path.partition("/")
    return (first, rest) if first in sites else ("", path)


def parse(path: str, today: date, sites: Mapping[str, Site] | None = None) -> list[Extract]:
    """The extracts at a path below the extracts: none, one, or of a site one a feed that the file holds.

    `today` is UTC's: no hospital is further ahead than a day, and a later one is mistyped. `sites` are the known ones.
    """
    site, below = without_site(path, sites or {})
    exports = sites[site].exports if sites and site else []
    found = _first_of_each_feed(one for export in exports for one in _exported(export, below, site))
    if not found:
        plain = _usual(below, site)
        found = [plain] if plain and plain.file_name.lower().endswith(ENDINGS) else []
    return [one for one in found if one.batch_date <= today + timedelta(days=1)]


def _first_of_each_feed(found: Iterable[Extract]) -> list[Extract]:
    """Of several exports that take a file for one feed the first in the profile counts."""
    of_feed: dict[str, Extract] = {}
    for one in found:
        of_feed.setdefault(one.feed, one)
    return list(of_feed.values())


def _exported(export: Export, below: str, site: str) -> list[Extract]:
    """What an export of a site's profile takes of a path."""
    if export.files is None:
        usual = _usual(below, site, export.title)
        return [usual] if usual and usual.feed in export.taken else []
    if PurePosixPath(below).name.startswith(".") or (day := export.day_of(below)) is None:
        return []
    name = below if "/" in below else f"./{below}"  # a name alone is that of a file at the usual place
    return [Extract(contracts.read(feed).source, feed, day, name, site, export.title) for feed in export.taken]


def _usual(below: str, site: str, export: str = "") -> Extract | None:
    """The extract at the usual place, whatever its ending."""
    parts = below.split("/")
    if len(parts) != 4 or parts[3].startswith("."):
        return None
    source, feed, day, name = parts
    if feed not in contracts.FEEDS or contracts.read(feed).source != source:
        return None
    try:
        batch_date = date.fromisoformat(day)
    except ValueError:
        return None
    return Extract(source, feed, batch_date, name, site, export) if batch_date.isoformat() == day else None
