"""report.html: one file that tells a referee what was asked, done, found, assumed, and how to do it again.

It is written from the tables of a folder of results, of a comparison (`sim.report.comparison`) or of a sweep that an
experiment analyses (`sim.report.sweep`); figures are inside it, it needs no network and no script, and the same folder
gives the same bytes.
"""
