INSERT INTO ops.validation_result (load_id, rule_id, severity, rows_checked, rows_failed, status)
VALUES (:load_id, :rule_id, :severity, :rows_checked, :rows_failed, :status)
