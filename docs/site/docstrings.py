"""An extension of Griffe (mkdocstrings): lines `name: meaning` of a docstring become a list."""

import re

from griffe import Extension

ITEM = re.compile(r"^(\w+(?:, \w+)*): (?=\S)")


def listed(text: str) -> str:
    """A docstring in Markdown, in which `name: meaning` at the beginning of a line is an item of a list."""
    lines, inside = [], False
    for line in text.splitlines():
        found = ITEM.match(line)
        if found and not inside:
            lines.append("")
        inside = bool(found) or (inside and line.startswith("    "))
        lines.append(ITEM.sub(r"- **\1**: ", line) if found else line)
    return "\n".join(lines)


class Lists(Extension):
    """Apply `listed` to every docstring."""

    def on_object(self, *, obj, **_):
        if obj.docstring:
            obj.docstring.value = listed(obj.docstring.value)
