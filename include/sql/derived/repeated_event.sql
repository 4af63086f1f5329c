-- Records of different keys that are the same event: they agree in the columns that the contract names for that.
{% for contract in feeds if contract.of_patients and contract.feed != "patients" %}
SELECT
    '{{ contract.feed }}' AS feed,
    MAX("{{ contract.key }}") AS record_key,
    MIN("{{ contract.key }}") AS first_record_key,
    patient_id,
    COUNT(*) AS records
FROM scope.{{ contract.feed }}
GROUP BY {{ contract.same_event | join(", ") }}
HAVING COUNT(*) > 1
{{ "" if loop.last else "UNION ALL" }}
{% endfor %}
