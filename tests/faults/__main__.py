"""`python -m tests.faults`: FAULTS moments, FILES mutated files, ORDERS orders of arrival, drawn from SEED.

Prints each case with the seed that repeats it, and a summary; `var/faults/report.json` holds the same.
Exit code 1 = something went wrong. ONLY=<seed> repeats one case of a kind, with 0 for the other two numbers.
"""

import json
import os
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from include.basics.settings import ROOT
from tests.faults.files import nights
from tests.faults.moments import moments
from tests.faults.orders import orders

REPORT = ROOT / "var" / "faults" / "report.json"
MEMORY = Path("/dev/shm")
DEFAULTS = {"FAULTS": "200", "FILES": "10000", "ORDERS": "1000", "SEED": "1"}
Case = dict[str, Any]
Report = dict[str, list[Case]]


def main() -> int:
    """Run what is asked for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers and mounts go with it
    asked = {name: os.environ.get(name) or default for name, default in DEFAULTS.items()}
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="faults-") as folder:
        os.environ["SCRATCH"] = f"{folder}/scratch"
        parts = {"FAULTS": ("moments", moments), "FILES": ("files", nights), "ORDERS": ("orders", orders)}
        report: Report = {}
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        for count, (part, cases) in parts.items():
            own, report[part] = Path(folder, part), []
            own.mkdir()
            for case in cases(seeds(int(asked[count]), asked["SEED"]), own):
                report[part].append(case)
                print(part, json.dumps(case), flush=True)
                REPORT.write_text(json.dumps({"asked": asked, **report}, indent=1), encoding="utf-8")
    print("\n".join(summary(report)))
    return int(any(case["wrong"] for cases in report.values() for case in cases))


def seeds(count: int, seed: str) -> list[str]:
    """Those of the cases, or of the one that is asked for."""
    only = os.environ.get("ONLY")
    return [only] * min(count, 1) if only else [f"{seed}-{number}" for number in range(count)]


def summary(report: Report) -> list[str]:
    """Lines with the figures that docs/reliability.md has."""
    lines = []
    kinds = Counter((case["form"], case["fault"]) for case in report["moments"])
    for form, fault in sorted(kinds):
        some = [case for case in report["moments"] if (case["form"], case["fault"]) == (form, fault)]
        during = [case for case in some if case["hit"]]
        survived = sum(case["ended"] == "done" for case in during)
        wrong = sum(bool(case["wrong"]) for case in some)
        figures = f"{len(some)}, {len(during)} during the night, {survived} of these completed it; {wrong} wrong"
        lines.append(f"{form}: {fault}: {figures}")
    outcomes = sum((Counter(case["outcomes"]) for case in report["files"]), Counter[str]())
    lines += [f"files {how}: {count}" for how, count in sorted(outcomes.items())]
    for part, unit in (("moments", "seed"), ("files", "files"), ("orders", "orders")):
        count = sum(case[unit] if unit != "seed" else 1 for case in report[part])
        lines.append(f"{part}: {count}, {sum(len(case['wrong']) for case in report[part])} wrong")
    return lines


if __name__ == "__main__":
    sys.exit(main())
