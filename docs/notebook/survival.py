# %% [markdown]
# # Survival from the marts
# Survival with and without disease outside of the liver: two curves, the numbers at risk below, one comparison.
# Every number is read from the marts; nothing is estimated here. Cells begin with `# %%`: VS Code, PyCharm, Spyder and
# Jupyter with jupytext open this file as a notebook, and `python docs/notebook/survival.py` runs it.

# %%
import os

import matplotlib.pyplot as plt
import pandas as pd
import sqlalchemy as sa

marts = sa.create_engine(os.environ.get("MARTS_URL", "duckdb:///var/registry.marts.duckdb"))
CHOSEN = {"endpoint": "os_treatment", "stratification": "extrahepatic"}
MONTHS = [0, 12, 24, 36, 48, 60]


def read(select: str) -> pd.DataFrame:
    """The rows of a SELECT about the chosen endpoint and groups."""
    with marts.connect() as connection:
        return pd.read_sql(
            sa.text(f"{select} AND endpoint = :endpoint AND stratification = :stratification"),
            connection,
            params=CHOSEN,
        )


# %% [markdown]
# `kaplan_meier` needs no other filter: it has the study's rules, one confidence band, and the point (0, 1).

# %%
points = read("SELECT * FROM marts.kaplan_meier WHERE TRUE").sort_values(["sort_order", "step"])
curves = dict(list(points.groupby("stratum_label", sort=False)))


def at_risk(curve: pd.DataFrame, months: float) -> int:
    """Patients under observation just before that time; 0 beyond the last."""
    later = curve.loc[curve["time_months"] >= months, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


numbers_at_risk = pd.DataFrame(
    {name: [at_risk(curve, month) for month in MONTHS] for name, curve in curves.items()}, index=MONTHS
).T
numbers_at_risk

# %% [markdown]
# The other survival marts have a row for each rule, way of entry and confidence band: pick one of each.

# %%
ONE = "rule = 'study' AND entry = 'time zero'"
medians = read(
    "SELECT stratum_label, patients, events, median_months, median_ci_low, median_ci_high "
    f"FROM marts.survival_summary WHERE {ONE} AND ci_method = 'log-log'"
)
(log_rank,) = read(f"SELECT * FROM marts.survival_comparison WHERE {ONE}").itertuples()
(hazard,) = read(f"SELECT * FROM marts.hazard_ratio WHERE {ONE}").itertuples()
comparison = (
    f"HR {hazard.hazard_ratio:.2f} ({hazard.ci_low:.2f} to {hazard.ci_high:.2f}), log-rank p = {log_rank.p_value:.3f}"
)
medians

# %%
figure, axes = plt.subplots(figsize=(7, 5))
figure.subplots_adjust(left=0.13, bottom=0.28)
for name, curve in curves.items():
    (line,) = axes.step(curve["time_months"], 100 * curve["survival"], where="post", label=name)
    low, high = (100 * curve[limit].fillna(curve["survival"]) for limit in ("ci_low", "ci_high"))
    axes.fill_between(curve["time_months"], low, high, step="post", alpha=0.15, color=line.get_color(), linewidth=0)
axes.set(
    xlim=(0, MONTHS[-1]),
    xticks=MONTHS,
    ylim=(0, 100),
    xlabel="Months since the first procedure",
    ylabel="Alive, %",
    title=comparison,
)
axes.legend(title=points["stratification_label"].iloc[0])
for row, (name, numbers) in enumerate(numbers_at_risk.iterrows()):
    for month, number in [(-6, name), *numbers.items()]:
        axes.text(month, -0.22 - 0.06 * row, number, transform=axes.get_xaxis_transform(), ha="center")
figure.text(0.02, 0.02, f"Numbers at risk. Data cut-off {points['data_cutoff_date'].iloc[0]:%Y-%m-%d}.", fontsize=8)
plt.show()
