"""An agent-based model of a border smuggling market.

People cross a stylised northern border at night and pay rival groups to take them; patrols intercept and push
back; camps open and close; groups compete, fight, bribe and extort.  The model asks what centralised control,
compared with fragmented competition, does to prices, crossings, violence, extortion, corruption and the people.

Read ``sim/night.py`` first: it is one night on one page.
"""

from sim.registry import moved

__version__ = "0.2.0.dev0"
__all__ = ["Market", "__version__", "compare", "configure", "sweep"]

moved.install()


def __getattr__(name):
    """Import the model on first access, so that ``--help`` does not load it."""
    if name == "Market":
        from sim.interface.market import Market

        return Market
    if name in ("compare", "sweep"):
        from sim.interface import study

        return getattr(study, name)
    if name == "configure":
        from sim.registry.configuration import configure

        return configure
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
