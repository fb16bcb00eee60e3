"""A page in the browser that shows two markets with the same seed night by night (`python -m sim view`, docs/view.md).

A small server of the standard library steps the markets; one page without external files draws them.  Watching uses no
random draws and changes no state, so a watched run has the same bytes as any other.
"""
