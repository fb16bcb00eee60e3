"""Standard figures of results without a folder of their own: Matplotlib figures that notebooks show."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup, escape

from sim.figures import modules
from sim.figures.data import Tables
from sim.figures.style import footed, in_style, save
from sim.registry import LABEL
from sim.registry.errors import ConfigurationError
from sim.registry.interrupts import shielded
from sim.registry.parameters import suggestion

DPI = 150  # of images in notebooks; files have 300


class Plots(Mapping):
    """Matplotlib figures by name, with captions; a notebook shows them, `save` writes PDF and PNG files."""

    def __init__(self, drawn: dict):
        """`drawn`: (figure, caption, alternative text) by name."""
        self._drawn = drawn
        self._images = {}

    def __getitem__(self, name):
        return self._drawn[name][0]

    def __iter__(self):
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    @property
    def captions(self) -> dict[str, str]:
        """Captions by name of the figure."""
        return {name: caption for name, (_, caption, _) in self._drawn.items()}

    def save(self, folder=".") -> list[Path]:
        """Write each figure as PDF and PNG into a folder and return the files."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        with shielded(), in_style():
            return [file for name, (figure, _, alternative) in self._drawn.items()
                    for file in save(figure, place / name, alternative)]

    def png(self, name: str) -> bytes:
        """One figure as the bytes of a PNG file."""
        if name not in self._images:
            image = io.BytesIO()
            with shielded(), in_style():
                self[name].savefig(image, format="png", dpi=DPI, metadata={"Software": None})
            self._images[name] = image.getvalue()
        return self._images[name]

    def _repr_html_(self) -> str:
        form = Markup('<figure><img style="max-width:46em;width:100%" alt="{}" src="data:image/png;base64,{}">'
                      "<figcaption><small>{}</small></figcaption></figure>")
        return "\n".join(form.format(alternative, base64.b64encode(self.png(name)).decode("ascii"), escape(caption))
                         for name, (_, caption, alternative) in self._drawn.items())

    def __repr__(self) -> str:
        return f"<Plots: {', '.join(self)}; save(folder) writes them>"


def standard(folder: Path, names=()) -> Plots:
    """The standard figures of a folder of results, or those named."""
    known = {module.NAME: module for module in modules()}
    for name in names:
        if name not in known:
            near = suggestion(name, known)
            raise ConfigurationError(f"figure {name!r}: must be one of {', '.join(known)}"
                                     f"{near if 'mean' in near else ''}")
    tables, drawn = Tables(Path(folder)), {}
    for name in names or known:
        module = known[name]
        if module.possible(tables):
            with shielded(), in_style():
                figure = footed(module.draw(tables), module.basis(tables))
            drawn[name] = figure, f"{module.caption(tables)} {LABEL}", module.alternative(tables)
        elif names:
            raise ConfigurationError(f"figure {name!r}: these results hold nothing to draw in it")
    return Plots(drawn)
