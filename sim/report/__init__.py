"""report.html: one file with question, design, findings, assumptions and instructions for reproduction.

It is written from the tables of a folder of results, of a comparison (`sim.report.comparison`) or of a sweep that an
experiment analyses (`sim.report.sweep`); figures are inside it, it needs no network and no script, and the same folder
gives the same bytes.
"""
