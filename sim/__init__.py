"""An agent-based model of a border smuggling market.

People cross a stylised northern border at night and pay rival groups to take them; patrols intercept and push
back; camps open and close; groups compete, fight, bribe and extort.  The model asks what centralised control,
compared with fragmented competition, does to prices, crossings, violence, extortion, corruption and the people.

Read ``sim/night.py`` first: it is one night on one page.
"""

from importlib import import_module

from sim.registry import moved

__version__ = "0.2.0.dev0"
__all__ = ["Market", "__version__", "compare", "configure", "sweep"]
PLACES = {"Market": "sim.interface.market", "compare": "sim.interface.study", "sweep": "sim.interface.study",
          "configure": "sim.registry.configuration"}  # where each name comes from

moved.install()


def __getattr__(name):
    """Import the model on first access, so that ``--help`` does not load it."""
    if name in PLACES:
        return getattr(import_module(PLACES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *PLACES])
