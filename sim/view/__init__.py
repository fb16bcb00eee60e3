"""The page: two markets on one seed, night by night, in a browser.  `python -m sim view`; docs/view.md.

A small server of the standard library steps the markets; one page without any outside file draws them.  Watching
draws nothing and changes nothing: a run that was watched has the same bytes as one that was not.
"""
