"""Free parameters: priors from the registry's ranges, and draws of prior and posterior as rows of a design."""

import csv
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from sim.registry.files import read_rows, whole
from sim.registry.parameters import ConfigurationError, registry
from sim.runs.design import read_design

REGISTRY = Path(__file__).parent.parent / "registry" / "calibration.yaml"
POSTERIOR = Path(__file__).parent.parent / "registry" / "posterior.csv"
GATES = "calibration_gates.csv"  # beside a file of draws
MOST, DRAWS, SEED = 12, 256, 1


@dataclass(frozen=True)
class Free:
    """One free parameter; `low` and `high` end the prior's range."""

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
        """Where the prior's quantile `unit` in [0, 1] lies."""
        if self.prior == "loguniform":
            return self.low * (self.high / self.low) ** np.asarray(unit, float)
        return self.low + (self.high - self.low) * np.asarray(unit, float)

    def unit(self, value):
        """The inverse of `value`."""
        if self.prior == "loguniform":
            return np.log(np.asarray(value, float) / self.low) / np.log(self.high / self.low)
        return (np.asarray(value, float) - self.low) / (self.high - self.low)


@lru_cache(maxsize=1)
def specification() -> dict:
    """The registry file as it stands."""
    return yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def free() -> tuple[Free, ...]:
    """The free parameters in the order of the file; ValueError for more than twelve, or one without a range."""
    found = tuple(Free(**row) for row in specification()["free"])
    if len(found) > MOST:
        raise ValueError(f"{len(found)} free parameters; at most {MOST}")
    for one in found:
        if not registry()[one.key].range or one.prior not in ("uniform", "loguniform"):
            raise ValueError(f"{one.key}: needs a range in the registry and a prior uniform or loguniform")
    return found


def why(key: str) -> tuple[str, str]:
    """("free" or "frozen", the reason); KeyError for a key that the file does not name."""
    for one in free():
        if one.key == key:
            return "free", one.reason
    for row in specification()["frozen"]:
        if fnmatch(key, row["keys"]):
            return "frozen", row["reason"]
    raise KeyError(key)


def quantiles(draws: int) -> np.ndarray:
    """The first `draws` points of one scrambled Sobol sequence (draws × parameters): more draws keep those before."""
    from scipy.stats.qmc import Sobol

    with np.errstate(all="ignore"):
        return Sobol(len(free()), scramble=True, rng=SEED).random_base2(int(np.ceil(np.log2(max(draws, 2)))))[:draws]


def rows(units: np.ndarray) -> list[dict]:
    """Quantiles of the prior as rows of a design; whole numbers where the key wants them."""
    found = []
    for point in np.asarray(units):
        row = {one.key: float(f"{float(one.value(u)):.6g}") for one, u in zip(free(), point)}
        found.append({key: round(v) if registry()[key].type == "int" else v for key, v in row.items()})
    return found


def units_of(columns: dict) -> np.ndarray:
    """Columns of a table (key: values) as quantiles of the prior, draws × parameters."""
    return np.stack([one.unit(np.asarray(columns[one.key], float)) for one in free()], axis=1)


def remark(judged: list[dict]) -> str:
    """Which gates a posterior passed, in one line; `judged`: rows of calibration_gates.csv."""
    limited = [row for row in judged if row["limit"]]
    lost = [row["gate"] for row in limited if str(row["passed"]) != "True"]
    if not lost:
        return f"all {len(limited)} gates of the calibration are passed"
    return (f"{len(limited) - len(lost)} of {len(limited)} gates of the calibration are passed, not: "
            + "; ".join(lost))


def gates_of(name: str | None) -> list[dict]:
    """Rows of the gates that lie beside the draws `parameter_draws.source=name`; none for the prior."""
    path = POSTERIOR if name == "posterior" else Path(name or "prior")
    gates = path.with_name(GATES)
    return [] if name in (None, "prior") or not gates.exists() else read_rows(gates)


def warning(name: str | None) -> str:
    """The gates beside the draws `parameter_draws.source=name`, in one line; empty for prior or none."""
    return worth(name, gates_of(name)) if gates_of(name) else ""


def worth(name: str, judged: list[dict]) -> str:
    """What draws are worth, by the rows of their gates."""
    return f"parameter_draws.source={name}: {remark(judged)} (docs/calibration.md)"


def draws_of(name: str, draws: int | None) -> list[dict]:
    """Rows of a source: prior, posterior, or a CSV file of its own; ConfigurationError if there are none."""
    if name == "prior":
        return rows(quantiles(draws or DRAWS))
    path = POSTERIOR if name == "posterior" else Path(name)
    if name == "posterior" and not path.exists():
        raise ConfigurationError("parameter_draws.source=posterior: none is stored, because the gates of "
                                 "docs/calibration.md are not passed; give prior or a CSV file of draws")
    if not path.exists():
        raise ConfigurationError(f"parameter_draws.source={name}: no such file; give prior, posterior or a CSV file of "
                                 "draws")
    found = read_design(path)
    return found[:draws] if draws else found


def write_draws(units: np.ndarray, path: Path) -> None:
    """Draws as a CSV file that `parameter_draws.source` reads."""
    found = rows(units)
    with whole(path) as aside, open(aside, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
