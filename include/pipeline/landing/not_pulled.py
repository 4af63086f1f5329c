"""What pull could not copy or left alone: the table ops.not_pulled, which the ledger cannot tell."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.definitions import contracts
from include.pipeline.landing.layout import Extract, without_site
from include.pipeline.landing.places import Item
from include.warehouse import Warehouse, open_warehouse, prepare_in_turn, utc_now
from include.warehouse.frames import append

LEFT_ALONE = "REG-201"
"""The code of what is no extract; whatever has another one is missing, also what a link hides."""


@dataclass(frozen=True)
class NotPulled:
    """A file or folder that pull did not copy; its path is written so that every program can hold and show it."""

    path: str
    source: str | None
    feed: str | None
    batch_date: str | None
    code: str
    site: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether a file that should be loaded lies there."""
        return self.code != LEFT_ALONE

    @classmethod
    def of(cls, path: str, extract: Extract | None, code: str, sites: Container[str] = ()) -> "NotPulled":
        """The one at a path; `sites` are the known ones."""
        source = extract.source if extract else source_of(path, sites)
        feed = extract.feed if extract else None
        day = extract.batch_date.isoformat() if extract else None
        return cls(_printable(path), source, feed, day, code, without_site(path, sites)[0])


def source_of(path: str, sites: Container[str] = ()) -> str | None:
    """The department whose folder a path leads into, be it in a site's; None when it is nobody's."""
    first = without_site(path, sites)[1].partition("/")[0]
    return first if any(contracts.read(feed).source == first for feed in contracts.FEEDS) else None


def problem_of(item: Item, extract: Extract | None) -> str:
    """Why a file is not even tried to be copied: a code, or nothing."""
    if extract is None:
        return item.problem if item.problem in ("REG-101", "REG-208") else "REG-201"
    return item.problem or ("" if _can_be_stored(item.path) else "REG-206")


def note(warehouse: Warehouse, found: Sequence[NotPulled], source: str | None, through: date | None) -> None:
    """Put what a pull found in the place of what an earlier one found; `source` and `through` say where it looked.

    Marts become stale when other files are missing than before. While the extracts are out of reach, what was found
    before stays.
    """
    before = {(row.path, row.code): row.seen_at for row in warehouse.run_file("ops/known_not_pulled")}
    if not before and not found:
        return
    missing = count_missing(warehouse)
    out_of_reach = any(one.path == "." for one in found)
    rows = [
        {**vars(one), "is_missing": one.is_missing, "seen_at": before.get((one.path, one.code), utc_now())}
        for one in found
        if not (out_of_reach and (one.path, one.code) in before)
    ]
    with warehouse.transaction():
        if not out_of_reach:
            warehouse.run_file("ops/forget_not_pulled", source=source, through=through)
        append(warehouse, "ops.not_pulled", rows)
        if count_missing(warehouse) != missing:
            warehouse.count_step("pull")


def count_missing(warehouse: Warehouse, source: str | None = None) -> dict[tuple[str | None, str | None, str], int]:
    """How many files are missing, by site, feed and code."""
    return {(row.site, row.feed, row.code): row.files for row in warehouse.run_file("ops/missing_files", source=source)}


def missing(settings: Settings, source: str | None = None) -> dict[str, int]:
    """How many files of a source, or of all, the latest pull could not copy, by code."""
    with open_warehouse(settings.warehouse, turn=False) as warehouse:
        prepare_in_turn(warehouse)
        found: Counter[str] = Counter()
        for (*_, code), files in count_missing(warehouse, source).items():
            found[code] += files
    return dict(found)


def refusal(counts: Mapping[str, int]) -> RegistryError:
    """That files are missing, as an error with the code of most of them."""
    told = ", ".join(f"{code}: {files}" for code, files in sorted(counts.items()))
    code = max(sorted(counts), key=lambda code: counts[code])
    return RegistryError(code, f"Not copied: {sum(counts.values())} files ({told}); ./registry show ops.not_pulled.")


def _can_be_stored(path: str) -> bool:
    return "\0" not in path and not any("\ud800" <= letter <= "\udfff" for letter in path)


def _printable(path: str) -> str:
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in path)
