"""The exception for a request of the user that cannot be carried out."""


class ConfigurationError(ValueError):
    """A configuration that cannot be run; the message is one line."""
