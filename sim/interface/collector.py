"""Mesa's data collector of a market: a view of the record, so that nothing is recorded twice."""

import math

import mesa

from sim.interface.optional import library
from sim.record import night_row

OUTCOME = "outcome_"  # before the name of an outcome of the run, which is known after the last recorded night only


class NightCollector(mesa.DataCollector):
    """The columns of the table of nights as Mesa's model variables.

    `model_vars` has one entry per step, as `mesa.batch_run` expects.  Nights of the warm-up are NaN, because they are
    not recorded.  Outcomes of the run so far have the prefix `outcome_` and a value in the last entry only.
    """

    def __init__(self, market):
        self._market = market
        super().__init__()
        self.model_reporters = dict.fromkeys(self.model_vars, "night")  # Mesa asks whether there are any

    @property
    def model_vars(self) -> dict[str, list]:
        """Lists by name, with one entry per step; empty before the first recorded night."""
        rows, steps = self._market.recorder.nights, self._market.steps
        unrecorded = [math.nan] * (steps - len(rows))
        if not rows:
            return {}
        nights = {name: [*unrecorded, *(row[name] for row in rows)] for name in rows[0]}
        before = [math.nan] * (steps - 1)
        return nights | {f"{OUTCOME}{name}": [*before, value] for name, value in self._market.record().run.items()}

    @model_vars.setter
    def model_vars(self, _) -> None:
        """Mesa's constructor sets an empty mapping, which has no meaning here."""

    @property
    def _collection_steps(self) -> list[int]:
        """Steps with an entry, which Mesa 3.5's `batch_run` reads."""
        return list(range(1, self._market.steps + 1))

    @_collection_steps.setter
    def _collection_steps(self, _) -> None:
        """Mesa's constructor sets an empty list."""

    def collect(self, model) -> None:
        """Nothing is left to do: the market records every night."""

    def get_model_vars_dataframe(self):
        """The recorded nights as a pandas data frame with one row per night; only its columns before the first."""
        rows = self._market.recorder.nights
        frame = library("pandas").DataFrame(rows, columns=list(night_row(self._market.world)))
        return frame.set_index("night", drop=False).rename_axis(None)
