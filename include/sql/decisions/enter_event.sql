INSERT INTO decision.event (decision_id, kind, decided_by, decided_at, reason, entered_by, undoes)
VALUES (:decision_id, :kind, :who, CAST(:now AS TIMESTAMP), :why, :entered_by, :undoes)
