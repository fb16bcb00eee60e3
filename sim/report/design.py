"""The design of a comparison: scenarios, replicates, seeds, nights, and values that differ or are not the default."""

import json

from sim.figures.style import look
from sim.findings import Table
from sim.findings.text import of_setting
from sim.identity import NOT_IN_IDENTITY
from sim.registry.config_files import names
from sim.registry.parameters import registry
from sim.report.page import Part

WIDE = 5  # most scenarios shown side by side
OMITTED = [key for key in NOT_IN_IDENTITY if key != "replicates"]  # settings that the report omits


def of_scenarios(source) -> Part:
    """Scenarios, replicates, seeds and nights, and every value in which the scenarios differ."""
    p, sentences = source.any(), names("scenario")
    counts = [source.done.count(s) for s in source.scenarios]
    runs = f"{counts[0]}" if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}"
    plural = "s" if max(counts) > 1 else ""
    each = " a scenario, each" if len(source.scenarios) > 1 else ""
    nights = (f"{runs} replicate{plural}{each} of {p['nights']} recorded nights after {p['warmup']} nights of warm-up, "
              f"from {p['start_date']}, at scale {p['scale']:g}. ")
    seeds = f"All seeds derive from seed {', '.join(map(str, source.manifest['seeds']))} and stand in runs.parquet."
    if source.compared and plural:
        seeds = f"Replicate k has the same seed in every scenario, so that scenarios are compared pair by pair. {seeds}"
    rows = tuple((f"`{s}`", look(s)[0], sentences.get(s, ""), str(source.done.count(s))) for s in source.scenarios)
    apart, rest = differing(source), changed(source)
    return Part((nights + seeds, *apart.texts, *rest.texts),
                (Table("Scenarios.", ("id", "name", "what it is", "runs"), rows), *apart.tables, *rest.tables))


def differing(source) -> Part:
    """The keys in which scenarios differ from the reference, with values and the status of their defaults."""
    if not source.compared:
        return Part()
    base, known = source.parameters[source.reference], registry()
    keys = [k for k in base if k not in OMITTED and any(source.parameters[s][k] != base[k] for s in source.compared)]
    if not keys:
        return Part(("The scenarios do not differ in any key.",))
    heading = f"What differs from {look(source.reference)[0].lower()}; every other key is the same in all scenarios."
    if len(source.scenarios) <= WIDE:
        order = [source.reference, *source.compared]
        rows = [(", ".join(f"`{k}`" for k in alike), *(strong_if(source.parameters[s][alike[0]] != base[alike[0]],
                                                                 value(source.parameters[s][alike[0]])) for s in order),
                 status(known, alike[0])) for alike in switched_alike(source, keys, order)]
        return Part((), (Table(heading, ("key", *(look(s)[0] for s in order), "status"), tuple(rows),
                               "Bold: differs from the reference. Status: source of the default, see What is "
                               "assumed."),))
    rows = []
    for s in source.compared:
        own = [k for k in keys if source.parameters[s][k] != base[k]]
        rows += [(look(s)[0] if k == own[0] else "", f"`{k}`", value(source.parameters[s][k]), value(base[k]),
                  status(known, k)) for k in own]
    return Part((), (Table(heading, ("scenario", "key", "value", "in the reference", "status"), tuple(rows)),))


def switched_alike(source, keys, order) -> list[list[str]]:
    """Keys, of which switches with the same values in all scenarios and the same status stand together."""
    groups, known = {}, registry()
    for k in keys:
        values = [source.parameters[s][k] for s in order]
        switch = all(isinstance(v, bool) for v in values)
        groups.setdefault((*values, status(known, k)) if switch else k, []).append(k)
    return list(groups.values())


def changed(source) -> Part:
    """Keys with the same value in all scenarios that differs from the registry's default."""
    known = registry()
    keys = [k for k, entry in known.items() if k not in NOT_IN_IDENTITY and k in source.any()
            and all(plain(source.parameters[s][k]) != plain(entry.default) for s in source.scenarios)
            and len({json.dumps(plain(source.parameters[s][k])) for s in source.scenarios}) == 1]
    if not keys:
        return Part(("Everything else is at the registry’s defaults.",))
    rows = tuple((f"`{k}`", value(source.any()[k]), value(known[k].default), known[k].unit, known[k].status)
                 for k in keys)
    heading = "Changed from the defaults" + (" in every scenario." if len(source.scenarios) > 1 else ".")
    return Part((), (Table(heading, ("key", "value", "default", "unit", "status of the default"), rows),))


def plain(setting):
    """A value normalised for comparison: tuples become lists, whole numbers become floats."""
    return json.loads(json.dumps(setting, default=str), parse_int=float)


def value(setting) -> str:
    """The value of a parameter as text; records are written out."""
    if isinstance(setting, (list, tuple)) and setting and isinstance(setting[0], dict):
        return "; ".join(" ".join(map(str, record.values())) for record in setting)
    return of_setting(setting) if setting not in ([], ()) else "none"


def strong_if(differs: bool, shown: str) -> str:
    """A text, bold if the value differs."""
    return f"**{shown}**" if differs else shown


def status(known, key) -> str:
    """The status of a key's default; empty for an unknown key."""
    return known[key].status if key in known else ""
