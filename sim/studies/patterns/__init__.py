"""Stylised facts as a test of the model: pattern-oriented modelling (Grimm et al. 2005, Science 310:987).

Facts and configurations are declared in `sim/registry/patterns.yaml`; terms that would impose a fact are switched off
for its test.  `declared` reads the file, `runs` finds the runs of each configuration in folders of results, `measures`
and `compare` make values of them, `score` judges and counts conflicts, `tables` says it.
"""
