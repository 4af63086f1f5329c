"""`deploy/secrets` as an administrator runs it."""

import os
import stat
import subprocess
from pathlib import Path

from include.basics.settings import ROOT
from include.running.deployed.databases import read_logins


def write(folder: Path) -> dict[str, str]:
    """Run it; the files that there are then."""
    own = {**os.environ, "SECRETS": str(folder / "secrets"), "ENV_FILE": str(folder / "env")}
    subprocess.run([ROOT / "deploy" / "secrets"], env=own, check=True, stdout=subprocess.DEVNULL)
    return {file.name: file.read_text() for file in (folder / "secrets").iterdir()}


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path) == write(tmp_path)
    assert f"SECRETS={tmp_path / 'secrets'}\n" in (tmp_path / "env").read_text()


def test_the_house_s_own_keys_of_s3_stay(tmp_path: Path) -> None:
    write(tmp_path)
    own = tmp_path / "secrets" / "s3_credentials"
    own.chmod(0o600)
    own.write_text("[default]\naws_access_key_id = of the house\n")

    assert "of the house" in write(tmp_path)["s3_credentials"]


def test_no_two_passwords_are_alike_and_only_their_owner_gets_at_them(tmp_path: Path) -> None:
    passwords = [content for name, content in write(tmp_path).items() if name.endswith("_password")]

    assert len(set(passwords)) == len(passwords) == 11
    assert min(len(password) for password in passwords) > 20
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_password_that_was_removed_is_new_everywhere(tmp_path: Path) -> None:
    before = write(tmp_path)
    (tmp_path / "secrets" / "registry_writer_password").unlink()
    after = write(tmp_path)

    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"registry_writer_password", "pgpass_init", "pgpass_registry"}
    (login,) = read_logins(tmp_path / "secrets" / "pgpass_registry")
    assert (login.role, login.password) == ("registry_writer", after["registry_writer_password"])
