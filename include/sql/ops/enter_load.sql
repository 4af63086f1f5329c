{% set file_name = "CAST(:file_name AS TEXT)" %}
INSERT INTO ops.load (
    load_id, source, feed, batch_date, uri, file_name, file_order, delivery, fingerprint, landing_uri, sha256,
    size_bytes, state, audited_state, received_at
)
VALUES (
    :load_id, :source, :feed, :batch_date, :uri, :file_name,
    {% include "ops/file_order.sql" %},
    :delivery, :fingerprint, :landing_uri, :sha256, :size_bytes, 'received', 'received', :received_at
)
