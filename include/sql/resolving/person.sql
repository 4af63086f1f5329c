-- Makes: person.
CREATE TEMPORARY TABLE person (
    patient_id TEXT,
    person_id TEXT,
    merged_on DATE
)
