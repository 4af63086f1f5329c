-- Source, feed, row_number, record_key, patient_id, payload and content of the row `r`, for quarantine.record.
    '{{ source }}',
    '{{ feed }}',
    r.row_number,
    r."{{ key }}",
    r.patient_id,
    CAST({{ json_object }}({{ payload }}) AS TEXT),
    {{ content }}
