"""What names a person is not in the landed copy; what feeds need is, and reads the same."""

import gzip
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import hl7v2
from tests.pipeline.formats.hl7v2.messages import message, read_file

PID = (
    "PID|1|X-9|160079900000000^^^ASIP^INS-NIR~A-1^^^SITE^PI|ALT-4|ESSAI^DEUX^^^^^L|MERE^NOM|19600707|F|ALIAS|"
    "2106-3|1 RUE DU PORT^^NANTES^^44000|PAYS|0999000000|0999000001|fr|M|REL|ACC-18|1600799|PERMIS||ETHN|"
    "NANTES||||||20240305|Y"
)


def segment(name: str, fields: dict[int, str]) -> str:
    return "|".join([name, *(fields.get(place, "") for place in range(1, max(fields) + 1))])


SEGMENTS = (
    "PD1|||CABINET^^1|DOCTEUR^MARTIN",
    PID,
    "NK1|1|ESSAI^FILS|CHD|1 RUE",
    segment("PV1", {2: "I", 3: "SALLE^1", 7: "7^MEDECIN", 8: "8^AUTRE", 19: "V-9", 44: "20240301"}),
    "IN1|1|MUT|99^MUTUELLE|ASSUREUR",
    segment("ORC", {1: "RE", 3: "F-11", 10: "SAISIE", 11: "VALIDE", 12: "7^PRESCRIPTEUR", 14: "0999"}),
    segment(
        "OBR",
        {
            3: "F-11",
            4: "P^Panel^L",
            7: "20240115",
            10: "SMITH^COLLECTEUR",
            16: "77^PRESCRIPTEUR",
            17: "0999",
            24: "CT",
            25: "F",
            32: "9&RADIO&LOGUE",
        },
    ),
    segment("OBX", {2: "NM", 3: "ASAT^AST^L", 5: "62", 6: "U/L", 7: "5-34", 11: "F", 16: "B12^BIOLOGISTE^NOM"}),
    "OBX|2|ED|PDF^Rapport^L||^application^pdf^Base64^SECRET||||||F",
    "OBX|3|XPN|NOM^Nom^L||SECRET^NOM||||||F",
    "OBX|4|ST|LIBRE^Texte^L||SECRET||||||F",
    "NTE|1||SECRET",
    "ZPI|1|SECRET",
)
NAMES = (
    "ESSAI", "DEUX", "MERE", "ALIAS", "RUE", "NANTES", "0999", "1600799", "PERMIS", "ETHN", "ALT-4", "FILS", "MUT",
    "MEDECIN", "AUTRE", "PRESCRIPTEUR", "VALIDE", "SAISIE", "SMITH", "COLLECTEUR", "RADIO", "BIOLOGISTE", "MARTIN",
    "SECRET",
)  # fmt: skip


def copied(folder: Path, content: bytes, personal: tuple[str, ...] = (), encoding: str | None = None) -> bytes | None:
    file, target = folder / "extract.hl7", folder / "copy.hl7"
    file.write_bytes(content)
    done = hl7v2.without_personal(file, target, personal, Dialect(encoding=encoding))
    assert done == target.exists()
    return target.read_bytes() if done else None


def test_no_name_is_left(tmp_path: Path) -> None:
    text = message(*SEGMENTS, "ADD|SECRET") + message(*SEGMENTS, kind="ADT^A01")
    copy = copied(tmp_path, text.encode(), ("OBX[LIBRE]", "ZPI"))
    assert copy is not None
    assert [name for name in NAMES if name.encode() in copy] == []
    assert copy.count(b"\r") == text.count("\r")


@pytest.mark.parametrize(
    ("segment", "kept"),
    [
        ("OBX|1|TX|C^C^L||Mme Éssai (née Mere) joignable au 0999000000||||||F", "Mme *** (née ***) joignable au ***"),
        ("OBX|1|FT|C^C^L||DEUX ESSAIS, deuxième\\.br\\Deux||||||F", "*** ESSAIS, deuxième\\.br\\***"),
        ("OBX|1|ST|C^C^L||vu avec Fils||||||F", "vu avec ***"),
        ("OBX|1|ST|C^C^L||DEUX||||||F", "|DEUX|"),
        ("ZPI|1|essai^deux|1 rue du port", "|***^***|***"),
        ("OBR|1||F-1|P^Panel^L|||||||||Essai : fièvre", "*** : fièvre"),
    ],
)
def test_what_a_message_tells_of_persons_stands_in_no_text(tmp_path: Path, segment: str, kept: str) -> None:
    copy = copied(tmp_path, message(PID, "NK1|1|ESSAI^FILS|CHD|1 RUE", segment).encode())
    assert copy is not None
    assert kept in copy.decode()


def test_what_one_message_tells_is_not_masked_in_the_next(tmp_path: Path) -> None:
    other = message("PID|1||A-2||DUPONT", "OBX|1|TX|C^C^L||Essai de Dupont||||||F")
    copy = copied(tmp_path, (message(PID) + other).encode())
    assert copy is not None
    assert "|Essai de ***|" in copy.decode()


@pytest.mark.parametrize("feed", ["results", "exams", "reports", "patients", "visits"])
def test_the_copy_says_the_same(tmp_path: Path, feed: str) -> None:
    text = message(*SEGMENTS) + "no segment\r" + message(*SEGMENTS, kind="ADT^A01")
    assert copied(tmp_path, text.encode())
    said = read_file(tmp_path / "copy.hl7", feed)
    assert said == read_file(tmp_path / "extract.hl7", feed)
    assert said.rows or said.left_out


def test_who_read_an_examination_goes_by_an_id(tmp_path: Path) -> None:
    copied(tmp_path, message(*SEGMENTS).encode())
    found = read_file(tmp_path / "copy.hl7", "exams", ("OBR-32", "OBR-16", "OBR-10"))
    assert list(found.rows[0].values()) == ["9", "77", None]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_copy_keeps_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = message(PID, "OBR|1||F-1", "OBX|1|NM|BILI^Bilirubine élevée^L||17|µmol/l|||||F")
    copied(tmp_path, text.encode(encoding), encoding=encoding)
    found = read_file(tmp_path / "copy.hl7", "results", ("name", "unit"), encoding=encoding)
    assert found.rows == [{"name": "Bilirubine élevée", "unit": "µmol/l"}]


def test_a_compressed_file_stays_compressed(tmp_path: Path) -> None:
    file, target = tmp_path / "extract.hl7.gz", tmp_path / "copy.hl7.gz"
    file.write_bytes(gzip.compress(message(*SEGMENTS).encode()))
    assert hl7v2.without_personal(file, target, (), Dialect())
    assert b"ESSAI" not in gzip.decompress(target.read_bytes())


def test_what_cannot_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    assert copied(tmp_path, message("PID|1||A-1||ÉSSAI").encode("latin-1")) is None
    assert copied(tmp_path, b"") is None
    assert copied(tmp_path, message("PID|1||A-1^^^S^PI").encode()) is None


def test_what_is_personal_has_to_be_a_path(tmp_path: Path) -> None:
    with pytest.raises(RegistryError) as refused:
        copied(tmp_path, message(PID).encode(), ("Nom",))
    assert refused.value.code == "REG-401"
