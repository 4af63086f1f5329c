"""What every other folder may use, and what uses none of them: errors, settings, texts, private and scratch files."""
