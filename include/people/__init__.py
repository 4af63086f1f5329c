"""What people decide (decisions) and are asked (asking), and what they are told (alarms, reporting)."""
