"""`./registry site draft`: what is proposed for files that nobody has described, and what it never quotes."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from include.people.sites.drafting import Draft, draft
from include.people.sites.looking import header_place, header_places
from include.running.cli.commands import main
from tests.people.sites.test_commands import told, write

SECRET = ("Zabulon", "Quiberon", "7700123", "1950-03-04", "04.03.1950", "Melchior", "Wisigoth")


SHEETS: tuple[tuple[str, list[list[Any]]], ...] = (
    ("Zabulon", [["Titel"], [], ["Patient", "Gewicht (kg)"], ["7", 62]]),
    ("B", [["IPP", "ECOG"], ["7", 1]]),
    ("C", [["IPP", "ASAT"], ["7", 62]]),
)


def drafted(folder: Path, content: str | bytes, name: str = "a_20200101.csv") -> tuple[Draft, dict[str, Any]]:
    """A draft of a file, and its first export."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    found = draft("chx", [file])
    return found, found.profile["exports"][0]


def test_a_draft_is_right_but_for_what_a_person_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = "N° résultat;IPP;Prélevé le;Heure;Code;Résultat;Unité;Sup;État;Téléphone\n"
    lines = "1;7;22/01/2019;08:10;ASAT;62,5;UI/L;34;Validé;0\n2;7;23/01/2019;09:10;XYZ;1 040;UI/L;34;Bizarre;0\n"
    file = write(tmp_path, lines, header=header)
    monkeypatch.setenv("SITES", str(tmp_path / "sites"))

    proposed = told("draft", file, "--site", "chx", "--out", str(tmp_path / "sites"))

    (export,) = proposed["profile"]["exports"]
    assert (export["feed"], export["files"]) == ("results", "a_{date:%Y%m%d}*.csv")
    assert export["dialect"] == {"encoding": "cp1252", "delimiter": ";", "decimal": ",", "group": " \u00a0\u202f"}
    assert export["dates"]["timestamp"] == ["%d/%m/%Y %H:%M"]
    assert export["columns"]["collected_at"] == ["Prélevé le", "Heure"]
    assert export["columns"]["status"] == {"from": "État", "map": {"Validé": "final"}}
    assert (export["personal"], "ignored" in export) == (["Téléphone"], False)
    assert proposed["lists"]["loinc.csv"] == [["ASAT", "1920-8"], ["XYZ", ""]]
    assert "results.status: what does 'Bizarre' (1 rows) mean?" in proposed["questions"]
    problems = {one["key"] for one in told("check", "chx", code=1)["problems"]}
    assert problems == {"decided_by", "standard"}


@pytest.mark.parametrize(
    "lines",
    [
        "7700123;Zabulon;1950-03-04;F\n7700124;Melchior;1961-02-03;M\n",
        "Zabulon;Quiberon;F;04.03.1950\nWisigoth;Melchior;F;05.03.1951\n",
        "Zabulon;Quiberon;oui\nWisigoth;Melchior;oui\n",
        "Zabulon;Quiberon\n",
        "P7700123;Zabulon\nP7700124;Melchior\n",
        "Liste;;\nZabulon;7700123;F\nMelchior;7700124;M\n",
    ],
)
def test_the_first_patient_of_a_file_without_names_is_not_in_the_draft(tmp_path: Path, lines: str) -> None:
    found, export = drafted(tmp_path, lines)

    said = f"{found.text} {found.as_json()}"
    assert not [cell for cell in SECRET if cell in said]
    assert (export["dialect"]["header_row"], export["feed"], export["columns"]) == (0, "?", {})


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["IPP", "Poids (kg)"], ["7", "62"]], 0),
        ([["Bericht vom 04.05.2024", ""], ["", ""], ["Probe", "Wert"], ["7", "62"]], 2),
        ([["Potilas", "Näyte"], ["7", "x"]], 0),
        ([["id", "1920-8"], ["7", "62"]], 0),
        ([["id", "T"], ["7", "x"], ["id", "T"], ["8", "y"]], 0),
        ([["id", "2019"], ["7", "62"]], None),
        ([["Potilas", "Näyte"], ["x", "y"]], None),
        ([["Patient", "Zabulon"], ["Geburtsdatum", "1950"], ["Geschlecht", "F"]], None),
        ([], None),
    ],
)
def test_a_row_of_names_is_seen_where_it_is_certain(rows: list[list[str]], place: int | None) -> None:
    assert header_place(rows) == place


@pytest.mark.parametrize(
    ("names", "places"),
    [
        ([["Patient", "", "Labor", ""], ["IPP", "Name", "Datum", "AST"]], [1]),
        ([["Patient", "", "Labor", "", "Note"], ["IPP", "Name", "Datum", "AST", ""]], [0, 1]),
        ([["Patient", "", "Labor", "Klinik"], ["IPP", "Datum", "Wert", "Wert"]], [0, 1]),
        ([["Patient", "", "Code", "Wert"], ["Zabulon", "Quiberon", "Wisigoth", ""]], [0]),
    ],
)
def test_titles_over_several_columns_go_with_the_names_below_them(names: list[list[str]], places: list[int]) -> None:
    rows = [["7", "a", "2020-01-01", "62", "x"], ["8", "b", "2020-01-02", "63", "y"]]

    assert header_places([*names, *rows]) == places


def test_cells_that_may_tell_of_a_patient_are_not_quoted(tmp_path: Path) -> None:
    header = "Apellidos;Patient;Code;Unit;Sukunimi;Value;patient_name;Ja\n"
    lines = "Zabulon;7700123;AST;U/L;Quiberon;1;;ja\nMelchior;7700124;7700123;1950-03-04;Wisigoth;2;;nein\n"
    found, export = drafted(tmp_path, header + lines)

    assert not [cell for cell in SECRET if cell in f"{found.text} {found.as_json()}"]
    assert (export["personal"], export["columns"]["?"]) == (["Apellidos", "patient_name", "Sukunimi"], ["Ja"])
    assert found.lists["loinc.csv"] == [("AST", "1920-8")]


@pytest.mark.parametrize(
    ("content", "feeds"),
    [
        (
            r"MSH|^~\&|L|||||20240101|ADT^A40|1" + "\rPID|1||7\rMRG|8\r" + r"MSH|^~\&|L||||||ADT^A08|2" + "\r",
            ["merges", "visits"],
        ),
        (r"MSH|^~\&|L||||||ADT^A01|1" + "\rPID|1||7\r", "visits"),
        ('{"resourceType": "Patient", "deceasedDateTime": "2024"}\n', ["patients", "visits"]),
        ('{"resourceType": "Patient", "link": [{"type": "replaces"}]}\n', ["patients", "merges"]),
        ('{"resourceType": "Patient", "id": "7"}\n{"resourceType" : "Encounter", "id": "8"}\n', ["patients", "visits"]),
    ],
)
def test_the_feeds_of_records_are_those_that_they_speak_of(tmp_path: Path, content: str, feeds: Any) -> None:
    _, export = drafted(tmp_path, content, "a_20200101.txt")
    assert export.get("feeds", export.get("feed")) == feeds


PERSONS = (
    *("Nom", "Nom de naissance", "Prénom", "Adresse", "N° sécu", "Téléphone", "Médecin", "Prescripteur", "Nom usuel"),
    *("INVNAM", "Physician name", "Family name", "Maiden name", "Street", "Insurance No", "Phone (home)"),
    *("Geburtsname", "Mädchenname", "Hausarzt", "Einsender", "Versicherten-Nr", "Straße", "Krankenkasse"),
)
OTHERS = ("Nom du protocole", "Study name", "Remarques", "Gerät", "Name des Geräts")


def test_what_names_somebody_is_personal_and_what_nobody_knows_is_to_be_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["IPP", "Code", "Valeur", *PERSONS, *OTHERS]
    file = write(tmp_path, f"{';'.join('7' for _ in header)}\n" * 2, header=";".join(header) + "\n")
    monkeypatch.setenv("SITES", str(tmp_path / "sites"))

    (export,) = told("draft", file, "--site", "chx", "--out", str(tmp_path / "sites"))["profile"]["exports"]

    assert (export["personal"], export["columns"]["?"], "ignored" in export) == ([*PERSONS], [*OTHERS], False)
    (asked,) = [one for one in told("check", "chx", code=1)["problems"] if one["key"] == "results.?"]
    assert "Remarques, Gerät" in asked["what"]


def test_a_name_of_a_column_does_nothing_to_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a_20200101.csv"
    file.write_text("IPP;\x1b[31mX\x9b\n7;1\n", encoding="utf-8")
    monkeypatch.setenv("SITES", str(tmp_path))

    for more in ([], ["--json"]):
        said = CliRunner().invoke(main, ["site", "draft", str(file), "--site", "chx", *more]).output
        assert "31mX" in said
        assert not {"\x1b", "\x9b"} & {*said}


@pytest.mark.parametrize(
    ("content", "dates"),
    [
        ("IPP;Date;Valeur\n7;09/03/2023;1\n", {"date": ["%d/%m/%Y"], "language": "fr"}),
        ("IPP;Le;X\n7;9 févr. 2023;1\n8;17 août 2023;1\n", {"date": ["%d %b %Y"], "language": "fr"}),
        ("Fall;Datum;X\n7;9. März 2023;1\n8;17. Mai 2023;1\n", {"date": ["%d. %b %Y"], "language": "de"}),
        ("mrn;Date;Value\n7;09-Mar-2023;1\n", {"date": ["%d-%b-%Y"]}),
        ("IPP;Date;Valeur\n7;2023-03-09;1\n", {"language": "fr"}),
        ("IPP;Date;Valeur\n201336;20230309;1\n", {"date": ["%Y%m%d"], "language": "fr"}),
        ("IPP;Date;Valeur\n201336;2023-03-09;320128\n", {"language": "fr"}),
    ],
)
def test_the_language_of_a_file_is_proposed(tmp_path: Path, content: str, dates: dict[str, Any]) -> None:
    assert drafted(tmp_path, content)[1]["dates"] == dates


@pytest.mark.parametrize(
    ("header", "feed"),
    [
        ("Fall-Nr.;Untersuchung;Befunder;Läsion Nr;Längster Durchmesser (cm)", "lesions"),
        ("IPP;Séance n°;Date intervention;Technique;Dose (g);Lipiodol (mL);Territoire", "procedures"),
        ("USUBJID;AESEQ;AEDECOD;AESTDTC;AETOXGR;AESER", "adverse_events"),
        ("NHC;Fecha de nacimiento;Sexo;Fecha diagnóstico", "patients"),
        ("Patient;Besuch am;Gewicht (kg);Größe (cm);ECOG", "visits"),
        ("mrn;weight_lb;started_on;ecog_ps", "visits"),
        ("Patient;Therapie;Therapiebeginn;Therapieende", "treatments"),
        ("Patient;Befunddatum;Morphologie;Ki-67 Index", "reports"),
    ],
)
def test_the_feed_is_the_one_that_the_names_sound_like(tmp_path: Path, header: str, feed: str) -> None:
    _, export = drafted(tmp_path, f"{header}\n{';'.join('1' for _ in header.split(';'))}\n")

    assert export["feed"] == feed


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Gewicht (lb)", {"from": "Gewicht (lb)", "unit": "lb"}),
        ("weight_lb", {"from": "weight_lb", "unit": "lb"}),
        ("Gewicht (kg)", "Gewicht (kg)"),
        ("Gewicht", "Gewicht"),
    ],
)
def test_the_unit_in_a_name_is_proposed(tmp_path: Path, column: str, said: Any) -> None:
    _, export = drafted(tmp_path, f"Patient;Besuch am;{column}\n7;2020-01-01;70\n")

    assert export["columns"]["weight_kg"] == said


@pytest.mark.parametrize(
    ("header", "line", "columns"),
    [
        ("Patient;Code;Abnahme;Uhrzeit", "7;AST;12.03.2024;8:15", ["Abnahme", "Uhrzeit"]),
        ("Patient;Code;Abnahme;A;B", "7;AST;12.03.2024;8:15;9:15", "Abnahme"),
        ("Patient;Code;Heure;A", "7;AST;8:15;9:15", "Heure"),
        ("mrn;Code;measurement_date;measurement_datetime", "7;A;2024-03-12;2024-03-12 8:15", "measurement_datetime"),
    ],
)
def test_a_time_is_of_the_columns_that_make_one(tmp_path: Path, header: str, line: str, columns: Any) -> None:
    assert drafted(tmp_path, f"{header}\n{line}\n")[1]["columns"]["collected_at"] == columns


def test_files_of_one_kind_are_one_export(tmp_path: Path) -> None:
    texts = {
        "lb.csv": "IPP,ECOG\n7,1\n",
        "rs.csv": "IPP,Weight\n7,1\n",
        "v_20200101.csv": "IPP,ECOG\n7,1\n",
        "v_20200102.csv": "IPP,ECOG\n8,2\n",
        "p.ndjson": '{"resourceType": "Patient"}\n',
        "o.ndjson": '{"resourceType": "Observation"}\n',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    exports = draft("chx", [tmp_path / name for name in texts]).profile["exports"]

    assert [(one["files"], one.get("feeds")) for one in exports] == [
        ("{date}/lb*.csv", None),
        ("{date}/rs*.csv", None),
        ("v_{date:%Y%m%d}*.csv", None),
        ("{date}/*.ndjson", ["patients", "results"]),
    ]


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("Patient;Wert\n7;1,250\n", "is the comma in numbers"),
        ("Patient;Wert;Norm\n7;1,2;5.5\n", "is the comma in numbers"),
        ("Patient;Datum\n7;24.12.49\n", "of which hundred years"),
        ("record_id,redcap_event_name\n7,a\n", "an export of REDCap"),
        ("person_id,gender_concept_id\n7,1\n", "an export of OMOP"),
        ("Patient;Code;Wert;Status\n7;AST;1;V\n", "results.status: what does 'V'"),
        ("USUBJID,AESEQ,AESTDTC\n7,1,2020-01-01\n8,1,2020-01-02\n", "event_id: AESEQ has 1 texts in 2 rows"),
    ],
)
def test_what_may_mean_two_things_is_asked(tmp_path: Path, content: str, asked: str) -> None:
    found, export = drafted(tmp_path, content)

    assert any(asked in one for one in found.questions)
    assert "decimal" not in export.get("dialect", {})


def test_other_feeds_that_are_near_are_asked_about(tmp_path: Path) -> None:
    found, _ = drafted(tmp_path, "patient_id,exam_id,exam_date,lesion_id\n1,2,2020-01-01,4\n")

    (asked,) = [one for one in found.questions if one.startswith("feed: ")]
    assert ("lesions" in asked, "exams" in asked) == (True, True)


FRENCH = {"delimiter": ";", "decimal": ","}


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ("IPP\tValeur\n7\t1,5\n".encode("utf-16"), {"encoding": "utf-16", "delimiter": "\t", "decimal": ","}),
        ("IPP\tValeur\n7\t1.5\n".encode("utf-16-le"), {"encoding": "utf-16-le", "delimiter": "\t"}),
        (
            b"Datum;Wert\n04.05.2024;1.234,5\n05.05.2024;2,5\n",
            {"delimiter": ";", "decimal": ",", "group": "."},
        ),
        (b"NHC;Resultado\n7;1,5\n8;2,5\nTotal\n", {"delimiter": ";", "decimal": ","}),
        *(
            ("Échelle;Größe;Unité\r7;1,5;à jeun\r8;2,5;à jeun\r".encode(encoding), {"encoding": encoding, **FRENCH})
            for encoding in ("cp1252", "mac_roman", "cp850")
        ),
    ],
)
def test_how_a_file_is_written_is_seen(tmp_path: Path, content: bytes, dialect: dict[str, str]) -> None:
    found, export = drafted(tmp_path, content)

    assert export["dialect"] == dialect
    assert any("a total at the end" in one for one in found.questions) == (b"Total" in content)


def test_each_sheet_of_a_workbook_is_an_export_by_its_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, rows in SHEETS:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "b.xlsx")

    found = draft("chx", [tmp_path / "b.xlsx"])

    exports = found.profile["exports"]
    assert [one["dialect"] for one in exports] == [{"sheet": "1", "header_row": 3}, {"sheet": "2"}, {"sheet": "3"}]
    assert [(one["feed"], one.get("name")) for one in exports] == [
        ("visits", None),
        ("visits", "visits_2"),
        ("?", None),
    ]
    assert "Zabulon" not in found.text


def test_a_column_for_each_test_becomes_rows(tmp_path: Path) -> None:
    found, export = drafted(tmp_path, "IPP;Prélevé le;ASAT (U/L);GPT (ALAT)\n7;22/01/2019 08:10;62,5;41\n")

    assert export["feed"] == "results"
    assert export["rows"]["unpivot"] == {"columns": ["ASAT (U/L)", "GPT (ALAT)"], "name": "test", "value": "result"}
    assert export["columns"]["result_id"] == {"from": ["IPP", "Prélevé le", "test"], "join": "|"}
    assert export["columns"]["unit"] == {"from": "test", "map": {"ASAT (U/L)": "U/L"}}
    assert found.lists["loinc.csv"] == [("ASAT (U/L)", "1920-8"), ("GPT (ALAT)", "1742-6")]


def test_the_kind_of_a_row_of_redcap_names_nobody(tmp_path: Path) -> None:
    lines = "7,adverse,2025-01-20\n7,adverse,2025-01-22\n7,qol,\n"
    _, export = drafted(tmp_path, f"record_id,redcap_repeat_instrument,ae_dt\n{lines}")

    assert "personal" not in export


@pytest.mark.parametrize(
    ("header", "tests"),
    [
        ("NHC;Fecha extracción;AST (U/L);Bilirrubina total (mg/dL);Plaquetas;Cromogranina A", ["1920-8", "14631-6"]),
        ("Paziente;Data prelievo;AST;Bilirubina totale;Piastrine;Cromogranina A", ["1920-8", "14631-6"]),
    ],
)
def test_tests_are_known_by_their_names_in_spanish_and_italian(tmp_path: Path, header: str, tests: list[str]) -> None:
    found, export = drafted(tmp_path, f"{header}\n7;22/01/2019 08:10;62,5;1,2;150;30\n")
    assert export["rows"]["unpivot"]["columns"] == header.split(";")[2:]
    assert sorted(code for _, code in found.lists["loinc.csv"]) == sorted([*tests, "777-3", "9811-1"])
