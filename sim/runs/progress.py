"""Progress on the terminal: a bar with time left, or a line now and then where there is no terminal."""

import os
import sys
import time

EVERY = 10.0  # seconds between lines without a terminal


def on_a_terminal() -> bool:
    """Whether standard error is a terminal with room for a bar."""
    return sys.stderr.isatty() and os.get_terminal_size(sys.stderr.fileno()).columns > 0


class Progress:
    """Counts nights of all runs together."""

    def __init__(self, nights: int, runs: int):
        self.nights, self.runs, self.done, self.started = nights, runs, 0, time.monotonic()
        self.said = self.started
        self.bar = None

    def __enter__(self):
        if self.nights and on_a_terminal():
            from tqdm import tqdm

            form = "{desc} {percentage:3.0f} % |{bar}| {n_fmt} of {total_fmt} nights, {remaining} left"
            self.bar = tqdm(total=self.nights, desc=f"0 of {self.runs} runs", bar_format=form, unit="night")
        return self

    def go_on(self, nights: int, runs: int) -> None:
        """So many more nights have been played; so many runs are through."""
        self.done += nights
        if self.bar is not None:
            self.bar.set_description_str(f"{runs} of {self.runs} runs", refresh=False)
            self.bar.update(nights)
        elif time.monotonic() - self.said >= EVERY and self.done:
            self.said = time.monotonic()
            left = (self.said - self.started) * (self.nights / self.done - 1)
            print(f"sim: {100 * self.done / self.nights:.0f} %, {runs} of {self.runs} runs, about {left:.0f} s left",
                  file=sys.stderr, flush=True)

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()
