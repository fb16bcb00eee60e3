"""What notebooks show: tables as HTML."""

from markupsafe import Markup

from sim.findings import Number, Table, html

HTML_ROWS = 60  # rows of a table that a notebook shows
NUMERIC = Markup(' style="text-align:right"')
PLAIN = Markup(' style="text-align:left"')


def table_html(table: Table) -> Markup:
    """A table of findings as HTML that needs no style sheet."""
    numeric = html.numeric_columns(table)
    rows = table.rows[:HTML_ROWS]

    def line(cells, element):
        shown = (Markup("<{0}{1}>{2}</{0}>").format(Markup(element), NUMERIC if is_number else PLAIN, cell)
                 for cell, is_number in zip(cells, numeric))
        return Markup("<tr>{}</tr>").format(Markup("").join(shown))

    head = line(map(html.inline, table.head), "th")
    body = Markup("\n").join(line(map(html.shown, row), "td") for row in rows)
    left = len(table.rows) - len(rows)
    notes = [*([f"… and {left} more rows"] if left else []), *([table.note] if table.note else [])]
    return Markup("<div><b>{}</b><table><thead>{}</thead><tbody>\n{}\n</tbody></table>{}</div>").format(
        html.inline(table.title), head, body, Markup("").join(
            Markup("<p><small>{}</small></p>").format(html.inline(note)) for note in notes))


def market_html(market) -> str:
    """The state of a market as a small table."""
    world, p = market.world, market.p
    rows = (("scenario", market.name), ("night", f"{market.night} of {p.nights} (warm-up {p.warmup})"),
            ("replicate, seed", f"{market.replicate}, {world.seed}"),
            ("people present", Number(float(world.people.n))),
            ("active groups", Number(float(world.groups.active.sum()))),
            ("patrols", Number(p.police.patrols)), ("scale", Number(p.scale, 2)))
    return str(table_html(Table("Market", ("", ""), rows)))
