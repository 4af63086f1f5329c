"""What people read of a night."""
