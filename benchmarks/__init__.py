"""Measurements of speed and memory: `python -m benchmarks`; README.md in this folder reports results."""
