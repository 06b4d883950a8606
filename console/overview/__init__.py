"""What organisers need to see across the apps: pure reads, no rules."""
