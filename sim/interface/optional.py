"""Libraries that are imported when they are first used, and may be missing."""

from importlib import import_module


def library(name: str):
    """An imported library; ModuleNotFoundError with one line that says how to install it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ModuleNotFoundError(f"{name} is not installed: pip install {name}", name=name) from None
