"""The verbs of the command line: `python -m sim VERB ...`, one module each.

Verbs that need a checkout write files of the project (its documentation, its scenarios); they are not in the wheel.
"""

import sys
from importlib import import_module
from pathlib import Path
from runpy import run_module
from typing import NamedTuple

from sim.command.words import check_words
from sim.registry.errors import ConfigurationError
from sim.registry.parameters import suggestion
from sim.registry.settings import stands

ROOT = Path(__file__).parents[2]  # of a checkout


class Verb(NamedTuple):
    """One verb: what `--help` says of it, and the module whose `main(words)` carries it out."""

    name: str
    module: str
    sentence: str

    @property
    def file(self) -> Path:
        """The module's file where the project is a checkout."""
        return ROOT.joinpath(*self.module.split(".")).with_suffix(".py")


VERBS = {verb.name: verb for verb in (
    Verb("collect", "sim.command.collect", "writes one table of the runs of a sweep, at any time, also while it runs"),
    Verb("compile", "sim.command.compile", "compiles the model's loops now rather than at the first run"),
    Verb("conformance", "sim.command.conformance", "checks that rules, ours or another package's, keep the laws"),
    Verb("patterns", "sim.command.patterns", "scores stylised facts against any results, pass or fail"),
    Verb("predict", "sim.command.predict", "scores a prediction against a file of reported months"),
    Verb("report", "sim.command.report", "writes the report of a finished study or sweep again"),
    Verb("verify", "sim.command.verify", "compares the running rules with answers known in advance"),
    Verb("view", "sim.command.view", "shows the market night by night in a browser, two scenarios side by side"),
    Verb("documentation", "experiments.pages", "writes the generated pages of docs/ again (checkout only)"),
    Verb("history", "experiments.history.scenarios", "writes the scenarios of 2021 to 2023 again (checkout only)"),
    Verb("prediction", "experiments.prediction.scenario", "writes the prediction's scenario again (checkout only)"),
)}
REPLACED = {"emergence": "+experiment=emergence"}  # a verb of old: the words that do the same


def is_verb(word: str) -> bool:
    """Whether a first word is a verb, or meant to be one: no key, no flag."""
    return "=" not in word and word[:1] not in ("-", "+", "~", "")


def carry_out(name: str, words: list[str]) -> int:
    """Run a verb; returns the exit code.  Raises ConfigurationError where it cannot be run."""
    if name in REPLACED:
        raise ConfigurationError(f"{name}: is an experiment now: python -m sim {REPLACED[name]}")
    if name not in VERBS:
        if stands(name.strip()) or (words[:1] and words[0].startswith("=")):
            check_words([name, *words])  # an override without its `=`, or with blanks around it
        near = suggestion(name, VERBS)
        near = near if "mean" in near else ""
        raise ConfigurationError(f"no verb `{name}`{near} (verbs: {', '.join(VERBS)}; a key is given as KEY=VALUE)")
    verb = VERBS[name]
    if not verb.module.startswith("sim."):
        if not verb.file.exists():
            raise ConfigurationError(f"{name}: needs a checkout of the project, it writes files of it")
        sys.path.insert(0, str(ROOT))  # `experiments` lies beside the package
        sys.argv[1:] = words
        run_module(verb.module, run_name="__main__")
        return 0
    return import_module(verb.module).main(words)
