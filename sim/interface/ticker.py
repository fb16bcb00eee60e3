"""Progress of one run: a bar on a terminal, or a line now and then."""

import sys
import time

EVERY = 10.0  # seconds between lines of progress without a terminal
AFTER = 2.0  # seconds of work before a bar appears on a terminal


class Ticker:
    """Counts the nights of one run and reports progress on standard error if the run takes long."""

    def __init__(self, nights: int, shown: bool = True):
        self.nights, self.played, self.shown = nights, 0, shown
        self.bar, self.began = None, time.monotonic()
        self.last = self.began

    def __enter__(self):
        return self

    def tick(self) -> None:
        """One night was played."""
        self.played += 1
        now = time.monotonic()
        if self.bar is not None:
            self.bar.update()
        elif self.shown and now - self.last >= (AFTER if sys.stderr.isatty() else EVERY):
            self.last = now
            self._report(now - self.began)

    def _report(self, seconds: float) -> None:
        """Open a bar, or print a line with the time left at the pace so far."""
        from sim.runs.progress import FORM, on_a_terminal

        if on_a_terminal():
            from tqdm import tqdm

            self.bar = tqdm(total=self.nights, initial=self.played, desc="1 run", bar_format=FORM, unit="night")
            return
        left = seconds * (self.nights - self.played) / self.played
        print(f"sim: {self.played} of {self.nights} nights, about {left:.0f} s left", file=sys.stderr, flush=True)

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()
