"""`deploy/pin`: what it writes into .env, with an engine that knows two images."""

import os
import shutil
import subprocess
from pathlib import Path

from include.basics.settings import ROOT

ENGINE = """#!/bin/sh
case "$5" in
    postgres:18) echo "postgres@sha256:$DIGEST" ;;
    redis:7) echo ;;
    *) exit 1 ;;
esac
"""


def pin(folder: Path, digest: str) -> tuple[str, str]:
    """Run it in a folder of its own; what it printed as errors, and .env."""
    engine = folder / "bin" / "docker"
    for copied in (engine, folder / "deploy" / "pin"):
        copied.parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / "deploy" / "pin", folder / "deploy" / "pin")
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    own = {**os.environ, "PATH": f"{engine.parent}:{os.environ['PATH']}", "DIGEST": digest}
    done = subprocess.run([folder / "deploy" / "pin"], env=own, text=True, capture_output=True, check=True)
    return done.stderr, (folder / ".env").read_text()


def test_digests_stand_beside_the_tags_and_follow_them(tmp_path: Path) -> None:
    images = "POSTGRES_IMAGE=postgres:18\nREDIS_IMAGE=redis:7\nS3_IMAGE=not-here\n"  # and none of Superset
    (tmp_path / ".env").write_text(f"SMALL_CELL=5\n{images}")
    for digest in ("aa", "bb"):
        said, written = pin(tmp_path, digest)
        assert "redis:7 was not pulled from a registry" in said
        assert written.splitlines() == [
            "SMALL_CELL=5",
            f"POSTGRES_IMAGE=postgres:18@sha256:{digest}",
            "REDIS_IMAGE=redis:7",
            "S3_IMAGE=not-here",
        ]
