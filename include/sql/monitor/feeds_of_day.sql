-- The feeds that have a row of a patient on a day, whatever became of it.
{% for contract in feeds if contract.event_date and contract.of_patients %}
SELECT '{{ contract.feed }}' AS feed
FROM received.{{ contract.feed }}
WHERE patient_id = :patient_id AND CAST("{{ contract.event_date }}" AS DATE) = CAST(:day AS DATE)
HAVING COUNT(*) > 0
{{ "UNION ALL" if not loop.last }}
{% endfor %}
