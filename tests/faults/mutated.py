"""What the command line and `configure` answer to random mistakes (`mutations`): each by the law, or a violation."""

import contextlib
import io
import math
import os
import shutil
import sys
from copy import deepcopy
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import NamedTuple
from unittest import mock

from sim import studies
from sim.__main__ import main
from sim.command.sweeper import PointsSweeper
from sim.registry import configuration
from sim.registry.parameters import ConfigurationError, flatten, registry

from .mutations import FILES, WORDS, Mistake
from .outcomes import Outcome

KINDS = {"int": int, "ints": int, "float": float, "floats": float, "bool": bool, "text": str, "texts": str,
         "choice": str, "date": str, "records": dict}
RAW = ("Traceback", "Exception", "<class", "object at 0x", "omegaconf", "HydraException", "Error:", "KeyError", "\n")
HARM = "configuration or design mutated at random"


class Answer(NamedTuple):
    """What became of one mistake."""

    refusal: str | None  # the line; None if it was accepted
    violation: str = ""  # of the law; empty if it was kept


def outside(parameters) -> str:
    """The first value that is not of its parameter's kind or not within its bounds; empty if all are."""
    for key, value in flatten(parameters.as_dict()).items():
        entry = registry()[key]
        low, high = entry.bounds
        if value is None and entry.nullable:
            continue
        several = entry.type in ("ints", "floats", "texts", "records") and isinstance(value, (list, tuple))
        for one in value if several else [value]:
            good = type(one) is KINDS[entry.type] and (entry.type != "choice" or one in entry.known)
            if good and isinstance(one, (int, float)):
                good = math.isfinite(one) and (low is None or one >= low) and (high is None or one <= high)
            if not good:
                return f"{key}={value!r} is accepted"
    return ""


def judged(refusal: str, mistake: Mistake) -> str:
    """What is wrong with a refusal; empty if nothing."""
    if raw := [sign for sign in RAW if sign in refusal]:
        return f"{raw[0]!r} stands in: {refusal}"
    if len(refusal) > 900 or not refusal.isprintable():
        return f"is no readable line: {refusal!r}"
    if mistake.about and not any(text and text in refusal for text in mistake.about):
        return f"names none of {mistake.about}: {refusal}"
    return ""


class Court:
    """Answers to mistakes, in this process; compositions of equal words are kept."""

    def __init__(self, folder: Path):
        self.folder, self.kept, self.plans = folder, {}, []

    def compose(self, real):
        """`configuration.compose`, which depends on its words alone unless they name files of a mistake."""
        def composed(overrides):
            if any("searchpath" in word for word in overrides):
                return real(overrides)
            words = tuple(overrides)
            if words not in self.kept:
                try:
                    self.kept[words] = real(overrides)
                except ConfigurationError as error:
                    self.kept[words] = error
            if isinstance(self.kept[words], ConfigurationError):
                raise self.kept[words]
            return deepcopy(self.kept[words])

        return composed

    def hydra_main(self, **_):
        """In place of Hydra, which would begin the work: a sweep is planned as its sweeper does."""
        return lambda job: lambda: self.plan(sys.argv[1:])

    def plan(self, words: list[str]) -> None:
        """Plan a sweep; a comparison was planned before."""
        if words[:1] not in (["-m"], ["--multirun"]):
            return
        ours = [word for word in words[1:] if not word.lstrip("+~").startswith("hydra")]
        theirs = [word for word in words[1:] if word not in ours]
        sweeper = PointsSweeper.__new__(PointsSweeper)
        sweeper.config = SimpleNamespace(hydra=SimpleNamespace(overrides=SimpleNamespace(hydra=theirs, task=ours)))
        next(sweeper.plans())

    @contextlib.contextmanager
    def sits(self):
        """Context in which Hydra does not begin and plans are kept."""
        def check_needs(plan):
            self.plans.append(plan)
            checked(plan)

        checked, composed, before = studies.check_needs, self.compose(configuration.compose), os.getcwd()
        with contextlib.ExitStack() as stack:
            for name in ("sim.registry.configuration.compose", "sim.runs.plan.compose"):
                stack.enter_context(mock.patch(name, composed))
            for name in ("sim.command.preflight.check_needs", "sim.studies.check_needs"):
                stack.enter_context(mock.patch(name, check_needs))
            stack.enter_context(mock.patch("hydra.main", self.hydra_main))
            stack.enter_context(mock.patch.object(sys, "argv", ["sim"]))
            os.chdir(self.folder)
            try:
                yield
            finally:
                os.chdir(before)

    def typed(self, mistake: Mistake) -> Answer:
        """The answer of the command line."""
        with self.laid(mistake):
            self.plans.clear()
            there, errors = sorted(self.folder.rglob("*")), io.StringIO()
            try:
                with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
                    code = main(list(mistake.words))
            except BaseException as error:
                return Answer(None, f"{type(error).__name__}: {error}")
            lines = [line for line in errors.getvalue().split("\n") if line and " is now called " not in line]
            if sorted(self.folder.rglob("*")) != there:
                return Answer(None, "files were written")
        if code == 0:
            values = (outside(point.parameters) for plan in self.plans for point in plan.points[:5])
            return Answer(None, next(filter(None, values), ""))
        refusal = "\n".join(lines)
        if code != 2 or not refusal.startswith("sim: error: "):
            return Answer(refusal, f"exit code {code}: {refusal}")
        return Answer(refusal, judged(refusal, mistake))

    def configured(self, overrides, about=()) -> Answer:
        """The answer of `configure` to a list or a mapping of overrides."""
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                return Answer(None, outside(configuration.configure("dossier", overrides)))
        except ConfigurationError as error:
            return Answer(str(error), judged(str(error), Mistake([], about=about)))
        except Exception as error:
            return Answer(None, f"{type(error).__name__}: {error}")

    @contextlib.contextmanager
    def laid(self, mistake: Mistake):
        """Context in which the files of a mistake lie in the working folder."""
        for name, content in mistake.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            yield
        finally:
            for name in {name.split("/")[0] for name in mistake.files}:
                path = self.folder / name
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def violations(folder: Path, count: int, seed: int):
    """Yield (number, mistake, answer) for those of so many random mistakes whose answer breaks the law.

    Every mistake is typed; every other one is given to `configure` too, where it has no files and no flags.
    """
    court = Court(folder)
    with court.sits():
        for number in range(count):
            dice = Random(f"{seed} {number}")
            mistake = dice.choice((*WORDS, *FILES))(dice)
            answer = court.typed(mistake)
            if answer.violation:
                yield number, mistake, answer
            words = [word for word in mistake.words if not word.startswith("-")]
            if number % 2 == 0 and not mistake.files and words == mistake.words:
                answer = court.configured(words)
                if answer.violation:
                    yield number, mistake, answer._replace(violation=f"configure: {answer.violation}")


def mutated(folder: Path, count: int, seed: int) -> Outcome:
    """The outcome of so many random mistakes."""
    place, broken = folder / "mutated", set()
    place.mkdir()
    for number, mistake, answer in violations(place, count, seed):
        broken.add(number)
        print(f"{mistake.words}: {answer.violation}", file=sys.__stderr__, flush=True)
    return Outcome(HARM, count, unclear=len(broken), spoilt=len(broken))
