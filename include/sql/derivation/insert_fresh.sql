INSERT INTO {{ table }} ({{ columns }}, rule_version, derived_at)
SELECT
    {{ columns }},
    rule_version,
    CAST(:derived_at AS TIMESTAMP)
FROM (
    SELECT
        {{ columns }},
        rule_version
    FROM fresh
    EXCEPT
    SELECT
        {{ columns }},
        rule_version
    FROM {{ table }}
    WHERE patient_id IN (SELECT patient_id FROM ops.touched_patient)
) AS changed
