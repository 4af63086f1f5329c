SELECT
    patient_id,
    person_id,
    is_active,
    {% include "clinical/folded_id.sql" %} AS folded_id
FROM clinical.lifespan
