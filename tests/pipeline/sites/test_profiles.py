"""Which folders are a site's, and which profiles are wrong."""

import json
from datetime import date
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Site, read_sites, right_sites
from include.pipeline.landing.layout import Extract, parse
from plugins.arrival import _scan
from tests.pipeline.sites.conftest import Profile
from tests.support import extracts
from tests.support.extracts import row
from tests.support.registry import Registry

NIGHT = "2020-01-01"
TODAY = date(2020, 1, 1)


def site_of(name: str, patients: str = "local") -> Site:
    return Site.model_validate({"site": name, "patients": patients})


def test_there_is_no_site_unless_somebody_writes_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITES", raising=False)

    assert read_sites() == {}


def test_profiles_are_read_by_name(profile: Profile) -> None:
    profile("north")
    profile("Hospital_2-b", "registry").with_suffix(".csv").write_text("")

    assert read_sites() == {"Hospital_2-b": site_of("Hospital_2-b", "registry"), "north": site_of("north")}


@pytest.mark.parametrize(
    ("site", "text", "told"),
    [
        ("north", "site: north\npatients: local\ntimezones: UTC\n", "north.yml: timezones: is not known here"),
        ("north", "site: north\npatients: ours\n", "patients: 'ours' is none of local, registry"),
        ("north", "site: north\n", "patients: is missing"),
        ("north", "site: north\npatients: [local]\n", "patients: ['local'] is none of local, registry"),
        ("north", "site: south\npatients: local\n", "site: has to be north, the file's name"),
        ("north", "patients: local\n", "site: is missing"),
        ("no:rth", "site: no:rth\npatients: local\n", "site: has other characters"),
        ("clinic", "site: clinic\npatients: local\n", "site: is taken"),
        ("north", "- site\n", "has to have keys"),
        ("north", "site: north\nsite: north\npatients: local\n", "site is there twice"),
        ("north", "site: [\n", "cannot be parsed"),
    ],
)
def test_a_wrong_profile_is_told(profile: Profile, site: str, text: str, told: str) -> None:
    profile(site, text=text)

    with pytest.raises(RegistryError, match="REG-401") as caught:
        read_sites()

    assert f"{site}.yml" in caught.value.what
    assert told in caught.value.what


def test_profiles_that_did_not_change_are_read_once(profile: Profile) -> None:
    profile("north")
    first = right_sites()
    assert right_sites() is first

    profile("north", "registry")
    assert right_sites() == ({"north": site_of("north", "registry")}, frozenset())


def test_profiles_lie_in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SITES", str(tmp_path / "nowhere"))

    with pytest.raises(RegistryError, match="REG-401"):
        read_sites()


def test_a_path_of_a_site() -> None:
    path = f"north/clinic/visits/{NIGHT}/a.csv"

    north = {"north": site_of("north")}
    assert parse(path, TODAY, north) == [Extract("clinic", "visits", TODAY, "a.csv", "north")]
    assert parse(path, TODAY) == []
    assert parse(path, TODAY, {"south": site_of("south")}) == []
    assert parse(f"north/{path}", TODAY, north) == []
    assert parse(f"clinic/visits/{NIGHT}/a.csv", TODAY, north) == [Extract("clinic", "visits", TODAY, "a.csv")]


def test_an_unknown_folder_is_left_alone(registry: Registry, profile: Profile) -> None:
    profile("north")
    extracts.send(registry.extracts / "south", "patients", NIGHT, [row("patients")])
    extracts.send(registry.extracts / "north", "patients", "2999-01-01", [row("patients")])

    report = registry.pull()

    assert (report.entered, report.waiting) == (0, [])
    assert registry.rows("SELECT path, site, source, code FROM ops.not_pulled ORDER BY path") == [
        ("north/clinic/patients/2999-01-01/a.csv", "north", "clinic", "REG-201"),
        (f"south/clinic/patients/{NIGHT}/a.csv", "", None, "REG-201"),
    ]


def test_a_pull_of_one_department_is_of_all_its_sites(registry: Registry, profile: Profile) -> None:
    profile("north")
    extracts.send(registry.extracts / "north", "patients", NIGHT, [row("patients")])
    extracts.send(registry.extracts / "north", "results", NIGHT, [row("results")])

    assert registry.pull(source="laboratory").entered == 1
    assert registry.rows("SELECT site, source FROM received.file") == [("north", "laboratory")]


def test_the_sidecar_tells_the_site(registry: Registry, profile: Profile) -> None:
    profile("north", "registry")
    extracts.send(registry.extracts / "north", "patients", NIGHT, [row("patients")])
    registry.pull()
    (sidecar,) = Path(registry.settings.landing).glob(f"north/clinic/patients/{NIGHT}/*.ledger.json")

    told = json.loads(sidecar.read_text(encoding="utf-8"))
    assert (told["site"], told["patient_ids"], told["source"]) == ("north", "registry", "clinic")


def test_a_file_of_a_site_wakes_its_department(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile("north")
    monkeypatch.setenv("EXTRACTS", str(tmp_path / "extracts"))
    for folder in ("north", "south", ""):
        extracts.send(tmp_path / "extracts" / folder, "patients", NIGHT, [row("patients")])

    assert {source: len(files) for source, files in _scan().items()} == {"clinic": 2, "": 1}
