"""Progress of a sweep: points done, running, failed, time left; read from the store, so it holds for any launcher."""

import sys
import threading
import time

from sim.runs.progress import EVERY, on_a_terminal
from sim.runs.store import Journals, claims_held

LOOK = 1.0  # seconds between looks


class Watch:
    """A thread of the driver that only reads; `with Watch(folder, points, launch): ...`."""

    def __init__(self, folder, points, launch, nights=False):
        self.folder, self.points, self.launch = folder, {p.identity: p.replicates for p in points}, launch
        self.journals = Journals(folder, nights)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self.journals.refresh()
        self.runs = sum(self.points.values())
        self.began, self.before = time.monotonic(), self.runs_done()
        if self.before:
            print(f"sim: {self.before} of {self.runs} runs are there already", file=sys.stderr, flush=True)
        self.bar = self._bar() if on_a_terminal() else None
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        if self.bar is not None:
            self._update()
            self.bar.close()

    def _bar(self):
        from tqdm import tqdm

        form = "{desc} {percentage:3.0f} % |{bar}| {n_fmt} of {total_fmt} runs, {remaining} left"
        return tqdm(total=self.runs, initial=self.before, bar_format=form, unit="run")

    def runs_done(self) -> int:
        return sum(k < self.points.get(point, 0) for point, k in self.journals.runs)

    def open_points(self, points) -> list[int]:
        """Numbers of the points that are neither finished nor failed in this launch."""
        self.journals.refresh()
        return [i for i, point in enumerate(points)
                if (self.launch, point.identity) not in self.journals.failures
                and any((point.identity, k) not in self.journals.runs for k in range(self.points[point.identity]))]

    def status(self) -> str:
        """Points done, running and failed in words."""
        counts = dict.fromkeys(self.points, 0)
        for point, k in self.journals.runs:
            if k < self.points.get(point, 0):
                counts[point] += 1
        done = sum(counts[point] >= n for point, n in self.points.items())
        failed = sum(launch == self.launch for launch, _ in self.journals.failures)
        return f"{done} of {len(self.points)} points done, {claims_held(self.folder)} running, {failed} failed"

    def _look(self) -> None:
        said = time.monotonic()
        while not self.stop.wait(LOOK):
            self.journals.refresh()
            if self.bar is not None:
                self._update()
            elif time.monotonic() - said >= EVERY:
                said = time.monotonic()
                print(f"sim: {self.status()}{self._left(said)}", file=sys.stderr, flush=True)

    def _update(self) -> None:
        self.bar.set_description_str(self.status(), refresh=False)
        self.bar.n = self.runs_done()
        self.bar.refresh()

    def _left(self, now) -> str:
        """Time left at the pace so far."""
        done = self.runs_done()
        if done <= self.before:
            return ""
        seconds = (now - self.began) * (self.runs - done) / (done - self.before)
        return f", about {seconds:.0f} s left" if seconds < 600 else f", about {seconds / 60:.0f} min left"
