"""Progress on the terminal: a bar with time left, or a line now and then where there is no terminal.

It is read from the store, so it holds for any launcher.
"""

import os
import sys
import threading
import time
from contextlib import suppress

from sim.runs.store import Journals, claims_held

EVERY = 10.0  # seconds between lines without a terminal
LOOK = 1.0  # seconds between looks at the store
FORM = "{desc} {percentage:3.0f} % |{bar}| {n_fmt} of {total_fmt} nights, {remaining} left"


def on_a_terminal() -> bool:
    """Whether standard error is a terminal with room for a bar."""
    return sys.stderr is not None and sys.stderr.isatty() and os.get_terminal_size(sys.stderr.fileno()).columns > 0


class Progress:
    """A thread of the driver that only reads; `with Progress(folder, plan, launch, nights_at_work): ...`."""

    def __init__(self, folder, plan, launch: str, nights_at_work):
        """`nights_at_work`: () -> nights played so far of runs that this process is at."""
        self.folder, self.launch, self.nights_at_work = folder, launch, nights_at_work
        self.nights = {(p.identity, k): length(p) for p, k in plan.runs}  # of each run
        self.journals = Journals(folder, plan.tables)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self.journals.refresh()
        self.began, self.before, self.all = time.monotonic(), self.nights_played(), sum(self.nights.values())
        if done := self.runs_done():
            print(f"sim: {done} of {len(self.nights)} runs are there already", file=sys.stderr, flush=True)
        self.bar = None
        if on_a_terminal() and self.before < self.all:
            from tqdm import tqdm

            self.bar = tqdm(total=self.all, initial=self.before, desc=self.status(), bar_format=FORM, unit="night")
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.journals.refresh()
        if self.bar is not None:
            self._update()
            self.bar.close()

    def runs_done(self) -> int:
        return sum(run in self.journals.runs for run in self.nights)

    def nights_played(self) -> int:
        """Nights of finished runs, and of those that this process is at."""
        finished = sum(nights for run, nights in self.nights.items() if run in self.journals.runs)
        return min(finished + self.nights_at_work(), sum(self.nights.values()))

    def status(self) -> str:
        """Runs done, at work and failed in words."""
        failed = sum(launch == self.launch for launch, *_ in list(self.journals.failures))
        words = [f"{self.runs_done()} of {len(self.nights)} runs", f"{claims_held(self.folder)} running"]
        return ", ".join([*words, *([f"{failed} failed"] if failed else [])])

    def _look(self) -> None:
        shown = self.began
        while not self.stop.wait(LOOK):
            with suppress(OSError):  # an error that lasts stops the work itself
                self.journals.refresh()
            if self.bar is not None:
                self._update()
            elif time.monotonic() - shown >= EVERY:
                shown = time.monotonic()
                print(f"sim: {self._share()}{self.status()}{self._left(shown)}", file=sys.stderr, flush=True)

    def _update(self) -> None:
        self.bar.set_description_str(self.status(), refresh=False)
        self.bar.n = self.nights_played()
        self.bar.refresh()

    def _share(self) -> str:
        return f"{100 * self.nights_played() / self.all:.0f} %, "

    def _left(self, now: float) -> str:
        """Time left at the pace so far."""
        played = self.nights_played()
        if played <= self.before:
            return ""
        seconds = (now - self.began) * (self.all - played) / (played - self.before)
        return f", about {seconds:.0f} s left" if seconds < 600 else f", about {seconds / 60:.0f} min left"


def length(point) -> int:
    """Nights of one of a point's runs, the warm-up included."""
    return sum(point.values.get(key, point.base[key]) for key in ("warmup", "nights"))
