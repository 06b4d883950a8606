"""The demo: data in YAML, and what brings it in by the same services that people use."""
