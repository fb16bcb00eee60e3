"""The tables of a results folder, as arrays by scenario and replicate; each column is read on first use."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from sim.statistics.intervals import interval


class Tables:
    """Reads `runs`, `nights` and `groups` of one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.runs = pq.read_table(folder / "runs.parquet")
        self.scenarios = list(dict.fromkeys(self.runs["scenario"].to_pylist()))
        config = folder / "config.yaml"
        settings = yaml.safe_load(config.read_text(encoding="utf-8")) if config.exists() else {}
        self.parameters = settings.get("parameters", {})  # by scenario, as nested mappings
        self.reference = settings.get("reference") or self.scenarios[0]
        self.replicates = len(set(self.runs["replicate"].to_pylist()))
        self.years = self.runs["nights"][0].as_py() / 365
        self._nights = {}
        self.columns = set(pq.read_schema(folder / "nights.parquet").names)

    def run(self, name: str, scenario: str) -> np.ndarray:
        """A run outcome by replicate."""
        here = pc.equal(self.runs["scenario"], scenario)
        return self.runs.filter(here)[name].to_numpy(zero_copy_only=False).astype(float)

    def nights(self, name: str, scenario: str) -> np.ndarray:
        """A nightly column: replicates × nights."""
        if name not in self._nights:
            table = pq.read_table(self.folder / "nights.parquet", columns=["scenario", "replicate", name])
            names = table["scenario"].to_numpy(zero_copy_only=False)
            values = table[name].to_numpy(zero_copy_only=False)
            count = len(self.dates())
            self._nights[name] = {s: values[names == s].reshape(-1, count) for s in self.scenarios}
        return self._nights[name][scenario]

    def dates(self) -> np.ndarray:
        """Dates of the recorded nights."""
        if not hasattr(self, "_dates"):
            table = pq.read_table(self.folder / "nights.parquet", columns=["scenario", "replicate", "date"])
            first = pc.and_(pc.equal(table["scenario"], self.scenarios[0]),
                            pc.equal(table["replicate"], self.runs["replicate"][0]))
            self._dates = table.filter(first)["date"].to_numpy(zero_copy_only=False)
        return self._dates

    def groups(self, scenario: str, replicate: int, columns: list[str]) -> dict[str, np.ndarray]:
        """Columns of the groups table for one run."""
        where = [("scenario", "==", scenario), ("replicate", "==", replicate)]
        table = pq.read_table(self.folder / "groups.parquet", columns=columns, filters=where)
        return {name: table[name].to_numpy(zero_copy_only=False) for name in columns}

    def sectors(self) -> list[str]:
        """Columns of the groups table that hold turf by sector."""
        names = pq.read_schema(self.folder / "groups.parquet").names
        return [name for name in names if name.startswith("turf_S")]

    def mean(self, name: str, scenario: str) -> float:
        """Mean of a run outcome over replicates."""
        return interval(self.run(name, scenario))[1]

    def yearly(self, name: str, scenario: str) -> float:
        """Sum of a nightly column, per year of 365 nights, mean over replicates."""
        return float(self.nights(name, scenario).sum(axis=1).mean()) / self.years

    def others(self) -> list[str]:
        """Scenarios other than the reference, if the reference is among those that were run; else none."""
        return [s for s in self.scenarios if s != self.reference] if self.reference in self.scenarios else []

    def parameter(self, scenario: str, group: str, name: str):
        """The value of one parameter in a scenario; None if the folder does not hold it."""
        return self.parameters.get(scenario, {}).get(group, {}).get(name)

    def sample(self) -> str:
        """The number of replicates and nights behind a figure, in words."""
        nights = len(self.dates())
        return f"{self.replicates} replicate{'s' if self.replicates > 1 else ''} of {nights} nights a scenario"
