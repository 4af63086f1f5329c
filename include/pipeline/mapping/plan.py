"""What a profile says of one feed of an export, with the format's usual columns and the code lists."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import sites_folder
from include.definitions import contracts
from include.definitions.checking.codes import check_codes
from include.definitions.checking.problem import refuse_problems
from include.definitions.sites import Column, Export, Site, Taken, right_sites
from include.definitions.sites.codes import CodeList
from include.definitions.sites.dialect import Dates, Dialect
from include.definitions.sites.rows import RowsOf
from include.pipeline.formats import Asked, Format, reader_of
from include.pipeline.formats.interface import SameFiles
from include.pipeline.formats.quantities import NUMBER, path_ending, unit_of
from include.pipeline.formats.words import read_words
from include.pipeline.mapping.beside import Beside
from include.pipeline.mapping.dates import SERIAL
from include.pipeline.staging.reading import DATES

NO_EXPORT = "REG-310"
"""The code of a file that no export of its site's profile takes any more."""
WRONG_PROFILE = "REG-219"
"""The code of a file of a site whose profile is wrong."""


@dataclass(frozen=True)
class Plan:
    """How the rows of a feed come out of a file; `lists` are the code lists that its columns name."""

    site: Site
    export: Export
    feed: str
    lists: Mapping[str, CodeList]

    @cached_property
    def reader(self) -> Format:
        """The reader of the export's format."""
        return reader_of(self.export.format)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Where the contract's columns come from: what the profile says goes before what is usual."""
        given = self._given(self.feed, self.export.taken[self.feed])
        measured = {field.name for field in contracts.read(self.feed).fields if field.type == "measured"}
        endings = {name: unit_of(name) or (NUMBER if name in measured else None) for name in given}
        return {name: self._ending(endings[name], column) for name, column in given.items()}

    def _given(self, feed: str, taken: Taken) -> dict[str, Column]:
        usual = self.reader.usual_columns(feed)
        return {name: Column.model_validate(column) for name, column in usual.items()} | taken.columns

    def _ending(self, ending: str | None, column: Column) -> Column:
        """The column with paths that convert into its unit, or take no code for a number: records say these beside.

        Where the profile says the unit, that is what is converted from.
        """
        if column.unit or ending is None:
            return column
        paths = {
            key: [path_ending(self.export.format, path, ending) for path in getattr(column, key)]
            for key in ("from_", "first", "first_readable")
        }
        return column.model_copy(update=paths)

    @property
    def rows(self) -> RowsOf:
        """Which rows of the file are the feed's."""
        return self.export.taken[self.feed].rows

    @cached_property
    def asked(self) -> Asked:
        """What the reader is asked: of a file of records only what is named."""
        taken = Taken(columns=self.columns, rows=self.rows)
        return Asked(self.feed, tuple(taken.named), self.rows.each, self.export.dialect, self._same_files)

    @property
    def _same_files(self) -> SameFiles:
        """What the feeds of the same files say together, with what is usual for them."""
        exports, feeds = self.site.of_same_files(self.export), self._feeds_of_files
        usual = {name for one in feeds for column in self._given(*one).values() for name in column.read}
        ignored = {column: words for export in exports for column, words in export.ignored_rows.items()}
        return SameFiles({feed: taken.rows.each for feed, taken in feeds}, self.beside.columns | usual, ignored)

    @cached_property
    def beside(self) -> Beside:
        """What the exports that read the same files say of them together."""
        return Beside.of(self.site.of_same_files(self.export), (self.export.title, self.feed))

    @property
    def day_formats(self) -> list[str]:
        """Formats of days; HL7 v2 writes them as digits where a field is not known to hold one (Z segments)."""
        return self.export.dates.date or (["%Y%m%d"] if self.export.format == "hl7v2" else [])

    @cached_property
    def dated(self) -> frozenset[str]:
        """Columns of a spreadsheet that hold days or times of any feed of its files; it writes them in several ways."""
        dates = self.export.dates
        if self.export.format != "excel" and not {*SERIAL} & {*dates.date, *dates.timestamp}:
            return frozenset()
        timed = [_of_type(feed, self._given(feed, taken), *DATES, "timestamp") for feed, taken in self._feeds_of_files]
        return frozenset(source for columns in timed for column in columns.values() for source in column.sources)

    @property
    def _feeds_of_files(self) -> list[tuple[str, Taken]]:
        return [one for export in self.site.of_same_files(self.export) for one in export.taken.items()]

    @property
    def _spelled(self) -> list[str]:
        """Texts that have such a column in them."""
        return sorted(
            name for name, column in _of_type(self.feed, self.columns, "text").items() if self.dated & {*column.sources}
        )

    @property
    def _is_of_records(self) -> bool:
        """Whether its reader knows what no feed takes."""
        return self.export.format in ("hl7v2", "fhir_ndjson", "fhir_bundle")

    @cached_property
    def version(self) -> str:
        """A hash of all that a row's mapping depends on."""
        tells = self.beside.is_first_to_choose
        said = {
            "columns": {name: _said(column, "decimal", "group") for name, column in sorted(self.columns.items())},
            "rows": self.rows.model_dump(),
            "kinds": sorted(self.beside.kinds.items()) if tells else [],
            **({"patterns": sorted(self.beside.patterns.items())} if tells and self.beside.patterns else {}),
            "lists": {name: codes.table for name, codes in sorted(self.lists.items())},
            "zone": self.site.timezone,
            **({"spelled": self._spelled} if self._spelled else {}),
            **({"group": "in its place"} if self.export.dialect.group else {}),
            **_changes(self.export.format, self.feed),
            **({"ignored": self._same_files.ignored} if self._is_of_records and self._same_files.ignored else {}),
            "format": self.export.format,
            "dialect": _said(self.export.dialect, "names"),
            "dates": _said(self.export.dates, "first_year"),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _of_type(feed: str, columns: Mapping[str, Column], *types: str) -> dict[str, Column]:
    """The columns of a feed that have one of these types."""
    fields = [field.name for field in contracts.read(feed).fields if field.type in types]
    return {name: columns[name] for name in fields if name in columns}


@cache
def _changes(form: str, feed: str) -> dict[str, str]:
    """What has changed in how a feed is read of a format; files that were read before are read again."""
    changes = read_words(Path(__file__).with_name("changes.yml")).get(form, {})
    return {**changes.get("every feed", {}), **changes.get(feed, {})}


def _said(model: Column | Dates | Dialect, *added: str) -> dict[str, Any]:
    """What a profile says, without keys that came later and are not given: or all files would be read again."""
    return {key: said for key, said in model.model_dump().items() if key not in added or key in model.model_fields_set}


class Plans:
    """The plans of all sites, made when they are asked for."""

    def __init__(self, sites: Mapping[str, Site] | None = None, folder: Path | None = None) -> None:
        self.sites, self.wrong = right_sites() if sites is None else (sites, frozenset())
        self.folder = folder or sites_folder()
        self.made: dict[tuple[str, str, str], Plan] = {}

    def of(self, site: str, title: str, feed: str) -> Plan:
        """The plan of a feed of an export.

        Raises RegistryError REG-310 when the profile has none by now, REG-219 when the profile is wrong.
        """
        if site in self.wrong:
            raise RegistryError(WRONG_PROFILE, f"The profile of the site {site} is wrong.")
        found = (site, title, feed)
        if found not in self.made:
            export = self.sites[site].export(title) if site in self.sites else None
            if export is None or feed not in export.taken:
                raise RegistryError(NO_EXPORT, f"The profile of the site {site} has no export {title} of {feed}.")
            self.made[found] = Plan(self.sites[site], export, feed, self._lists(site, export, feed))
        return self.made[found]

    def all(self) -> Iterator[Plan]:
        """Every plan."""
        for name, site in self.sites.items():
            for export in site.exports:
                for feed in export.taken:
                    yield self.of(name, export.title, feed)

    def _lists(self, site: str, export: Export, feed: str) -> dict[str, CodeList]:
        names = {column.codes for column in export.taken[feed].columns.values() if column.codes}
        return {name: self._list(self.folder / site / name) for name in sorted(names)}

    def _list(self, file: Path) -> CodeList:
        codes, problems = check_codes(file)
        refuse_problems(problems)
        return codes or CodeList(())
