"""The one exception that says that what the user asked for cannot be run."""


class ConfigurationError(ValueError):
    """A configuration that cannot be run; the message is one line."""
