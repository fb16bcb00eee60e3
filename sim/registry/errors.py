"""The exception for a request of the user that cannot be carried out."""

LONGEST = 900  # characters of a message


class ConfigurationError(ValueError):
    """A configuration that cannot be run; the message is one line, whatever the user's values hold."""

    def __init__(self, message=""):
        super().__init__(one_line(str(message)))


def one_line(text: str) -> str:
    """A text on one line: what cannot be printed is spelled (`\\n`), and the middle of a long text is left out."""
    spelled = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return spelled if len(spelled) <= LONGEST else f"{spelled[:LONGEST * 2 // 3]} … {spelled[-LONGEST // 4:]}"
