"""The tables of the study `crackdown` as read back from its files: effects, contrasts, people and returns by arm."""

from sim.findings import Number, Table
from sim.findings.rows import distinct, value_of, with_ends, with_half_width
from sim.studies.event_study import CORRIDORS

SHOWN = "status_quo"  # the world of most tables, else the first
EFFECT = ("difference", "low", "high")
CHANGE = ("change", "change_low", "change_high")


class Rows:
    """The rows of the study's tables by arm, and what the tables show."""

    def __init__(self, tables):
        self.effects = {(*arm(row), row["series"], row["window"]): row for row in tables["crackdown"]}
        self.contrasts = {(*arm(row), row["contrast"], row["series"], row["window"]): row
                          for row in tables["crackdown_contrasts"]}
        self.people = {(*arm(row), row["place"]): row for row in tables["crackdown_people"]}
        self.returns = {(*arm(row), row["series"]): row for row in tables["crackdown_returns"]}
        self.labels = {row["arm"]: row["label"] for row in tables["crackdown_paths"]}
        self.worlds = distinct(tables["crackdown"], "scenario")
        self.world = SHOWN if SHOWN in self.worlds else self.worlds[0]
        self.all_arrivals = distinct(tables["crackdown"], "arrivals")
        self.arrivals = self.all_arrivals[0]
        self.n = tables["crackdown"][0]["n"]
        self.scale = value_of(tables["crackdown_paths"][0], "scale")
        self.nights = {row["arm"]: int(row["nights"]) for row in tables["crackdown_paths"]}
        self.everywhere = {row["arm"]: len(row["corridors"].split()) == len(CORRIDORS)
                           for row in tables["crackdown_paths"]}

    @property
    def where(self) -> str:
        """World and arrivals of the tables that show one of each."""
        return f"{self.world}, {arrivals_in_words(self.arrivals)}"

    def table(self, title: str, head, cells, note: str = "") -> Table:
        """A table with one row for each path; cells: name of an arm -> its cells."""
        body = ((label, *cells(name)) for name, label in self.labels.items())
        return Table(title, ("measure", *head), tuple(body), note)

    def change(self, name, series, window, world=None, arrivals=None) -> Number:
        """The change of a series in % of the level without the measure, with its interval."""
        row = self.effects[world or self.world, arrivals or self.arrivals, name, series.name, window]
        return with_ends(row, CHANGE, 0, signed=True)

    def effect(self, name, series, window) -> Number:
        """The difference of a series from no measure, with half-width."""
        row = self.effects[self.world, self.arrivals, name, series.name, window]
        return with_half_width(row, EFFECT, series.digits, signed=True)


def arm(row: dict) -> tuple[str, str, str]:
    """World, arrivals and name of the arm of a row."""
    return row["scenario"], row["arrivals"], row["arm"]


def arrivals_in_words(arrivals: str) -> str:
    """Whether arrivals answer, in words."""
    return "arrivals answer" if arrivals == "answer" else "arrivals do not answer"
