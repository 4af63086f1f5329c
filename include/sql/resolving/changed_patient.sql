-- Reads: {{ table }}. Makes: changed_patient.
-- The patients of whom something else is known now, with whose id theirs is and was.
CREATE TEMPORARY TABLE changed_patient AS
SELECT
    COALESCE(n.patient_id, k.patient_id) AS patient_id,
    n.person_id,
    k.person_id AS person_before
FROM {{ table }} AS n
FULL JOIN clinical.{{ table }} AS k ON n.patient_id = k.patient_id
WHERE
    n.patient_id IS NULL
    OR k.patient_id IS NULL
{% for name in columns if name != "patient_id" %}
    OR n."{{ name }}" IS DISTINCT FROM k."{{ name }}"
{% endfor %}
