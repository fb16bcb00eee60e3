"""The page's server: the numbers of the market itself, pages kept apart, nothing disturbed, bad input refused."""

import csv
import http.client
import io
import json
import re
import shlex
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import heed_signals
from sim.market import Market
from sim.registry.config_files import names
from sim.registry.configuration import configure
from sim.registry.measures import FIELDS, KINDS
from sim.registry.parameters import ConfigurationError, registry
from sim.view import controls
from sim.view.server import FILES, Server
from sim.view.sessions import PAGES, Closed, Refused, Sessions, read_request
from sim.view.side import SERIES, Side
from sim.world.draws import replicate_seed

TINY = ("scale=0.05", "nights=40", "warmup=6")
DOSSIER, FRAGMENTED = ({"scenario": name, "changes": {}} for name in ("dossier", "fragmented"))


def asked(*sides, seed=3, **more):
    return json.loads(json.dumps({"sides": sides or (DOSSIER, FRAGMENTED), "seed": seed, **more}))


@pytest.fixture(scope="module")
def sessions():
    return Sessions(read_request(asked()), TINY)


@pytest.fixture(scope="module")
def server(sessions):
    """A server on a free port of loopback, in this process."""
    with Server("127.0.0.1", 0, sessions) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def call(server, method, path, body=None, **headers):
    """Status, headers and content of one request."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=30)
    text = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
    if isinstance(body, dict):
        headers = {"Content-Type": "application/json", **headers}
    connection.request(method, path, text, {key.replace("_", "-"): value for key, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def ask(server, path, body, expected=200):
    status, _, content = call(server, "POST", path, body)
    assert status == expected, content
    return json.loads(content)


def direct(scenario, *overrides, nights, seed=3):
    """The market itself, without any page."""
    market = Market(configure(scenario, [*TINY, *overrides]), replicate_seed(seed, 0))
    for _ in range(nights):
        market.step()
    return market


def same(first, second):
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def test_the_page_shows_the_numbers_of_the_market(server):
    page = ask(server, "/begin", asked())["page"]
    points = [point for _ in range(4) for point in ask(server, "/step", {"page": page, "nights": 5})["points"]]
    assert [night for night, *_ in points] == list(range(14))
    for side, scenario in enumerate(("dossier", "fragmented"), start=1):
        run = direct(scenario, nights=20).record().run
        for name, value in zip(SERIES, points[-1][side]):
            assert value == pytest.approx(run[name], rel=1e-12) or (value is None and np.isnan(run[name])), name


def test_the_table_is_the_record(server):
    page = ask(server, "/begin", asked())["page"]
    ask(server, "/step", {"page": page, "nights": 20})
    status, headers, content = call(server, "GET", f"/nights.csv?page={page}")
    assert status == 200 and "nights-dossier-fragmented-seed3.csv" in headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    for side, scenario in (("A", "dossier"), ("B", "fragmented")):
        nights = direct(scenario, nights=20).record().nights
        mine = [row for row in rows if row["side"] == side]
        assert len(mine) == 14 and {row["scenario"] for row in mine} == {scenario}
        for name, column in nights.items():
            assert [row[name] for row in mine] == [str(value) for value in column.tolist()], name


def test_watching_changes_nothing():
    market = direct("dossier", nights=20)
    side = Side(configure("dossier", [*TINY]), replicate_seed(3, 0))
    for _ in range(20):
        side.step()
        side.picture()
    watched = side.market
    for mine, other in zip(watched.record(), market.record()):
        same(mine, other)
    for name in ("people", "groups", "units", "camps", "organisations"):
        same(getattr(watched.world, name).state(), getattr(market.world, name).state())
    assert watched.world.books.balance == market.world.books.balance


def test_presence_guides_and_people_who_turned_back_are_those_of_the_record(server):
    changes = {controls.CALENDAR: [{"kind": "presence", "from": "2023-01-03", "corridors": ["rs_ba"]},
                                   {"kind": "visas", "from": "2023-01-01", "strength": 0.2, "nationality": "A"}]}
    begun = ask(server, "/begin", asked({"scenario": "fragmented", "changes": changes}))
    answer = ask(server, "/step", {"page": begun["page"], "nights": 26})
    market = direct("fragmented", f"{controls.CALENDAR}={controls.typed(changes[controls.CALENDAR])}", nights=26)
    nights, shown = market.record().nights, answer["sides"][0]
    assert shown["presence"][0] == 0 < shown["presence"][1]
    for kind in ("presence", "guides"):
        for corridor, value in zip(shown["corridors"], shown[kind]):
            assert value == pytest.approx(nights[f"{kind}_{corridor}"][-1], abs=0.05)
    assert shown["turned_back"] == {"tonight": nights["not_arrived"][-1], "week": nights["not_arrived"][-7:].sum()}
    assert shown["turned_back"]["week"] > 0
    for night, numbers in answer["points"][7:]:
        for chart, value in zip(begun["charts"], numbers[len(SERIES):], strict=True):
            column = nights[chart["column"]]
            wanted = column[night - 6 : night + 1].mean() if chart["column"] == "not_arrived" else column[night]
            assert value == pytest.approx(wanted), (chart["column"], night)


def test_the_calendar_begins_with_the_scenario_and_takes_changes():
    settings = (*TINY, 'police.calendar=[{kind:visas,from:"2023-02-01",nationality:B,strength:0.5}]')
    sessions = Sessions(read_request(asked(FRAGMENTED)), settings)
    begun = sessions.begin(asked(FRAGMENTED))
    rows = begun["values"][0][controls.CALENDAR]
    assert rows == [{"kind": "visas", "from": "2023-02-01", "nationality": "B", "strength": 0.5}]
    assert begun["names"][0]["nationality"] == ["A", "B", "C", "D"] and begun["names"][0]["camps"][-1] == "C17"
    emptied = sessions.begin(asked({"scenario": "fragmented", "changes": {controls.CALENDAR: []}}))
    assert emptied["values"][0][controls.CALENDAR] == []


def test_everybody_and_every_attempt_is_on_the_map():
    side = Side(configure("status_quo", ["scale=0.1", "warmup=30"]), 5)
    for _ in range(40):
        side.step()
    shown = side.picture()
    places = sum(place["informal"] + place["flat"] for place in shown["places"])
    elsewhere = sum(shown["people"]["rough"]) + shown["people"]["held"] + shown["people"]["moved"]
    assert places + elsewhere + sum(camp["people"] for camp in shown["camps"]) == shown["people"]["all"] > 0
    for sign, tally in (("attempts", "attempts"), ("stopped", "interceptions"), ("across", "crossings")):
        assert sum(sector[sign] for sector in shown["sectors"]) == shown["tonight"][tally]
    clashes = sum(place["clashes"] for place in shown["sectors"] + shown["places"])
    assert clashes == shown["tonight"]["clashes"]
    assert sum(sector["patrols"] for sector in shown["sectors"]) == pytest.approx(shown["police"]["patrols"], abs=0.7)
    for place in shown["sectors"] + shown["places"]:
        assert sum(place["turf"]) == pytest.approx(1, abs=2e-3)


def test_both_sides_have_the_same_seed(server):
    twice = asked(FRAGMENTED, {"scenario": "fragmented", "changes": {"organisation.levers.joint_pricing": True}})
    page = ask(server, "/begin", twice)["page"]
    answer = ask(server, "/step", {"page": page, "nights": 15})
    assert answer["sides"][0] == answer["sides"][1]  # a lever without control touches nothing
    assert all(a == b for _, a, b in answer["points"])


def test_pages_do_not_mix(server):
    first, second = (ask(server, "/begin", asked(seed=seed))["page"] for seed in (3, 4))
    for _ in range(3):
        mine = ask(server, "/step", {"page": first, "nights": 4})
        other = ask(server, "/step", {"page": second, "nights": 3})
    assert (mine["sides"][0]["night"], other["sides"][0]["night"]) == (5, 2)
    run = direct("dossier", nights=12).record().run
    assert mine["points"][-1][1][0] == pytest.approx(run[SERIES[0]])


def test_the_page_unused_for_longest_makes_room():
    sessions = Sessions(read_request(asked(FRAGMENTED)), TINY)
    pages = [sessions.begin(asked(FRAGMENTED))["page"] for _ in range(PAGES)]
    sessions.step({"page": pages[0]})
    sessions.begin(asked(FRAGMENTED))
    sessions.step({"page": pages[0]})
    with pytest.raises(Closed):
        sessions.step({"page": pages[1]})
    assert len(sessions.pairs) == PAGES


@pytest.mark.parametrize("changes, key, said", [
    ({"police.patrols": -3}, "police.patrols", "from 0 to"),
    ({"police.patrols": 1e6}, "police.patrols", "on the page at most 1600"),
    ({"police.patrols": None}, "police.patrols", "a number"),
    ({"gangs.count": 13}, "gangs.count", "at most one group per sector"),
    ({"organisation.structure": "mergr"}, "organisation.structure", "did you mean `merger`"),
    ({"police.patrol": 3}, "police.patrol", "cannot be turned"),
    ({"workers": 3}, "workers", "cannot be turned"),
    ({"police.calendar": [{"kind": "presence"}]}, "police.calendar", "`from` must be given"),
    ({"police.calendar": [{"kind": "presense", "from": "2023-01-01"}]}, "police.calendar", "did you mean `presence`"),
    ({"police.calendar": [{"kind": ["presence"], "from": "2023-01-01"}]}, "police.calendar", "`kind` must be one of"),
    ({"police.calendar": [{"kind": "presence", "from": ""}]}, "police.calendar", "must be a date"),
    ({"police.calendar": [{"kind": "presence", "from": "2023-01-01", "corridors": []}]}, "police.calendar", "a list"),
    ({"police.calendar": [{"kind": "visas", "from": "2023-01-01", "strength": 1}]}, "police.calendar", "nationality"),
    ({"police.calendar": [{"kind": "operation", "from": "2023-01-01", "strength": 7}]}, "police.calendar", "0 to 1"),
    ({"police.calendar": 3}, "police.calendar", "a list of records"),
])
def test_a_bad_value_is_refused_beside_its_key_and_the_markets_go_on(server, changes, key, said):
    page = ask(server, "/begin", asked())["page"]
    bad = asked(DOSSIER, {"scenario": "fragmented", "changes": changes})
    answer = ask(server, "/begin", {**bad, "page": page}, expected=400)
    assert answer["key"] == key and answer["side"] == "B" and said in answer["error"] and "\n" not in answer["error"]
    assert ask(server, "/step", {"page": page})["sides"][1]["night"] == -6


@pytest.mark.parametrize("body", [
    asked({"scenario": "dosier"}), asked(seed=-1), asked(seed=1.5), asked(warmup="no"), {"sides": [], "seed": 1},
    asked(DOSSIER, DOSSIER, DOSSIER), {}, asked("dossier"),
])
def test_what_cannot_begin_is_refused(server, body):
    assert ask(server, "/begin", body, expected=400)["error"]


@pytest.mark.parametrize("nights", [0, 31, 1.5, True, "1", None])
def test_nights_are_few_and_whole(server, nights):
    page = ask(server, "/begin", asked())["page"]
    assert "nights" in ask(server, "/step", {"page": page, "nights": nights}, expected=400)["error"]


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                        lambda inner: st.lists(inner, max_size=3), max_leaves=4)


measures = st.lists(st.fixed_dictionaries(
    {"kind": st.sampled_from(list(KINDS)) | anything, "from": st.just("2023-01-02") | anything},
    optional={field: anything for field in FIELDS[2:]}), max_size=2)


@settings(max_examples=60)
@given(measures)
def test_any_calendar_is_either_played_or_refused_by_its_key(sessions, rows):
    try:
        sessions.begin(asked({"scenario": "fragmented", "changes": {controls.CALENDAR: rows}}))
    except Refused as refusal:
        assert refusal.key == controls.CALENDAR and controls.CALENDAR in str(refusal)


def test_the_form_offers_the_fields_that_the_check_accepts():
    """The form shows or hides `corridors`, `nationality` and `camps` by kind, as the check accepts or refuses them."""
    form, examples = controls.calendar_form(), {"corridors": ["rs_hu"], "nationality": "A", "camps": ["C01"]}
    for kind in form["kinds"]:
        row = {"kind": kind["name"], "from": "2023-01-01", "strength": kind["high"]}
        row |= {field: examples[field] for field, kinds in form["only"].items() if kind["name"] in kinds}
        controls.parameters("fragmented", TINY, {form["key"]: [row]}, 1, True)
        for field in examples.keys() - row.keys():
            with pytest.raises(ConfigurationError, match="no meaning"):
                controls.parameters("fragmented", TINY, {form["key"]: [row | {field: examples[field]}]}, 1, True)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(controls.shown()), anything | st.just(10**400), max_size=3), anything, anything)
def test_anything_is_either_played_or_refused(sessions, changes, seed, name):
    body = {"sides": [{"scenario": "fragmented", "changes": changes}, name], "seed": seed}
    for one in (body, {**body, "sides": body["sides"][:1], "seed": 1}):
        try:
            sessions.begin(one)
        except Refused as refusal:
            assert str(refusal)


@pytest.mark.parametrize("host, status", [
    ("localhost", 200), ("127.0.0.1:8765", 200), ("[::1]:80", 200), ("evil.example", 403), ("", 403),
    ("127.0.0.1.evil.example", 403),
])
def test_only_this_machine_by_name_or_number(server, host, status):
    assert call(server, "GET", "/", Host=host)[0] == status


def test_only_the_page_itself_may_command(server):
    body, kind = json.dumps(asked()), {"Content_Type": "application/json"}
    here = "http://{}:{}".format(*server.server_address)
    assert call(server, "POST", "/begin", body, Origin=here, **kind)[0] == 200
    assert call(server, "POST", "/begin", body, Origin="http://evil.example", **kind)[0] == 403
    assert call(server, "POST", "/begin", body, Content_Type="text/plain")[0] == 415
    assert call(server, "POST", "/begin", " " * 30_000, **kind)[0] == 413
    assert call(server, "POST", "/begin", "{", **kind)[0] == 400
    assert call(server, "POST", "/elsewhere", "{}", **kind)[0] == 404
    assert call(server, "GET", "/../side.py")[0] == 404
    assert call(server, "GET", "/nights.csv?page=nobody")[0] == 410


def test_the_page_is_whole_and_needs_no_network(server):
    for path in FILES:
        status, headers, content = call(server, "GET", path)
        assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"]
        outside = set(re.findall(r"https?://[^\s\"'`<>]+", content.decode())) - {"http://www.w3.org/2000/svg"}
        assert not outside, path
    opening = json.loads(call(server, "GET", "/opening")[2])
    assert "no estimate for any place, group or person" in opening["label"]
    marks = {row["name"]: row["marks"] for row in opening["scenarios"]}
    assert marks["dossier"] == ["contested"] and marks["centralised"] == ["theory limit"]
    assert marks.keys() == names("scenario").keys()


def test_every_lever_and_every_key_of_a_scenario_can_be_turned():
    shown = controls.shown()
    levers = {key for key in registry() if ".levers." in key} - {"organisation.levers.placebo"}
    assert levers | {"organisation.control", "police.patrols", "gangs.brand", "police.heat_threshold"} <= set(shown)
    for row in controls.described():
        assert row["help"] and row["source"]
        assert row["type"] in ("bool", "choice") or row["low"] < row["high"]


@pytest.mark.long
@pytest.mark.parametrize("scenario", names("scenario"))
def test_the_command_repeats_the_run(scenario):
    changes = {"police.patrols": 60, "organisation.levers.internal_peace": True, "organisation.structure": "truce",
               "police.calendar": [{"kind": "presence", "from": "2023-01-05", "nights": 9, "corridors": ["rs_hu"]}]}
    command = controls.command(scenario, TINY, changes, 5, False)
    first, *overrides = shlex.split(command.removeprefix("python -m sim "))
    assert first == f"scenario={scenario}"
    assert configure(scenario, overrides) == controls.parameters(scenario, TINY, changes, 5, False)


@pytest.mark.parametrize("words, said", [
    (["--scenario", "dosier"], "did you mean `dossier`"), (["police.patrol=3"], "did you mean `police.patrols`"),
    (["police.patrols=-3"], "must be a number from 0"), (["--port", "99999"], "from 0 to 65535"),
    (["--seed", "x"], "invalid int value"), (["--nothing"], "unrecognized"), (["scenario=dossier"], "use --scenario"),
    (["police.patrols=3,4"], "one value each"), (["--seed=-3"], "whole number from 0"), (["x"], "x: "),
])
def test_bad_words_are_one_line_and_exit_code_2(words, said, capsys):
    from sim.__main__ import main

    assert main(["view", "--no-browser", *words]) == 2
    printed = capsys.readouterr()
    assert said in printed.err and printed.err.count("\n") == 1 and not printed.out


def test_a_taken_port_is_one_line_and_exit_code_2(capsys):
    from sim.__main__ import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["view", "--no-browser", "--port", port]) == 2
    assert port in capsys.readouterr().err


@pytest.mark.long
def test_it_starts_from_the_command_line_and_ends_with_ctrl_c():
    import signal

    process = subprocess.Popen([sys.executable, "-m", "sim", "view", "--no-browser", "--port", "0", *TINY],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_signals)
    try:
        url = process.stdout.readline()
        assert re.search(r"http://127\.0\.0\.1:\d+/", url)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
