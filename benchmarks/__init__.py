"""How fast, how large: `python -m benchmarks` (see README.md here for what was found)."""
