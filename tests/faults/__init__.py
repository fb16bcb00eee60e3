"""Real commands in real trouble: what was tried, how often, and what was lost (`python -m tests.faults --help`)."""
