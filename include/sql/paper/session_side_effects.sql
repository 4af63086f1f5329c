SELECT
    term,
    session_number,
    denominator AS n,
    procedures AS count,
    percent AS pct
FROM marts.session_side_effects
