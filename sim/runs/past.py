"""Runs that have their past in common: it is played once, and each run goes on from there.

A dated event (a measure of the police, a closing camp, a shock) acts from its date on.  So two runs of one seed whose
configurations differ in such events alone are the same, night by night, until the first event that only one of them
has.  The first run of a seed saves its state on that night (`sim.checkpoint`), and the others go on from it, to the
same bytes as if they had been played from the start (`tests/runs/test_past.py`).
"""

from collections import defaultdict
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from sim.checkpoint import load, save
from sim.identity import digest_of
from sim.registry.extensions import used
from sim.registry.parameters import flatten

FOLDER = "pasts"  # in the folder of the results, while the runs are played
WORTH = 30  # nights; a shorter past is played again
LISTS = {"police.calendar": "from", "police.operations": "date", "camps.closures": "date", "migrants.shocks": "date"}
DATES = {"police.joint_work_from": (), "police.release_date": (),
         "police.crackdown_from": ("police.crackdown_nights", "police.crackdown_patrols")}  # and what begins then
TAKEOVER = ("organisation.takeover_from", "organisation.takeover", "organisation.defection", "organisation.structure")


class Past(NamedTuple):
    """What some points of a plan have in common with the same seed."""

    identity: str  # hash of all that decides it, except the seed
    until: int  # the first night on which the points differ


def pasts(points) -> dict[str, Past]:
    """The past of every point that shares one, by the point's identity.

    Points whose rules or outcomes come from other packages share none, since these may read dates as they like.
    """
    if not any(dated(point.base).keys() & point.changes.keys() for point in points):
        return {}
    alike = defaultdict(dict)
    for point in points:
        flat = flatten(point.parameters.as_dict())
        if not used(flat):
            lasting = {key: value for key, value in flat.items() if key not in dated(flat)}
            alike[digest_of(lasting), -flat["warmup"]][point.identity] = events(flat)
    shared = {}
    for (digest, first), of in alike.items():
        parting = set().union(*of.values()) - set.intersection(*of.values())
        until = min((night for night, _ in parting), default=first)
        if until - first >= WORTH:
            before = sorted(event for event in set.intersection(*of.values()) if event[0] < until)
            shared |= dict.fromkeys(of, Past(digest_of({"lasting": digest, "before": before, "until": until}), until))
    return shared


def dated(flat: dict) -> dict[str, str]:
    """Keys that act from a date on, each with the key of the date, in a configuration given by key.

    Takeover and the terms of an organisation are among them where it has no group before its first approach.
    """
    keys = {key: key for key in LISTS}
    for key, others in DATES.items():
        keys |= dict.fromkeys((key, *others), key)
    if flat["organisation.takeover_from"] and not flat["organisation.control"]:
        keys |= dict.fromkeys(TAKEOVER, TAKEOVER[0])
    return keys


def events(flat: dict) -> set[tuple[int, str]]:
    """First night and description of every dated event of a configuration given by key."""
    start = date.fromisoformat(flat["start_date"])

    def night(day: str) -> int:
        return (date.fromisoformat(day) - start).days

    found = {(night(row[LISTS[key]]), f"{key} {row}") for key in LISTS for row in flat[key]}
    by_date = defaultdict(list)
    for key, of in dated(flat).items():
        if key not in LISTS:
            by_date[of].append(f"{key}={flat[key]}")
    return found | {(night(flat[of]), " ".join(sorted(words))) for of, words in by_date.items()}


class Kept:
    """The past of one run in a folder of results; `past` None: it shares none."""

    def __init__(self, folder: Path, past: Past | None, replicate: int):
        self.until = past.until if past else None
        self.file = folder / FOLDER / f"{past.identity[:32]}-{replicate:05d}" if past else None

    def market(self, parameters):
        """A market that goes on from the past, or None if nobody has played it yet."""
        try:
            return load(self.file, parameters) if self.file else None
        except Exception:  # not there, of other code, or damaged: unpickling raises errors of any kind
            return None

    def keep(self, market) -> None:
        """Save the state of a market on the night on which the past ends, unless it is there already."""
        if self.file and market.night == self.until and not self.file.exists():
            self.file.parent.mkdir(exist_ok=True)
            save(market, self.file)


def clear_pasts(folder: Path) -> None:
    """Remove the saved states of a folder of results."""
    rmtree(folder / FOLDER, ignore_errors=True)
