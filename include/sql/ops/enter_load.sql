{% set file_name = "CAST(:file_name AS TEXT)" %}
INSERT INTO received.file (
    load_id, source, feed, batch_date, uri, file_name, file_order, delivery, landing_uri, sha256, size_bytes,
    received_at, site, patient_ids
)
VALUES (
    :load_id, :source, :feed, :batch_date, :uri, :file_name,
    {% include "ops/file_order.sql" %},
    :delivery, :landing_uri, :sha256, :size_bytes, :received_at, :site, :patient_ids
)
