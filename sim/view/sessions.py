"""The requests of the page: begin, step and download.  Each open page has its own pair of markets."""

import csv
import io
import secrets
from collections import OrderedDict
from threading import Lock

from sim.registry import LABEL
from sim.registry.configuration import check_name
from sim.registry.outcomes import outcomes
from sim.registry.parameters import ConfigurationError
from sim.view import controls
from sim.view.side import SERIES, Side, night_charts
from sim.world.draws import replicate_seed

SIDES = "AB"
PAGES = 6  # most open pages; the least recently used one is closed for a further page
MOST = 30  # most nights per request


class Closed(Exception):
    """The markets of this page were closed."""


class Refused(Exception):
    """A request that cannot be met: the message and, if there are any, the side and key concerned."""

    def __init__(self, message, side=None, key=None):
        super().__init__(message)
        self.side, self.key = side, key


class Pair:
    """One or two markets with the same seed, always at the same night."""

    def __init__(self, request: dict, settings: tuple[str, ...]):
        self.seed, self.warmup = request["seed"], request["warmup"]
        self.choices, parameters, self.commands = request["sides"], [], []
        for side, choice in zip(SIDES, self.choices):
            key = None
            try:
                check_name("scenario", choice["scenario"])
                for key, value in choice["changes"].items():  # each key alone, so that the message names its slider
                    controls.parameters(choice["scenario"], settings, {key: value}, self.seed, self.warmup)
                key = None
                words = (choice["scenario"], settings, choice["changes"], self.seed, self.warmup)
                parameters.append(controls.parameters(*words))
                self.commands.append(controls.command(*words))
            except ConfigurationError as error:
                raise Refused(str(error), side, key or str(error).split("=")[0]) from None
            except OverflowError:  # whole numbers that no floating-point number can hold
                raise Refused(f"{key}: too large a number", side, key) from None
        lengths = {(p.warmup, p.nights, p.start_date) for p in parameters}
        if len(lengths) > 1:
            raise Refused("both sides must have the same nights, warm-up and start date")
        self.sides = [Side(p, replicate_seed(self.seed, 0)) for p in parameters]
        flats = [controls.flatten(p.as_dict()) for p in parameters]
        self.values = [{key: flat[key] for key in controls.turnable()} for flat in flats]
        self.names = [controls.known_names(flat) for flat in flats]
        corridors = dict.fromkeys(name for names in self.names for name in names["corridors"])
        self.charts = night_charts(corridors)

    def step(self, nights: int) -> list:
        """Run further nights and return [night, numbers of A, numbers of B] for each recorded night.

        The numbers are the outcomes of the run so far and then those of the night, in the order of `charts`.
        """
        points, columns = [], [chart["column"] for chart in self.charts]
        for _ in range(nights):
            if not self.sides[0].market.running:
                break
            night = self.sides[0].market.night
            rows = [side.step() for side in self.sides]
            if rows[0] is not None:
                points.append([night, *(row + side.tonight(columns) for row, side in zip(rows, self.sides))])
        return points

    def pictures(self) -> list[dict]:
        """The state of each side as drawn by the page."""
        return [side.picture() for side in self.sides]

    def table(self) -> str:
        """Every recorded night of every side as CSV; columns as in nights.parquet, numbers at full precision."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for number, (name, choice, side) in enumerate(zip(SIDES, self.choices, self.sides)):
            nights = side.market.record().nights
            if number == 0:
                writer.writerow(["side", "scenario", "seed", *nights])
            columns = [column.tolist() for column in nights.values()]
            writer.writerows([name, choice["scenario"], self.seed, *row] for row in zip(*columns))
        return text.getvalue()

    def close(self) -> None:
        """Release the markets."""
        for side in self.sides:
            side.close()


class Sessions:
    """The pairs of all open pages; a lock serialises requests."""

    def __init__(self, start: dict, settings: tuple[str, ...] = ()):
        self.start, self.settings = start, settings
        self.pairs, self.lock = OrderedDict(), Lock()
        Pair(start, settings).close()  # refuses invalid settings before the page opens

    def opening(self) -> dict:
        """The data with which the page is built."""
        from sim.figures.style import ORGANISATION, ORIGINS

        return {"label": LABEL, "start": self.start, "settings": list(self.settings), "controls": controls.described(),
                "calendar": controls.calendar_form(),
                "scenarios": controls.scenarios(), "origins": ORIGINS, "organisations": ORGANISATION,
                "outcomes": [{name: getattr(outcomes()[key], name) for name in ("name", "label", "unit", "meaning",
                                                                               "digits", "primary")} for key in SERIES]}

    def begin(self, body: dict) -> dict:
        """Create new markets at their first night, in place of the page's former ones."""
        request = read_request(body)
        with self.lock:
            pair = Pair(request, self.settings)
            page = body.get("page")
            if page in self.pairs:
                self.pairs.pop(page).close()
            else:
                page = secrets.token_urlsafe(12)
            self.pairs[page] = pair
            while len(self.pairs) > PAGES:
                self.pairs.popitem(last=False)[1].close()
            return {"page": page, "sides": pair.pictures(), "values": pair.values, "names": pair.names,
                    "charts": pair.charts, "commands": pair.commands}

    def step(self, body: dict) -> dict:
        """Run the requested number of nights (1 by default)."""
        nights = body.get("nights", 1)
        if type(nights) is not int or not 1 <= nights <= MOST:
            raise Refused(f"nights={nights}: must be a whole number from 1 to {MOST}")
        with self.lock:
            pair = self._pair(body.get("page"))
            points = pair.step(nights)
            return {"points": points, "sides": pair.pictures()}

    def table(self, page: str) -> tuple[str, str]:
        """File name and text of the nights' table."""
        with self.lock:
            pair = self._pair(page)
            names = "-".join(choice["scenario"] for choice in pair.choices)
            return f"nights-{names}-seed{pair.seed}.csv", pair.table()

    def _pair(self, page) -> Pair:
        if page not in self.pairs:
            raise Closed("the markets of this page were closed because other pages were opened; reset starts new ones")
        self.pairs.move_to_end(page)
        return self.pairs[page]


def read_request(body: dict) -> dict:
    """Check the types of a request to begin and return it; Refused for a malformed one."""
    sides, seed, warmup = body.get("sides"), body.get("seed"), body.get("warmup", True)
    if not isinstance(sides, list) or not 1 <= len(sides) <= len(SIDES):
        raise Refused("sides: must be a list of one or two")
    for side, choice in zip(SIDES, sides):
        if not isinstance(choice, dict) or not isinstance(choice.get("scenario"), str):
            raise Refused("scenario: must be a name", side, "scenario")
        if not isinstance(choice.setdefault("changes", {}), dict):
            raise Refused("changes: must be values by key", side)
    if type(seed) is not int or not 0 <= seed <= 2**53:
        raise Refused(f"seed={seed}: must be a whole number from 0 to {2**53}", None, "seed")
    if not isinstance(warmup, bool):
        raise Refused("warmup: must be true or false", None, "warmup")
    return {"sides": sides, "seed": seed, "warmup": warmup}
