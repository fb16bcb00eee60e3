"""Free parameters: priors from the registry's ranges, and draws of prior and posterior as rows of a design."""

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from sim.registry.files import read_rows
from sim.registry.parameters import ConfigurationError, registry
from sim.runs.design import read_design

REGISTRY = Path(__file__).parent.parent / "registry" / "calibration.yaml"
POSTERIOR = Path(__file__).parent.parent / "registry" / "posterior.csv"
GATES = "calibration_gates.csv"  # name of the file of gates beside a file of draws
MOST, DRAWS, SEED = 12, 256, 1  # largest number of free parameters; default number of draws; seed of draws


@dataclass(frozen=True)
class Free:
    """One free parameter; its prior ranges from `low` to `high`."""

    key: str
    prior: str
    reason: str

    @property
    def low(self) -> float:
        return float(registry()[self.key].range[0])

    @property
    def high(self) -> float:
        return float(registry()[self.key].range[1])

    def value(self, unit):
        """The quantile of the prior at `unit`, a number or an array in [0, 1]."""
        if self.prior == "loguniform":
            return self.low * (self.high / self.low) ** np.asarray(unit, float)
        return self.low + (self.high - self.low) * np.asarray(unit, float)

    def unit(self, value):
        """The inverse of `value`: the level of the prior's quantile at a value."""
        if self.prior == "loguniform":
            return np.log(np.asarray(value, float) / self.low) / np.log(self.high / self.low)
        return (np.asarray(value, float) - self.low) / (self.high - self.low)


@lru_cache(maxsize=1)
def specification() -> dict:
    """The content of sim/registry/calibration.yaml."""
    return yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def free() -> tuple[Free, ...]:
    """The free parameters in the order of the file.

    Raises ValueError for more than `MOST`, and for one without a range or with an unknown prior.
    """
    parameters = tuple(Free(**row) for row in specification()["free"])
    if len(parameters) > MOST:
        raise ValueError(f"{len(parameters)} free parameters; at most {MOST}")
    for parameter in parameters:
        if not registry()[parameter.key].range or parameter.prior not in ("uniform", "loguniform"):
            raise ValueError(f"{parameter.key}: needs a range in the registry and a prior uniform or loguniform")
    return parameters


def why(key: str) -> tuple[str, str]:
    """The word "free" or "frozen" for a key, and the reason; raises KeyError for a key that the file does not name."""
    for parameter in free():
        if parameter.key == key:
            return "free", parameter.reason
    for row in specification()["frozen"]:
        if fnmatch(key, row["keys"]):
            return "frozen", row["reason"]
    raise KeyError(key)


def quantiles(draws: int) -> np.ndarray:
    """The first points of one scrambled Sobol sequence (draws, parameters), so that more draws keep the first ones."""
    from scipy.stats.qmc import Sobol

    with np.errstate(all="ignore"):
        return Sobol(len(free()), scramble=True, rng=SEED).random_base2(int(np.ceil(np.log2(max(draws, 2)))))[:draws]


def rows(units: np.ndarray) -> list[dict]:
    """Rows of a design from quantiles of the prior (draws, parameters); whole-number keys are rounded."""
    designed = []
    for point in np.asarray(units):
        row = {parameter.key: float(f"{float(parameter.value(u)):.6g}") for parameter, u in zip(free(), point)}
        designed.append({key: round(v) if registry()[key].type == "int" else v for key, v in row.items()})
    return designed


def units_of(columns: dict) -> np.ndarray:
    """Quantiles of the prior (draws, parameters) from columns of values by key."""
    return np.stack([parameter.unit(np.asarray(columns[parameter.key], float)) for parameter in free()], axis=1)


def remark(judged: list[dict]) -> str:
    """The gates that a posterior passed, in one line; `judged` are rows of calibration_gates.csv."""
    limited = [row for row in judged if row["limit"]]
    failed = [row["gate"] for row in limited if str(row["passed"]) != "True"]
    if not failed:
        return f"all {len(limited)} gates of the calibration are passed"
    return (f"{len(limited) - len(failed)} of {len(limited)} gates of the calibration are passed, not: "
            + "; ".join(failed))


def gates_of(name: str | None) -> list[dict]:
    """Rows of the gates of the draws `parameter_draws.source=name`; none for the prior."""
    path = POSTERIOR if name == "posterior" else Path(name or "prior")
    gates = path.with_name(GATES)
    return [] if name in (None, "prior") or not gates.exists() else read_rows(gates)


def warning(name: str | None) -> str:
    """A remark on the gates of the draws `parameter_draws.source=name`; empty for the prior and without gates."""
    return worth(name, gates_of(name)) if gates_of(name) else ""


def worth(name: str, judged: list[dict]) -> str:
    """A remark on draws, from the rows of their gates."""
    return f"parameter_draws.source={name}: {remark(judged)} (docs/calibration.md)"


def draws_of(name: str, draws: int | None) -> list[dict]:
    """Draws of `parameter_draws.source` (prior, posterior or a CSV file) as rows of a design.

    Raises ConfigurationError for a file that does not exist.
    """
    if name == "prior":
        return rows(quantiles(draws or DRAWS))
    path = POSTERIOR if name == "posterior" else Path(name)
    if name == "posterior" and not path.exists():
        raise ConfigurationError("parameter_draws.source=posterior: none is stored, because the gates of "
                                 "docs/calibration.md are not passed; give prior or a CSV file of draws")
    if not path.exists():
        raise ConfigurationError(f"parameter_draws.source={name}: no such file; give prior, posterior or a CSV file of "
                                 "draws")
    stored = read_design(path)
    return stored[:draws] if draws else stored
