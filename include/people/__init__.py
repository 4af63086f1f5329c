"""What people decide (decisions) and are asked (asking), what they are told (alarms, reporting), in their languages."""
