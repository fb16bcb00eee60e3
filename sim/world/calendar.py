"""The calendar of one run: dates of its nights, seasons and dated events."""

import math
from datetime import date, timedelta

import numpy as np

from sim.world.measures import Measures

YEAR = 365.25  # nights
WEEK = 7  # nights
MONTH = 30  # nights, as payrolls count
# Nights of the model's week: on ACCOUNTS groups settle with owners, review structure and pay officers; on STAFF they
# hire and buy arms.
ACCOUNTS, STAFF = 0, 3


def is_weekly(night: int, day: int) -> bool:
    """Whether this night is night `day` (0 to 6) of the model's week; night 0 has day 0."""
    return night % WEEK == day


class Calendar:
    """The calendar of one run: night 0 is `start_date`, and warm-up nights before it have negative numbers."""

    def __init__(self, p):
        self.p = p
        self.start = date.fromisoformat(p.start_date)
        # The closing night of each camp; a camp whose date lies before the run closes on the first night.
        self.closures = {c["camp"]: self.night_of(c["date"]) for c in p.camps.closures}
        self.release = self.night_of(p.police.release_date)
        self.operations = {self.night_of(row["date"]) for row in p.police.operations}
        self.measures = Measures(p, self.night_of)
        begin = p.organisation.takeover_from
        # first night on which an organisation approaches groups
        self.takeover = -math.inf if begin is None else self.night_of(begin)
        self.shocks = [(self.night_of(shock["date"]), shock["nights"], shock["factor"]) for shock in p.migrants.shocks]
        self._mean = np.mean([np.exp(self._harmonics(day)) for day in range(365)])

    def night_of(self, iso: str) -> int:
        """The number of the night on a date YYYY-MM-DD."""
        return (date.fromisoformat(iso) - self.start).days

    def date_of(self, night: int) -> date:
        """The date of a night."""
        return self.start + timedelta(days=int(night))

    def is_review(self, night: int) -> bool:
        """Whether owners review prices and offers tonight, which they do every `market.review_nights` nights."""
        return night % self.p.market.review_nights == 0

    def _harmonics(self, day):
        """Logarithm of the seasonal factor of arrivals on a day of the year (0 to 364): two harmonics (M1)."""
        m = self.p.migrants
        angle = 2 * np.pi / YEAR
        return (m.season_year * np.cos(angle * (day - m.season_year_peak))
                + m.season_half * np.cos(2 * angle * (day - m.season_half_peak)))

    def season(self, night: int) -> float:
        """Arrivals on a night relative to the mean of the year, times the factors of the dated shocks then in force."""
        day = self.date_of(night).timetuple().tm_yday - 1
        factor = np.exp(self._harmonics(day)) / self._mean
        for begin, nights, shocked in self.shocks:
            if begin <= night < begin + nights:
                factor *= shocked
        return float(factor)

    def visas(self, night: int) -> list[tuple[str, float]]:
        """Nationality (an origin) and strength (a factor of its arrivals) of every visa measure in force on a night."""
        return [(m.nationality, m.strength) for m in self.measures.active(night, "visas")]

    def urgency(self, night: int) -> float:
        """Urgency of leaving before winter: 0 in spring, 1 at the turn of October to November (F17)."""
        day = self.date_of(night).timetuple().tm_yday - 1
        return 0.5 + 0.5 * float(np.cos(2 * np.pi / YEAR * (day - self.p.migrants.urgency_peak)))

    def cold(self, night: int) -> float:
        """Weight of hypothermia among accidents, with mean 1 over a year."""
        day = self.date_of(night).timetuple().tm_yday - 1
        b = self.p.border
        return 1 + b.cold_season * float(np.cos(2 * np.pi / YEAR * (day - b.cold_peak)))

    def closing(self, night: int, first_night: int) -> list[str]:
        """Names of the camps that close tonight; camps closed before the run began close on its first night."""
        return [camp for camp, when in self.closures.items()
                if when == night or (night == first_night and when < night)]

    def is_closed(self, camp: str, night: int) -> bool:
        """Whether a camp has closed for good by a night."""
        return self.closures.get(camp, math.inf) <= night
