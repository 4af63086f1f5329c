"""The main outcomes, as the marts have them."""

from include.basics.settings import Settings
from include.people.reporting.frames import print_frame
from include.warehouse import open_warehouse
from include.warehouse.sql import select_text

OUTCOMES = {
    "outcome_toxicity": "Laboratory toxicity: patients with grade 3 or 4, by edition of the criteria",
    "outcome_response": "Tumour response (mRECIST), evaluable patients",
    "outcome_survival": "Survival from the first procedure (95 % CI)",
}


def print_outcomes(settings: Settings) -> None:
    """Toxicity, response and survival with confidence intervals."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        for name, title in OUTCOMES.items():
            print_frame(warehouse.frame(select_text(f"reporting/{name}")), title=title)
