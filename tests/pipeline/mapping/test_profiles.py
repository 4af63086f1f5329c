"""A hospital's own file becomes rows of the registry, and what is not understood is told."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.history.rebuild import rebuild
from include.people.alarms.current import current_alarms
from include.pipeline.staging import Stage
from tests.support.extracts import row, send
from tests.support.registry import Registry

Profile = Callable[..., Path]
LAB: dict[str, Any] = {
    "feed": "results",
    "files": "lab/*_{date:%Y%m%d}.csv",
    "dialect": {"delimiter": ";", "encoding": "cp1252", "decimal": ","},
    "dates": {"date": "%d/%m/%Y", "timestamp": "%d/%m/%Y %H:%M"},
    "columns": {
        "result_id": "N°",
        "patient_id": "IPP",
        "collected_at": ["Jour", "Heure"],
        "test_code": {"from": "Code", "codes": "loinc.csv"},
        "value": "Résultat",
        "unit": {"value": "U/L"},
        "status": {"from": "État", "map": {"Validé": "final"}},
    },
}
HEADER = "N°;IPP;Jour;Heure;Code;Résultat;État\n"
CODES = {"loinc.csv": "ASAT,1920-8,,,me\nALAT,1742-6,,,me\n"}


def deliver(registry: Registry, lines: str, name: str = "lab/a_20200101.csv", header: str = HEADER) -> None:
    """Send a file of the laboratory of chx and load what is due."""
    file = registry.extracts / "chx" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((header + lines).encode("cp1252"))
    registry.load()


TOTALS = {**LAB, "dialect": {**LAB["dialect"], "ignored_lines": "^Total : ([0-9 ]+)lignes"}}


@pytest.mark.parametrize("personal", [[], ["Nom"]])
@pytest.mark.parametrize(("said", "state"), [("2", "loaded"), ("0 003", "held")])
def test_a_line_of_totals_is_counted_and_held_against_the_rows(
    duckdb_registry: Registry, profile: Profile, personal: list[str], said: str, state: str
) -> None:
    profile({**TOTALS, "personal": personal}, lists=CODES)

    header = HEADER.replace("\n", ";Nom\n" if personal else "\n")
    row = "1;7;02/01/2019;08:10;ASAT;62,5;Validé" + ";Roe" * len(personal)
    deliver(duckdb_registry, f"{row}\nTotal : {said} lignes\nRoe\n", header=header)

    asked = "SELECT state, rows_received, rows_left_out FROM ops.load"
    assert duckdb_registry.rows(asked) == [(state, *((2, 1) if state == "loaded" else (0, 0)))]


def announce(registry: Registry, *patients: str) -> None:
    registry.deliver("patients", "2020-01-01", *(row("patients", patient_id=f"chx:{one}") for one in patients))


def test_a_french_file_is_loaded(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;> 62,5;Validé\n2;7;02/01/2019;08:10;ALAT;40;Validé\n")

    assert registry.states("results", "result_id, patient_id, collected_at, test_code, value, status") == [
        (
            "chx:1",
            "chx:7",
            registry.rows("SELECT TIMESTAMP '2019-01-02 08:10:00'")[0][0],
            "1920-8",
            "> 62.5",
            "final",
            "current",
        ),
        (
            "chx:2",
            "chx:7",
            registry.rows("SELECT TIMESTAMP '2019-01-02 08:10:00'")[0][0],
            "1742-6",
            "40",
            "final",
            "current",
        ),
    ]


def test_rows_keep_the_files_order_whatever_list_is_joined(duckdb_registry: Registry, profile: Profile) -> None:
    codes = "".join(f"C{number},1920-8,,,me\n" for number in range(3000))
    profile(LAB, lists={"loinc.csv": codes})
    announce(duckdb_registry, "7")

    lines = (f"{number % 40};7;02/01/2019;08:10;C{number * 7919 % 3000};{number};Validé\n" for number in range(400))
    deliver(duckdb_registry, "".join(lines))

    assert duckdb_registry.rows(
        "SELECT COUNT(*) FROM received.results WHERE value <> CAST(row_number - 1 AS TEXT)"
    ) == [(0,)]
    current = duckdb_registry.states("results", "CAST(value AS INTEGER)")
    assert [value for value, state in current if state == "current"] == list(range(360, 400))


@pytest.mark.parametrize("line", ["2;7;02/01/2019;08:10;new;20;Validé\n", "2;7\n"])
def test_a_large_file_is_typed_at_once(
    duckdb_registry: Registry, profile: Profile, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(sys.modules[Stage.__module__], "SMALL_BYTES", 0)
    profile(LAB, lists=CODES)
    announce(duckdb_registry, "7")

    deliver(duckdb_registry, f"1;7;02/01/2019;08:10;ASAT;10,5;Validé\n{line}3;7;02/01/2019;08:10;ALAT;30;Validé\n")

    read = "SELECT result_id, test_code, value FROM received.results WHERE result_id <> 'chx:2' ORDER BY row_number"
    assert duckdb_registry.rows(read) == [("chx:1", "1920-8", "10.5"), ("chx:3", "1742-6", "30")]
    assert duckdb_registry.rows("SELECT rows_received FROM ops.load WHERE feed = 'results'") == [(3,)]


def test_a_code_means_what_it_meant_on_the_day(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists={"loinc.csv": "ASAT,1742-6,,,me\nASAT,1920-8,2019-01-01,,me\n"})

    deliver(registry, "1;7;31/12/2018;23:59;ASAT;1;Validé\n2;7;01/01/2019;00:00;ASAT;2;Validé\n")

    assert registry.rows("SELECT value, test_code FROM received.results ORDER BY value") == [
        ("1", "1742-6"),
        ("2", "1920-8"),
    ]


def test_what_no_list_knows_keeps_its_text_and_is_told(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")

    deliver(registry, "1;7;02/01/2019;08:10;XYZ;1;Validé\n2;7;02/01/2019;08:10;ASAT;1;Annulé\n")
    registry.finish()

    failing = registry.rows(
        "SELECT record_key, rule_id FROM quarantine.failure WHERE rule_id LIKE '%code%' ORDER BY record_key"
    )
    assert failing == [("chx:1", "results.test_code.unmapped"), ("chx:2", "results.status.unknown_code")]
    assert registry.rows("SELECT unmapped_codes FROM marts.intake WHERE feed = 'results'") == [(2,)]


def test_a_changed_list_reads_again_what_it_touched(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, "1;7;02/01/2019;08:10;XYZ;1;Validé\n")
    first = registry.rows("SELECT profile_version FROM ops.load WHERE feed = 'results'")

    assert registry.load() == []
    profile(LAB, lists={"loinc.csv": CODES["loinc.csv"] + "XYZ,2324-2,,,me\n"})
    assert len(registry.load()) == 1

    assert registry.states("results", "result_id, test_code") == [("chx:1", "2324-2", "current")]
    assert registry.rows("SELECT profile_version FROM ops.load WHERE feed = 'results'") != first
    assert registry.load() == []


def test_a_line_that_is_no_row_is_set_aside_once_however_often_its_file_is_read(
    registry: Registry, profile: Profile
) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n1;7\n")

    profile(LAB, lists={"loinc.csv": CODES["loinc.csv"] + "XYZ,2324-2,,,me\n"})
    registry.load()

    assert registry.quarantine("rule_ids, state") == [("file.row.unreadable", "open")]
    assert registry.rows("SELECT COUNT(*) FROM quarantine.failure WHERE rule_id = 'file.row.unreadable'") == [(1,)]


WIDE = {
    **LAB,
    "columns": {**LAB["columns"], "test_code": {"from": "test", "codes": "loinc.csv"}, "value": "result"},
    "rows": {
        "where": {"Labo": "central"},
        "unpivot": {"columns": ["ASAT", "ALAT"], "name": "test", "value": "result", "also": {"its unit": ["U", ""]}},
    },
}


@pytest.mark.parametrize(
    ("header", "optional", "missing"),
    [
        ("Labo;ASAT;U", [], "ALAT"),
        ("Labo;ASAT;U", ["ALAT"], None),
        ("Labo;ALAT", ["ASAT"], None),
        ("ASAT;ALAT", [], "U, Labo"),
    ],
)
def test_a_file_without_a_column_by_which_rows_are_chosen_is_held(
    duckdb_registry: Registry, profile: Profile, header: str, optional: list[str], missing: str | None
) -> None:
    rows = {**WIDE["rows"], "unpivot": {**WIDE["rows"]["unpivot"], "optional": optional}}
    profile({**WIDE, "rows": rows}, lists=CODES)

    cells = {"Labo": "central", "ASAT": "62", "ALAT": "40", "U": "U/L"}
    line = ";".join(cells[name] for name in header.split(";"))
    deliver(duckdb_registry, f"1;7;02/01/2019;08:10;Validé;{line}\n", header=f"N°;IPP;Jour;Heure;État;{header}\n")

    reason = f"REG-302: failed file.columns.missing (missing: {missing})" if missing else None
    assert duckdb_registry.rows("SELECT reason FROM ops.load") == [(reason,)]


def test_a_file_that_no_export_takes_any_more_is_held_until_one_does(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    file = registry.extracts / "chx" / "lab" / "a_20200101.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes((HEADER + "1;7;02/01/2019;08:10;ASAT;1;Validé\n").encode("cp1252"))
    registry.pull()
    profile()

    registry.load()
    assert registry.rows("SELECT state, reason_code FROM ops.load") == [("held", "REG-310")]

    profile(LAB, lists=CODES)
    registry.load()
    assert registry.rows("SELECT state, rows_waiting FROM ops.load") == [("loaded", 1)]


def test_a_file_without_a_column_of_the_profile_is_held(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1\n", header="N°;IPP;Jour;Heure;Code;Valeur\n")

    assert registry.rows("SELECT state, reason FROM ops.load") == [
        ("held", "REG-302: failed file.columns.missing (missing: value, status)")
    ]


def test_a_file_of_several_feeds_is_an_entry_of_each(registry: Registry, profile: Profile) -> None:
    visits = {
        "visit_id": "id",
        "patient_id": "who",
        "visit_date": "on",
        "vital_status": {"value": "alive"},
        "status": {"value": "final"},
    }
    event = {
        "event_id": "id",
        "patient_id": "who",
        "onset_date": "on",
        "term": "what",
        "serious": {"value": "no"},
        "status": {"value": "final"},
    }
    feeds = {
        "visits": {"columns": visits, "rows": {"where": {"what": ""}}},
        "adverse_events": {"columns": event, "rows": {"where": {"what": ["fever", "vomiting"]}}},
    }
    profile({"feeds": feeds, "files": "{date}/crf.csv"})

    lines = "1,7,2019-01-02,\n2,7,2019-01-03,fever\n3,7,2019-01-03,unheard\n"
    deliver(registry, lines, name="2020-01-01/crf.csv", header="id,who,on,what\n")

    found = registry.rows("SELECT feed, rows_received, rows_left_out FROM ops.load ORDER BY feed")
    assert found == [("adverse_events", 1, 2), ("visits", 1, 2)]
    reasons = registry.rows("SELECT reason, rows FROM received.left_out ORDER BY rows, reason")
    assert reasons == [("other_rows", 1), ("unknown_rows", 1), ("other_rows", 2)]
    assert [one.subject for one in current_alarms(registry.warehouse) if one.cause == "unknown_rows"] == [
        "adverse_events"
    ]
    unknown = "SELECT COUNT(*) FROM received.verdict WHERE rule_id = 'file.columns.unknown' AND rows_failed > 0"
    assert registry.rows(unknown) == [(0,)]
    assert registry.rows("SELECT COUNT(DISTINCT sha256), COUNT(*) FROM received.file") == [(1, 2)]


@pytest.mark.parametrize(
    "text", ["1;7;02/01/2019;08:10;ASAT;1;Validé\n1;7\n", '1;7;02/01/2019;08:10;ASAT;1;Validé\n"open;7\n']
)
def test_a_line_that_is_no_row_is_set_aside_alone(registry: Registry, profile: Profile, text: str) -> None:
    profile(LAB, lists=CODES)

    deliver(registry, text)

    assert registry.rows("SELECT state, rows_received, rows_quarantined, rows_waiting FROM ops.load") == [
        ("loaded", 2, 1, 1)
    ]


def test_a_wrong_encoding_holds_the_file(registry: Registry, profile: Profile) -> None:
    profile({**LAB, "dialect": {"delimiter": ";"}}, lists=CODES)

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n")

    assert registry.rows("SELECT state, reason_code FROM ops.load") == [("held", "REG-301")]


def test_what_names_a_person_is_not_kept(registry: Registry, profile: Profile) -> None:
    profile({**LAB, "personal": ["Nom"]}, lists=CODES)

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé;Dupont\n", header=HEADER.replace("\n", ";Nom\n"))

    ((landed, sha256, kept),) = registry.rows("SELECT landing_uri, sha256, landed_sha256 FROM received.file")
    assert b"Dupont" not in Path(landed).read_bytes()
    assert sha256 != kept
    assert registry.rows("SELECT state, rows_waiting FROM ops.load") == [("loaded", 1)]


def test_a_file_that_two_exports_take_is_the_first_ones(registry: Registry, profile: Profile) -> None:
    profile({**LAB, "name": "a"}, {**LAB, "name": "b", "files": "lab/a*_{date:%Y%m%d}.csv"}, lists=CODES)

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n")
    registry.load()

    assert registry.rows("SELECT export, COUNT(*) FROM received.file GROUP BY export") == [("a", 1)]
    assert registry.rows("SELECT COUNT(*) FROM received.results") == [(1,)]


def test_a_name_at_the_usual_place_and_by_a_pattern_is_two_files(registry: Registry, profile: Profile) -> None:
    profile({**LAB, "files": "r_{date:%Y%m%d}.csv"}, lists=CODES)
    send(registry.extracts / "chx", "results", "2020-01-01", [row("results")], "r_20200101.csv")
    for _ in range(3):
        deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n", name="r_20200101.csv")

    assert registry.rows("SELECT COUNT(*), MAX(delivery) FROM received.file") == [(2, 1)]


def test_a_held_file_meets_an_export_that_is_added_later(registry: Registry, profile: Profile) -> None:
    profile()
    usual = {name: value for name, value in LAB.items() if name != "files"}
    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n", name="laboratory/results/2020-01-01/a.csv")
    assert registry.rows("SELECT state FROM ops.load") == [("held",)]

    profile(usual, lists=CODES)
    registry.load()
    registry.load()

    states = registry.rows("SELECT state, rows_waiting FROM ops.load ORDER BY delivery")
    assert states == [("superseded", 0), ("loaded", 1)]


def test_a_rebuild_tells_files_that_no_export_takes_any_more(duckdb_registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    deliver(duckdb_registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n")
    profile({**LAB, "name": "renamed"}, lists=CODES)
    new = replace(duckdb_registry.settings, warehouse=f"duckdb:///{duckdb_registry.extracts.parent / 'new.duckdb'}")

    assert list(rebuild(new).failed.values()) == ["REG-310"]


def test_a_code_of_a_partial_date_is_that_of_its_first_day(registry: Registry, profile: Profile) -> None:
    columns = {
        "patient_id": "id",
        "sex": {"value": "female"},
        "birth_date": {"value": "1950-01-01"},
        "diagnosis_date": "on",
        "stage": {"from": "stage", "codes": "stages.csv"},
        "status": {"value": "final"},
    }
    export = {"feed": "patients", "files": "p_{date}.csv", "columns": columns}
    profile(export, lists={"stages.csv": "4,IVA,,,me\n4,IVB,2019-01-01,,me\n"})

    deliver(
        registry, "1,2018,4\n2,2019,4\n3,2019-01,4\n4,2018-12-31,4\n", name="p_2020-01-01.csv", header="id,on,stage\n"
    )

    assert registry.rows("SELECT stage FROM received.patients ORDER BY patient_id") == [
        ("IVA",),
        ("IVB",),
        ("IVB",),
        ("IVA",),
    ]


def test_names_are_not_kept_whatever_their_columns_are_called(registry: Registry, profile: Profile) -> None:
    dialect = {**LAB["dialect"], "header_row": 2}
    profile({**LAB, "dialect": dialect, "personal": ["nom"]}, lists=CODES)
    header = "Patient: Martin\n" + HEADER.replace("\n", ";Nom;NOM\n")

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé;Dupont;Durand\n", header=header)

    ((landed,),) = registry.rows("SELECT landing_uri FROM received.file")
    assert not any(name in Path(landed).read_bytes() for name in (b"Martin", b"Dupont", b"Durand"))
    assert registry.rows("SELECT state, rows_waiting FROM ops.load") == [("loaded", 1)]


def test_a_file_without_the_column_of_names_is_not_copied(registry: Registry, profile: Profile) -> None:
    profile({**LAB, "personal": ["Nom"]}, lists=CODES)

    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé;Dupont\n", header=HEADER.replace("\n", ";Nom du patient\n"))

    assert registry.rows("SELECT code, is_missing FROM ops.not_pulled") == [("REG-218", True)]
    assert registry.rows("SELECT COUNT(*) FROM received.file") == [(0,)]


def test_a_wrong_profile_holds_the_files_of_its_site_alone(registry: Registry, profile: Profile) -> None:
    folder = profile(LAB, lists=CODES)
    deliver(registry, "1;7;02/01/2019;08:10;ASAT;1;Validé\n")
    right = (folder / "chx.yml").read_text()
    (folder / "chx.yml").write_text("site: chx\n")

    registry.deliver("patients", "2020-01-01", row("patients", patient_id="P1"))
    deliver(registry, "2;7;02/01/2019;08:10;ASAT;1;Validé\n", name="lab/b_20200102.csv")

    assert registry.rows("SELECT site, code, is_missing FROM ops.not_pulled") == [("chx", "REG-219", True)]
    assert registry.rows("SELECT feed, site, state FROM ops.load ORDER BY feed") == [
        ("patients", "", "loaded"),
        ("results", "chx", "loaded"),
    ]
    (folder / "chx.yml").write_text(right)
    registry.load()
    assert registry.rows("SELECT COUNT(*) FROM ops.load WHERE feed = 'results' AND state = 'loaded'") == [(2,)]
    assert registry.rows("SELECT COUNT(*) FROM ops.not_pulled") == [(0,)]
