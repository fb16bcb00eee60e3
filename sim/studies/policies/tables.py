"""What arms of a policy change, as text: tables for the terminal and for docs/policies.md."""

from pathlib import Path

from sim.findings.text import heading, named, number, table
from sim.registry.outcomes import primary
from sim.studies.comparison import aligned
from sim.studies.policies.study import PARTS, WITHOUT_CONTROL, Place, own_line

ABREAST = 5  # arms side by side on the terminal
SHOWN = ("people_mean", "unaided_share", "trust_mean", "rents", "ransoms", "state_cost", "protection_cost")  # there
PAGE = {  # outcomes in the tables of the page, beside the primary ones, by study
    "camps": ("in_camps_mean", "in_flats_mean", "informal_mean", "rents", "indebted_mean", "ransoms", "injuries_groups",
              "trust_mean", "people_mean", "protection_cost"),
    "pushbacks": ("pushbacks", "procedures", "injuries_authorities", "injuries_groups", "abductions_after_pushback",
                  "unaided_before_pushback", "unaided_after_pushback", "trust_mean", "indebted_mean", "people_mean",
                  "stay_mean", "price_mean"),
    "protection": ("injuries_authorities", "injuries_groups", "people_mean", "stay_mean", "unaided_share",
                   "elsewhere_share", "trust_mean", "admissions", "rents", "ransoms", "state_cost", "protection_cost"),
    "branding": ("price_mean", "unaided_share", "clashes", "operation_nights", "found_and_moved", "deaths_clashes",
                 "injuries_groups", "hhi_clients"),
}


# for the terminal --------------------------------------------------------------------------------------------------
def blocks(rows: list[dict]) -> list[str]:
    """Tables for the terminal: levels of the base arm and what arms change, then differences in differences."""
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    scenarios, arms = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "arm"))
    texts = []
    for scenario in scenarios:
        for few in (arms[1:][k : k + ABREAST] for k in range(0, len(arms) - 1, ABREAST)):
            texts.append(block(find, scenario, arms[0], few, "difference", f"{scenario}: change from {arms[0]}",
                               [*primary(), *SHOWN]))
        if find[Place(primary()[0], scenario, arms[-1])]["interaction"] != "":
            title = f"{scenario}: change less that in {WITHOUT_CONTROL[scenario]}"
            for few in (arms[1:][k : k + ABREAST] for k in range(0, len(arms) - 1, ABREAST)):
                texts.append(block(find, scenario, None, few, "interaction", title, primary()))
    return texts


def block(find, scenario, base, arms, part, title, names) -> str:
    """One table: a line an outcome; the base's mean, then a column an arm with half-width and verdict."""
    columns = [[mean_text(find[Place(name, scenario, base)]) for name in names]] if base else []
    for arm in arms:
        here = [find[Place(name, scenario, arm)] for name in names]
        columns.append(aligned([(change_text(row, part), row[f"{part}_verdict"]) for row in here]))
    heads = [title, *([base] if base else []), *arms]
    return table(heads, [[heading(name), *(column[k] for column in columns)] for k, name in enumerate(names)])


def mean_text(row) -> str:
    """A mean as people read it."""
    return number(float(row["mean"] or "nan"), named(row["outcome"])[2])


def change_text(row, part: str) -> str:
    """A difference ± its half-width."""
    if row[part] == "":
        return "–"
    digits, value, low = named(row["outcome"])[2], float(row[part]), float(row[f"{part}_low"])
    return f"{number(value, digits, True)} ± {number(value - low, digits, beside=value)}"


# the page ----------------------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Tables and numbers of docs/policies.md from the reference runs."""
    said = {}
    for study in ("camps", "pushbacks", "protection"):
        said |= study_texts(study, reference)
    return said | {"protection_money": money_table(reference)} | tables_by_budget(reference)


def tables_by_budget(reference: Path) -> dict[str, str]:
    """Changes by measure at one budget of `protection`, a table each."""
    from experiments.pages import reference_rows

    rows = reference_rows("protection.csv", reference)
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    base, *arms = dict.fromkeys(row["arm"] for row in rows)
    names, budgets = [*primary(), *PAGE["protection"]], dict.fromkeys(arm.rpartition("_")[2] for arm in arms)
    return {f"protection_at_{budget}": page_table(find, names, rows[0]["scenario"], [
        base, *(arm for arm in arms if arm.rpartition("_")[2] == budget)], "difference") for budget in budgets}


def study_texts(study: str, reference: Path) -> dict[str, str]:
    """Tables of one study and every number of it, by `study_scenario_arm_outcome` and what is meant."""
    from experiments.pages import difference, reference_rows

    rows = reference_rows(f"{study}.csv", reference)
    scenarios, arms = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "arm"))
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    said = {f"{study}_n": rows[0]["n"], f"{study}_arms": str(len(arms))}
    names = [*primary(), *PAGE[study]]
    for scenario in scenarios:
        said[f"{study}_{scenario}"] = page_table(find, names, scenario, arms, "difference")
        if find[Place(names[0], scenario, arms[-1])]["interaction"]:
            said[f"{study}_{scenario}_less"] = page_table(find, names, scenario, arms, "interaction")
        if find[Place(names[0], scenario, arms[0])]["control"]:
            said[f"{study}_{scenario}_control"] = page_table(find, names, scenario, arms, "control")
    for place, row in find.items():
        key, digits = f"{study}_{place.scenario}_{place.arm}_{place.outcome}", named(place.outcome)[2]
        said[f"{key}_level"] = number(float(row["mean"] or "nan"), digits)
        for part in PARTS:
            if row[part]:
                said[f"{key}_{part}"] = difference(row, digits, part)
        if row["difference_percent"]:
            said[f"{key}_percent"] = f"{number(float(row['difference_percent']), 0, True)} %"
    return said


def page_table(find, names, scenario, arms, part: str) -> str:
    """A line an outcome, a column an arm; bold: different, italic: equivalent; with the base's level beside changes."""
    from experiments.pages import difference, markdown_table

    marks = {"different": "**", "equivalent": "*"}
    shown = arms if part == "control" else arms[1:]
    body = []
    for name in names:
        digits, line = named(name)[2], [heading(name)]
        if part == "difference":
            line.append(mean_text(find[Place(name, scenario, arms[0])]))
        for arm in shown:
            row = find[Place(name, scenario, arm)]
            mark = marks.get(row[f"{part}_verdict"], "")
            line.append(f"{mark}{difference(row, digits, part)}{mark}")
        body.append(line)
    base = [f"{arms[0]}: mean"] if part == "difference" else []
    return markdown_table(["outcome", *(arm.replace("_", " ") for arm in (*base, *shown))], body)


def money_table(reference: Path) -> str:
    """What each arm of `protection` spends more: its own line, all of force, all of protection, in million EUR."""
    from experiments.pages import markdown_table, reference_rows

    find = {Place(row["outcome"], row["scenario"], row["arm"]): row
            for row in reference_rows("protection.csv", reference)}
    arms = list(dict.fromkeys(place.arm for place in find))[1:]
    body = []
    for scenario in dict.fromkeys(place.scenario for place in find):
        for arm in arms:
            cells = [own_line(find, scenario, arm)]
            for name in ("state_cost", "protection_cost"):
                row = find[Place(name, scenario, arm)]
                cells.append(tuple(float(row[f"difference{end}"]) for end in ("", "_low", "_high")))
            body.append([scenario, arm.replace("_", " "), *map(millions, cells)])
    return markdown_table(["scenario", "arm", "its own line", "cost to the state", "cost of protection"], body)


def millions(ends) -> str:
    """A change with its interval in millions; without one where nothing is left to luck."""
    mean, low, high = (number(value / 1e6, 2, True) for value in ends)
    return mean if low == high else f"{mean} ({low} to {high})"
