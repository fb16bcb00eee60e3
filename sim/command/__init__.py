"""The command line: its verbs, the checks before a run, Hydra's side, and what is written and printed at the end."""
