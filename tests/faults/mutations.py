"""Random mistakes in what a user gives: words of the command line, designs, files of scenarios and experiments.

Each function takes dice and returns a `Mistake`.  Many are no mistakes in the end (a swapped letter may give another
key); the law is that each is either accepted with values inside the registry's ranges, or refused in one line.
"""

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from sim.registry.config_files import files, names
from sim.registry.overrides import hydra_value
from sim.registry.parameters import Entry, nest, registry
from sim.registry.settings import SETTINGS

SIGNS = "=,;:'\"[](){}$#@~+-_.%&|<>!?*/\\ \t\n0aZé€\0"  # that slip into words
UNITS = (" EUR", " persons", "%", " nights", "€", "km", " ")
ODD = ("", "null", "~", "yes", "nan", "inf", "-inf", "1e999", "0x10", "1_000", "1,000", "١", "''", '""', "[]", "{}",
       "[1", "{a:1", "a b", "a:b", "${nights}", "${nope}", "${oc.env:NOPE}", "$(ls)", "`ls`", "../..", "a;b", "true",
       "9" * 30, "-1", "0", "1.5", "None", "???", "é", "😀", "a'b", 'a"b', "\\", "1e3", "2023-02-30", "01.01.2023")


class Mistake(NamedTuple):
    """What is typed, and the files that it speaks of."""

    words: list[str]
    files: dict[str, bytes] = {}  # by path below the working folder
    about: tuple[str, ...] = ()  # texts of which the refusal names at least one; none: any one line will do


def key_of(dice: Random) -> str:
    """Any parameter."""
    return dice.choice(list(registry()))


def valid(dice: Random, entry: Entry):
    """A value that a parameter may have."""
    low, high = entry.bounds
    if entry.type == "choice":
        return dice.choice(entry.choices)
    if entry.type in ("int", "float") and entry.default is not None:
        low, high = (entry.range or (low, high))
        low, high = (entry.default if low is None else low), (entry.default if high is None else high)
        return dice.choice((entry.default, low, high))
    return dice.choice((True, False)) if entry.type == "bool" else entry.default


def wrong(dice: Random, entry: Entry):
    """A value that a parameter mostly cannot have: another kind, beyond its range, of another length."""
    low, high = entry.bounds
    beyond = [v for v in (None if low is None else low - 1, None if high is None else high + 1) if v is not None]
    lists = [[], [1], [entry.default], [[1], [2]], [0.5, 0.5], ["a", "b"], [None], [{"date": "x"}], [True]]
    more = [*beyond, *beyond, *beyond, 10**20, -10**20, 0.5, "x", True, None, float("nan"), float("inf"), {}, {"a": 1}]
    if isinstance(entry.default, list):
        more += [entry.default[1:], [*entry.default, *entry.default[:1]], [dice.choice(ODD) for _ in entry.default],
                 [-1 for _ in entry.default]]
    return dice.choice([*more, *lists])


def misspelt(dice: Random, word: str) -> str:
    """A word with a letter left out, doubled, swapped, or another one."""
    place = dice.randrange(max(len(word) - 1, 1))
    return dice.choice((word[:place] + word[place + 1:], word[:place] + word[place:place + 1] + word[place:],
                        word[:place] + word[place + 1:place + 2] + word[place:place + 1] + word[place + 2:],
                        word[:place] + dice.choice("abcxyz_.") + word[place + 1:], word.upper(), word + "s"))


def override(dice: Random) -> tuple[str, str]:
    """A key and a text of a value that it may have."""
    key = key_of(dice)
    return key, hydra_value(valid(dice, registry()[key]))


# words -------------------------------------------------------------------------------------------------------------
def misspelt_key(dice: Random) -> Mistake:
    key, value = override(dice)
    now = misspelt(dice, key)
    return Mistake([f"{now}={value}"], about=(now, now.strip("."), key))


def wrong_value(dice: Random) -> Mistake:
    key = key_of(dice)
    return Mistake([f"{key}={hydra_value(wrong(dice, registry()[key]))}"], about=(key, key.partition(".")[0]))


def odd_value(dice: Random) -> Mistake:
    key = dice.choice([*registry(), *SETTINGS, *(f"{g}.{k}" for g, ks in SETTINGS.items() for k in ks), "hydra.run.dir",
                       "hydra.sweep.dir", "hydra/launcher", "hydra.job.name", "hydra.searchpath"])
    value = dice.choice(ODD)
    return Mistake([*dice.choice(([], ["-m"])), f"{dice.choice(('', '', '', '+', '++', '~'))}{key}={value}"],
                   about=(key, *filter(None, key.split(".")), value))


def with_a_unit(dice: Random) -> Mistake:
    key, value = override(dice)
    return Mistake([f"{key}={value}{dice.choice(UNITS)}"], about=(key,))


def no_equals(dice: Random) -> Mistake:
    key, value = override(dice)
    words = dice.choice(([key], [key, value], [key, "=", value], [f"{key}=", value], [f"{key} = {value}"],
                         [key, f"={value}"], [f"{key}:{value}"], [f"--{key}", value], [f"--{key}={value}"],
                         [f"{key}={value};nights=3"], [f"{key}={value},"], [f"{key}=={value}"]))
    return Mistake(words, about=(key, value))


def twice(dice: Random) -> Mistake:
    key, value = override(dice)
    other = hydra_value(dice.choice((valid, wrong))(dice, registry()[key]))
    return Mistake([f"{key}={value}", f"{key}={other}"], about=(key, key.partition(".")[0]))


def quotes(dice: Random) -> Mistake:
    key, value = override(dice)
    before, after = (dice.choice(("", "'", '"', "\\'", '\\"', "“", "`")) for _ in range(2))
    return Mistake([f"{key}={before}{value}{after}"], about=(key,))


def slip(dice: Random) -> Mistake:
    """Signs put into good words anywhere."""
    words = ["=".join(override(dice)) for _ in range(dice.randint(1, 2))]
    number = dice.randrange(len(words))
    for _ in range(dice.randint(1, 3)):
        place = dice.randint(0, len(words[number]))
        words[number] = words[number][:place] + dice.choice(SIGNS) + words[number][place:]
    return Mistake(words)


def unknown_name(dice: Random) -> Mistake:
    group = dice.choice(("scenario", "experiment", "analysis", "scenarios", "reference", "hydra/launcher"))
    name = dice.choice((misspelt(dice, dice.choice(list(names("scenario" if group != "experiment" else group)))),
                        dice.choice(ODD)))
    word = f"{'+' if group == 'experiment' and dice.random() < 0.8 else ''}{group}={name}"
    return Mistake([*dice.choice(([], ["-m"])), word], about=(group, name))


def group_as_key(dice: Random) -> Mistake:
    key = dice.choice([key for key in registry() if "." in key])
    group = key.rpartition(".")[0]
    word = dice.choice((f"{group}=3", f"{group}=null", f"{group}={{}}", f"{group}={{nope: 1}}", f"{key}.x=3",
                        f"{key}.0=3", f"{group}=[1]", f"~{key}", f"~{group}", f"{key}@x=3", f"{group}/x=3", f".{key}=1",
                        f"{group}..x=3", f"+{group}.nope=1", f"++{group}.nope=1", f"~{group}.nope"))
    return Mistake([word], about=(group, key, group.split(".")[0]))


def sweep(dice: Random) -> Mistake:
    key, value = override(dice)
    other = hydra_value(dice.choice((valid, wrong))(dice, registry()[key]))
    word = dice.choice((f"{value},{other}", f"{value},", f",{value}", f"range({value},{other})", "range(1,3",
                        "range(3,1)", "range(1,2,0)", "interval(1,2)", "choice(1,2)", "choice()", "glob(*)",
                        "shuffle(1,2)", "range(a,b)", "sort(2,1)", "tag(t,1)", "int(1.5)", "range(1,1e9)", "[1,2],[3]",
                        "json_str(1)", "str(1),2", "bool(x)"))
    return Mistake([*dice.choice((["-m"], ["-m"], [])), f"{key}={word}"], about=(key, key.split(".")[0]))


def settings(dice: Random) -> Mistake:
    key = dice.choice([*SETTINGS, *(f"{g}.{k}" for g, ks in SETTINGS.items() for k in ks)])
    value = dice.choice((1, 0, -1, 1.5, "x", None, True, [], ["x"], [1], {}, {"police.patrols": [10, "x"]},
                         {"police.patrols": 3}, {"nope": [1]}, [{"police.patrols": 1}, {"nope": 2}], [["x"]],
                         {"drawn": 2, "defaults": 1, "over": ["police.patrols"]}, {"drawn": -1}, {"drawn": 2},
                         {"drawn": 2, "defaults": 0, "over": ["nope"]}, "posterior", "prior", "a.csv", "x" * 300))
    return Mistake([f"{key}={hydra_value(value)}"], about=(key, *key.split(".")))


# files -------------------------------------------------------------------------------------------------------------
def design(dice: Random) -> Mistake:
    """A CSV file as a person or a spreadsheet might spoil it."""
    keys = [key_of(dice) for _ in range(dice.randint(1, 3))]
    head = [misspelt(dice, key) if dice.random() < 0.15 else key for key in keys]
    if dice.random() < 0.3:
        head.append(dice.choice(("scenario", "arm", "", "Unnamed: 0", head[0], "scenarios", "#", " seed ")))
    rows = [[cell(dice, name) for name in head] for _ in range(dice.randint(0, 3))]
    if rows and dice.random() < 0.15:
        row = dice.choice(rows)
        row.pop() if dice.random() < 0.5 else row.append("1")
    sign, end = dice.choice((",", ",", ",", ",", ";", "\t", " ", "|")), dice.choice(("\n", "\r\n", "\r"))
    text = end.join(sign.join(row) for row in [head, *rows]) + dice.choice(("", end, end * 3))
    content = text.encode(dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")), "replace")
    return Mistake(["design=D.csv"], {"D.csv": spoilt(dice, content, 0.2)}, ("D.csv", *keys))


def cell(dice: Random, key: str) -> str:
    """A cell of a design in a column."""
    if key not in registry() or dice.random() < 0.2:
        return dice.choice((*ODD, "dossier", "dosier", "1", '"1"', '"a,b"')).replace("\n", "")
    value = dice.choice((valid, valid, valid, wrong))(dice, registry()[key])
    text = hydra_value(value)
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def parquet(dice: Random) -> Mistake:
    """A Parquet file with cells of Python's types, whole or cut short."""
    columns = {}
    for key in {key_of(dice) for _ in range(2)} | set(dice.choice(([], ["scenario"], ["arm"], ["__index_level_0__"]))):
        value = dice.choice((valid, wrong))(dice, registry()[key]) if key in registry() else dice.choice(
            ("dossier", "x", 1, b"dossier", None))
        try:
            columns[key] = pa.array([str(value) if isinstance(value, dict) else value, dice.choice((value, None))])
        except (pa.ArrowException, OverflowError, TypeError):
            columns[key] = pa.array([str(value), ""])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return Mistake(["design=D.parquet"], {"D.parquet": spoilt(dice, sink.getvalue().to_pybytes(), 0.2)},
                   ("D.parquet", *columns))


def yaml_file(dice: Random) -> Mistake:
    """A file of a scenario or an experiment, edited badly."""
    group = dice.choice(("scenario", "experiment"))
    text = dice.choice(list(files(group).values())).read_text(encoding="utf-8")
    text = re.sub("^scenario: .*", f"scenario: {dice.choice(('mine', 'mine', 'mine', 'dossier'))}", text, flags=re.M)
    content = yaml.safe_load(text)
    head = text[:text.find("\n")]
    key = key_of(dice)
    edits: tuple[Callable, ...] = (
        lambda: text + yaml.safe_dump(nest({misspelt(dice, key): 1})),
        lambda: text + f"{key.split('.')[0]}: {dice.choice(ODD)}\n",
        lambda: text + dice.choice(("\tx: 1", "x: [1", "x: {", "- 1\n", "x: 'a", "*a", "&a", "? x", "x: @y", "%",
                                    "---\n", "defaults: [nope]\n", "defaults:\n  - /scenario: nope\n", "x: ${nope}\n",
                                    "nights: ???\n", "1: 2\n", "null: 3\n", "true: 1\n", "display: 3\n")),
        lambda: head + "\n" + yaml.safe_dump({**content, **nest({key: wrong(dice, registry()[key])})}),
        lambda: head + "\n" + yaml.safe_dump({**content, misspelt(dice, dice.choice(list(content))): 3}),
        lambda: head + "\n" + yaml.safe_dump({k: v for k, v in content.items() if dice.random() < 0.6}),
        lambda: dice.choice(("", "\n", head, head + "\n[]\n", head + "\n3\n", head + "\nx\n", text.replace(":", "")
                             , text.replace("  ", "\t"), text.replace("\n", "\n "), text.replace(": ", ":"))))
    now = dice.choice(edits)().encode(dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "cp1252")), "replace")
    word = "scenario=mine" if group == "scenario" else "+experiment=mine"
    return Mistake([word, "hydra.searchpath=[file://mine]"],
                   {f"mine/{group}/mine.yaml": spoilt(dice, now, 0.15), "mine/scenario/.keep": b""})


def spoilt(dice: Random, content: bytes, share: float) -> bytes:
    """Bytes that with some probability are cut short or hold other ones."""
    if dice.random() > share or not content:
        return content
    place = dice.randrange(len(content))
    return content[:place] + dice.choice((b"", dice.randbytes(3) + content[place:], b"\0" + content[place + 1:]))


WORDS = (misspelt_key, wrong_value, wrong_value, odd_value, odd_value, with_a_unit, no_equals, twice, quotes, slip,
         slip, unknown_name, group_as_key, sweep, sweep, settings)
FILES = (design, design, design, parquet, yaml_file)
