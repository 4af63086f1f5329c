"""Where the platform's tables hold what the study printed: target id to a SELECT in the target's own words."""

BASELINE = {
    "T1.age.dx": "age_at_diagnosis",
    "T1.age.tace": "age_at_first_procedure",
    "T1.bmi": "bmi",
    "T1.ki67": "ki67",
    "T1.cga": "chromogranin_a",
    "T1.hiaa": "hiaa",
    "T1.ast": "ast",
    "T1.alt": "alt",
    "T1.bili": "bilirubin",
    "T1.crcl": "clearance_mdrd",
    "T1.target1": "target_1",
    "T1.target2": "target_2",
    "T1.sumdiam": "target_sum",
    "R.dx_to_liver": "diagnosis_to_liver_metastases",
    "R.liver_to_tace": "liver_metastases_to_first_procedure",
}
CATEGORY = {
    "T1.sex.male": ("sex", "male"),
    "T1.sex.female": ("sex", "female"),
    "T1.bmi.c1": ("bmi", "<=20"),
    "T1.bmi.c2": ("bmi", "20-25"),
    "T1.bmi.c3": ("bmi", "25-30"),
    "T1.bmi.c4": ("bmi", ">30"),
    "T1.primary.1": ("primary", "gi"),
    "T1.primary.2": ("primary", "pancreas"),
    "T1.primary.3": ("primary", "lung"),
    "T1.primary.resected": ("primary_resected", "yes"),
    "T1.grade.G1": ("grade", "G1"),
    "T1.grade.G2": ("grade", "G2"),
    "T1.grade.G3": ("grade", "G3"),
    "T1.livermets.synchronous": ("liver_metastases", "synchronous"),
    "T1.livermets.metachronous": ("liver_metastases", "metachronous"),
    "T1.prev.hepatic_surgery": ("previous_treatment", "hepatic_surgery"),
    "T1.prev.rfa": ("previous_treatment", "ablation"),
    "T1.prev.systemic_chemo": ("previous_treatment", "systemic_chemotherapy"),
    "T1.prev.ssa": ("previous_treatment", "somatostatin_analogue"),
    "T1.prev.tace": ("previous_treatment", "tace"),
    "T1.prev.prrt": ("previous_treatment", "prrt"),
    "T1.burden.<10": ("liver_burden", "<10"),
    "T1.burden.10-25": ("liver_burden", "10-25"),
    "T1.burden.25-50": ("liver_burden", "25-50"),
    "T1.burden.>75": ("liver_burden", ">=75"),
    "T1.extrahepatic": ("extrahepatic_disease", "yes"),
    **{
        f"T1.discovery.{mode}": ("discovery_mode", mode)
        for mode in ("carcinoid_syndrome", "pain", "fortuitous", "other", "unknown")
    },
    "T1.cga.elev": ("chromogranin_a", "elevated"),
    "T1.cga.normal": ("chromogranin_a", "normal"),
    "T1.hiaa.elev": ("hiaa", "elevated"),
    "T1.hiaa.normal": ("hiaa", "normal"),
    "T1.crcl.gt60": ("clearance_mdrd", ">60"),
    "R.grade12": ("grade_1_or_2", "yes"),
    "R.diffuse": ("liver_burden_10_or_more", "yes"),
    "R.burden50": ("liver_burden_50_or_more", "yes"),
}
EXPOSURE = {
    "R.procs_per_pt": "procedures_per_patient",
    "R.lipiodol": "lipiodol_first_session",
    "R.microspheres": "microspheres_first_session",
}
TERM = {
    "T2.pes": "post_embolization_syndrome",
    "T2.sae": "serious_adverse_event",
    "R.sae": "serious_adverse_event",
    **{f"T2.{term}": term for term in ("pneumopathy", "heart_failure", "bowel_obstruction", "ards", "liver_abscess")},
    "T2.death": "death",
}
RESPONSE = {
    "R.resp1.or": ("first_cycle", "OR", "all"),
    "R.resp1.dcr": ("first_cycle", "DCR", "all"),
    "R.resp1.or_panc": ("first_cycle", "OR", "pancreas"),
    "R.respend.or": ("final", "OR", "all"),
    "R.respend.sd": ("final", "SD", "all"),
    "R.respend.dcr": ("final", "DCR", "all"),
}
LOG_RANK = {
    "R.lr.primary": "primary_gi_pancreas",
    "R.lr.resection": "primary_resected",
    "R.lr.grade": "grade",
    "R.lr.burden": "burden",
    "R.lr.extrahep": "extrahepatic",
    "R.lr.ncycles": "procedures",
}
CHANGE = {
    "R.p.AST.m2": ("AST", "baseline", "month_2"),
    "R.p.ALT.m2": ("ALT", "baseline", "month_2"),
    "R.p.BILI.m2": ("BILI", "baseline", "month_2"),
}
ENZYMES = {"R.p.liver.d1": ("baseline", "day_1"), "R.p.liver.d5": ("day_1", "day_5")}
TIMES = (
    "SELECT AVG(months) AS mean, STDDEV_SAMP(months) AS sd, MIN(months) AS min, MAX(months) AS max, "
    "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY months) AS median FROM derived."
)
TIMES_TO_PROGRESSION = (
    f"{TIMES}survival_time WHERE endpoint = 'pfs' AND rule = 'study' AND criteria = 'mrecist' AND reason <> 'no exam'"
)
TIMEPOINT = {"day1": "day_1", "day5": "day_5", "month2": "month_2", "baseline": "baseline"}

SELECTS: dict[str, str] = {
    **{
        target: "SELECT n, mean, sd, median, min, max FROM marts.baseline_characteristics "
        f"WHERE characteristic = '{name}' AND category = 'all'"
        for target, name in BASELINE.items()
    },
    **{
        target: "SELECT n AS count, denominator AS n, percent AS pct FROM marts.baseline_characteristics "
        f"WHERE characteristic = '{name}' AND category = '{category}'"
        for target, (name, category) in CATEGORY.items()
    },
    **{
        target: f"SELECT n, mean, sd, median, min, max FROM marts.treatment_exposure WHERE measure = '{measure}'"
        for target, measure in EXPOSURE.items()
    },
    **{
        target: "SELECT procedures AS count, denominator AS n, percent AS pct FROM marts.side_effects "
        f"WHERE term = '{term}'"
        for target, term in TERM.items()
    },
    **{
        target: "SELECT percent AS pct FROM marts.response_rate WHERE criteria = 'mrecist' AND "
        f"assessment = '{assessment}' AND response = '{response}' AND stratum = '{stratum}' AND "
        "stratification IN ('all', 'primary_gi_pancreas') AND denominator_kind = 'evaluable'"
        for target, (assessment, response, stratum) in RESPONSE.items()
    },
    **{
        target: "SELECT p_value AS p FROM marts.survival_comparison "
        f"WHERE endpoint = 'os_treatment' AND stratification = '{stratification}'"
        for target, stratification in LOG_RANK.items()
    },
    **{
        target: "SELECT p_value AS p FROM marts.toxicity_change "
        f"WHERE analyte = '{analyte}' AND from_timepoint = '{start}' AND to_timepoint = '{end}'"
        for target, (analyte, start, end) in CHANGE.items()
    },
    **{
        target: "SELECT MAX(p_value) AS p FROM marts.toxicity_change WHERE analyte IN ('AST', 'ALT') "
        f"AND from_timepoint = '{start}' AND to_timepoint = '{end}'"
        for target, (start, end) in ENZYMES.items()
    },
    **{
        f"R.os_{months}m": "SELECT 100 * survival AS surv, 100 * ci_low AS lcl, 100 * ci_high AS ucl "
        f"FROM marts.survival_at WHERE endpoint = 'os_treatment' AND months = {months} AND stratum = 'all' "
        "AND ci_method = 'plain'"
        for months in (12, 24, 36, 60)
    },
    **{
        f"T3.{analyte}.{printed}.g{grade}": "SELECT patients AS count, denominator AS n, percent AS pct "
        f"FROM marts.toxicity WHERE criteria = 'ctcae_v3' AND analyte = '{analyte}' AND timepoint = '{timepoint}' "
        f"AND grade = {grade}"
        for analyte in ("AST", "ALT", "BILI")
        for printed, timepoint in TIMEPOINT.items()
        for grade in range(5)
    },
    "R.p.cga": "SELECT p_value AS p FROM marts.biomarker_change WHERE analyte = 'CGA'",
    "R.cs_resolved": "SELECT resolved AS count, patients AS n, percent_resolved AS pct FROM marts.symptom_response",
    "R.death30": "SELECT deaths AS count, denominator AS n, percent AS pct FROM marts.mortality_30_day "
    "WHERE unit = 'patient'",
    "R.followup": "SELECT n, mean, sd, median, min, max FROM marts.follow_up WHERE measure = 'observed'",
    "R.pfs": TIMES_TO_PROGRESSION,
    "A.pfs": TIMES_TO_PROGRESSION,
    "R.ehp": "SELECT COUNT(*) FILTER (WHERE event) AS count, COUNT(*) AS n FROM derived.survival_time "
    "WHERE endpoint = 'time_to_extrahepatic_progression'",
    "R.ehp_time": f"{TIMES}survival_time WHERE endpoint = 'time_to_extrahepatic_progression' AND event",
    "R.os_dx": "SELECT patients AS n, median_months AS median, median_ci_low AS lcl, median_ci_high AS ucl "
    "FROM marts.survival_summary WHERE endpoint = 'os_diagnosis' AND entry = 'time zero' AND stratum = 'all' "
    "AND ci_method = 'plain'",
    "R.resp1.n": "SELECT MAX(denominator) AS count FROM marts.response_rate WHERE stratum = 'all' "
    "AND criteria = 'mrecist' AND assessment = 'first_cycle' AND denominator_kind = 'evaluable'",
    "R.procedures": "SELECT COUNT(*) AS count FROM clinical.current_procedures",
    "R.strepto": "SELECT COUNT(*) AS count FROM clinical.current_procedures "
    "WHERE drug_dose_g = 1.5 AND procedure_id LIKE '%-1'",
    "R.noembo": "SELECT COUNT(*) AS count FROM clinical.current_procedures WHERE microspheres_ml = 0",
    **{
        f"R.firstcycle.{sessions}": "SELECT COUNT(*) AS count FROM derived.treatment_cycle "
        f"WHERE cycle = 1 AND sessions = {sessions}"
        for sessions in (1, 2, 3, 4)
    },
    "R.sequential": "SELECT COUNT(*) AS count FROM derived.treatment_cycle WHERE cycle = 1 AND sessions > 1",
}
MEDIANS = {("extrahepatic", "yes"): 66, ("extrahepatic", "no"): 74, ("procedures", "1"): 28, ("procedures", ">=4"): 67}
"""Stratification and stratum to the printed median survival from the first procedure, months."""
EXCEPT = {
    ("R.os_12m", "lcl"): "no 52 patients of whom one dies on day 3 give 91 (84-99): the limit is 83",
    ("R.cs_resolved", "p"): "29 resolutions of 42 without a new syndrome are far from 0.01 in McNemar's test",
    **{
        ("R.followup", part): "printed n is 52, yet the minimum leaves out the patient who died on day 3"
        for part in ("mean", "sd", "median", "min")
    },
}
"""What cannot come out as printed, and why."""
