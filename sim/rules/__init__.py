"""Verbs: one mechanism a module, named alternatives in its `RULES`; modules meet only in `sim/night.py`."""
