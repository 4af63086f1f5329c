SELECT COUNT(*)
FROM clinical.current_{{ feed }}
