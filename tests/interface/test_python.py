"""The model from Python: keywords, results as data frames and figures, comparisons and sweeps."""

import sys
from datetime import date

import matplotlib.figure
import numpy as np
import pytest

from conftest import compared, same, swept
from sim import Market, compare, configure, sweep
from sim.interface import optional
from sim.market import Market as Core
from sim.registry.errors import ConfigurationError
from sim.registry.keywords import keys_of, keywords
from sim.registry.parameters import registry
from sim.world.draws import replicate_seed

TINY = {"scale": 0.05, "nights": 12, "warmup": 5, "workers": 1}
WORDS = [f"{key}={value}" for key, value in TINY.items()]
FILES = ("runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet")


@pytest.fixture(scope="module")
def run():
    return Market("dossier", **TINY).run(progress=False)


@pytest.fixture(scope="module")
def comparison():
    return compare("fragmented", "centralised", replicates=2, **TINY)


@pytest.fixture(scope="module")
def of_patrols():
    return sweep("fragmented", "dossier", police_patrols=np.array([20, 40]), replicates=2, **TINY)


# keywords -----------------------------------------------------------------------------------------------------------
def test_every_key_has_a_keyword_of_its_own():
    assert len({key.replace(".", "_") for key in registry()}) == len(registry())
    assert all(keywords()[key.replace(".", "_")] == key for key in registry())
    assert all(name.isidentifier() for name in keywords())


def test_keywords_keys_and_groups_name_the_same():
    given = {"police_patrols": np.int64(40), "gangs.count": 5, "police": {"pushback_share": 0.5}, "nights": 9}
    assert keys_of(given) == {"police.patrols": 40, "gangs.count": 5, "police.pushback_share": 0.5, "nights": 9}


def test_configure_takes_keywords_which_win_over_overrides():
    chosen = configure("dossier", ["nights=7", "warmup=3"], nights=9, start_date=date(2023, 2, 1), rules_price="learn")
    assert chosen == configure("dossier", ["warmup=3", "nights=9", "start_date=2023-02-01", "rules.price=learn"])


@pytest.mark.parametrize("given, said", [
    ({"polic_patrols": 3}, "polic_patrols=3: unknown key, did you mean `police_patrols`?"),
    ({"polic.patrols": 3}, "polic.patrols=3: unknown key, did you mean `police.patrols`?"),
    ({"police": {"patrol": 3}}, "police.patrol=3: unknown key, did you mean `police.patrols`?"),
    ({"police_patrols": -5}, "police.patrols=-5: must be a number from 0 to 1000000.0"),
    ({"police_pushback_share": 98}, "police.pushback_share=98: must be a number from 0 to 1 (share); 98 % is 0.98"),
    ({"rules_price": "lear"}, "rules.price=lear: must be one of"),
    ({"scenario": "dosier"}, "scenario=dosier: no such scenario, did you mean `dossier`?"),
    ({"scenario": 3}, "scenario=3: must be the name of a scenario"),
    ({"seed": -1}, "seed=-1: must be a whole number from 0"),
    ({"replicate": 1.5}, "replicate=1.5: must be a whole number from 0"),
    ({"replicates": 8}, "replicates=8: a market is one run; use `sim.compare`"),
])
def test_a_wrong_keyword_or_value_gives_one_line(given, said):
    with pytest.raises(ConfigurationError) as caught:
        Market(**given)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_parameters_that_are_validated_take_no_further_keywords():
    with pytest.raises(ConfigurationError, match=r"nights: parameters are fixed once validated"):
        Market(configure("dossier", **TINY), nights=3)


# one market ---------------------------------------------------------------------------------------------------------
def test_the_present_form_keeps_working():
    p = configure("dossier", **TINY)
    ours, named, core = Market(p, 3), Market(parameters=p, seed=3), Core(p, 3)
    for market in (ours, named, core):
        market.run_model()
    same(ours.record(), core.record())
    same(named.record(), core.record())


def test_a_seed_and_a_replicate_mean_what_they_mean_on_the_command_line():
    assert Market("dossier", seed=5, replicate=2, **TINY).world.seed == replicate_seed(5, 2)
    assert Market("dossier", **TINY).world.seed == replicate_seed(configure("dossier").seed, 0)
    assert Market(configure("dossier", **TINY), seed=5).world.seed == 5


def test_a_mapping_is_a_market_too():
    assert Market({"nights": 3, "police.patrols": 40}).p == configure(nights=3, police_patrols=40)
    assert Market("dossier", overrides={"police.patrols": 40}).p.police.patrols == 40


def test_a_run_gives_data_frames_with_units(run):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert run.tables == ["runs", "nights", "groups", "observed"]
    nights = run.to_pandas()
    assert isinstance(nights, pandas.DataFrame) and len(nights) == TINY["nights"]
    assert nights.attrs["units"]["price_mean"] == "EUR"
    assert isinstance(run.to_polars("runs"), polars.DataFrame)
    assert run.to_polars("runs")["price_mean"][0] == run.outcomes["price_mean"]


def test_a_missing_library_is_named_in_one_line(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match=r"^polars is not installed: pip install polars$"):
        run.to_polars()
    assert optional.library("json").__name__ == "json"


def test_figures_need_no_folder_and_can_be_saved(run, tmp_path):
    plots = run.plot("turf")
    assert isinstance(plots["turf"], matplotlib.figure.Figure) and "Simulated" in plots.captions["turf"]
    assert 'src="data:image/png;base64,' in plots._repr_html_()
    assert [file.name for file in plots.save(tmp_path)] == ["turf.pdf", "turf.png"]
    with pytest.raises(ConfigurationError, match=r"figure 'turff': must be one of .*, did you mean `turf`?"):
        run.plot("turff")
    with pytest.raises(ConfigurationError, match=r"paired_differences.*nothing to draw"):
        run.plot("paired_differences")


def test_notebooks_and_terminals_show_a_run(run):
    assert "<table>" in run._repr_html_() and "Mean crossing price" in str(run) and "simulated" in str(run)
    market = Market("dossier", **TINY)
    assert "night -5 of 12" in repr(market) and "<table>" in market._repr_html_()
    with pytest.raises(ConfigurationError, match="no night has been recorded yet"):
        market.results.table()


def test_an_unknown_table_is_refused_with_the_nearest_name(run):
    with pytest.raises(ConfigurationError, match=r"table 'night': must be one of .*, did you mean `nights`?"):
        run.to_pandas("night")


# the same bytes as on the command line ------------------------------------------------------------------------------
def test_a_market_gives_the_bytes_of_the_command_line(run, tmp_path):
    there = compared(tmp_path / "there", "scenario=dossier", *WORDS)
    here = run.save(tmp_path / "here")
    for name in FILES:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    with pytest.raises(ConfigurationError, match="holds files already"):
        run.save(here)


def test_a_sweep_gives_the_bytes_of_the_command_line(of_patrols, tmp_path):
    there = swept(tmp_path, "scenario=fragmented,dossier", "police.patrols=20,40", "replicates=2", *WORDS)
    assert (of_patrols.folder / "runs.parquet").read_bytes() == (there / "runs.parquet").read_bytes()


def test_a_comparison_gives_the_bytes_of_the_command_line(comparison, tmp_path):
    there = compared(tmp_path, "scenarios=[fragmented,centralised]", "replicates=2", *WORDS)
    for name in FILES:
        assert (comparison.folder / name).read_bytes() == (there / name).read_bytes(), name


@pytest.mark.long
def test_the_commands_themselves_give_the_same_bytes(comparison, of_patrols, tmp_path):
    import subprocess

    def command(*words):
        subprocess.run([sys.executable, "-m", "sim", *words, *WORDS, "replicates=2"], check=True, cwd=tmp_path,
                       capture_output=True, timeout=500)

    command("scenarios=[fragmented,centralised]", "hydra.run.dir=compared")
    command("-m", "scenario=fragmented,dossier", "police.patrols=20,40", "hydra.sweep.dir=swept")
    for name in (*FILES, "summary.csv"):
        assert (comparison.folder / name).read_bytes() == (tmp_path / "compared" / name).read_bytes(), name
    assert (of_patrols.folder / "runs.parquet").read_bytes() == (tmp_path / "swept" / "runs.parquet").read_bytes()


# comparisons --------------------------------------------------------------------------------------------------------
def test_a_comparison_shows_paired_differences_with_intervals(comparison):
    rows = comparison.to_pandas("summary").set_index(["outcome", "scenario"])
    price = rows.loc["price_mean", "centralised"]
    runs = comparison.to_pandas().pivot(index="replicate", columns="scenario", values="price_mean")
    assert price.difference == pytest.approx((runs.centralised - runs.fragmented).mean())
    assert price.difference_low < price.difference < price.difference_high
    assert comparison.scenarios == ["fragmented", "centralised"]
    for text in (str(comparison), comparison._repr_html_()):
        assert "Paired differences from fragmented" in text and "±" in text
    assert set(comparison.plot("paired_differences")) == {"paired_differences"}


def test_a_repeated_call_finds_its_runs_and_more_replicates_leave_earlier_results_alone(comparison, capsys):
    again = compare("fragmented", "centralised", replicates=2, **TINY)
    assert again.folder == comparison.folder and "all runs are there already" in capsys.readouterr().out
    assert compare("fragmented", "centralised", replicates=1, **TINY).folder != comparison.folder
    assert comparison.table("runs").num_rows == 4


def test_a_folder_of_other_results_is_refused(comparison, tmp_path):
    folder = comparison.save(tmp_path / "kept")
    with pytest.raises(ConfigurationError, match=r"folder=.*holds results of another configuration"):
        compare("fragmented", "dossier", replicates=1, folder=folder, **TINY)


@pytest.mark.parametrize("names", [(), ("dossier",), ("dossier", "dossier")])
def test_a_comparison_needs_two_scenarios(names):
    with pytest.raises(ConfigurationError, match="at least two different scenarios"):
        compare(*names)


def test_the_manifest_names_a_command_that_does_the_same(comparison):
    import json

    command = json.loads((comparison.folder / "manifest.json").read_text())["command"]
    assert command == ("python -m sim 'scenarios=[fragmented,centralised]' replicates=2 scale=0.05 nights=12 warmup=5 "
                       "workers=1")


# sweeps -------------------------------------------------------------------------------------------------------------
def test_a_sweep_has_every_combination_with_paired_differences(of_patrols):
    assert of_patrols.points == [("20", "fragmented"), ("40", "fragmented"), ("20", "dossier"),
                                 ("40", "dossier")]
    assert len(of_patrols.to_pandas()) == 8
    means, differences = of_patrols._shown()
    assert len(means.rows) == 4 and len(differences.rows) == 3
    runs = of_patrols.to_pandas()
    first, last = (runs[(runs["police.patrols"] == p) & (runs.scenario == s)].joint_surplus.to_numpy()
                   for p, s in ((20, "fragmented"), (40, "dossier")))
    assert differences.rows[-1][-1].value == pytest.approx((last - first).mean())
    assert "Paired differences from police.patrols=20" in str(of_patrols) and "<table>" in of_patrols._repr_html_()


def test_a_sweep_is_drawn_over_its_key(of_patrols):
    figure = of_patrols.plot()["sweep"]
    assert figure.axes[3].get_xlabel() == "police.patrols (units)"
    assert [line.get_label() for line in figure.axes[0].lines] == ["fragmented", "dossier"]
    assert figure.axes[0].lines[0].get_xdata() == pytest.approx([20, 40], abs=0.5)
    assert "Mean over 2 replicates" in figure.get_supxlabel()


@pytest.mark.parametrize("given, said", [
    ({"police_patrols": 20}, "give a list of values"),
    ({"police_patrols": []}, "police.patrols=\\[\\]: give at least one value"),
    ({"police_patrols": [20, -3]}, "police.patrols=-3: must be a number"),
    ({"border_death_causes": [0.4, 0.3, 0.2, 0.1]}, "give a list of values"),
])
def test_a_sweep_that_cannot_be_is_refused(given, said):
    with pytest.raises(ConfigurationError, match=said):
        sweep("dossier", **given)


@pytest.mark.long
def test_a_script_needs_no_guard_to_use_several_processes(tmp_path):
    import subprocess

    (tmp_path / "script.py").write_text(
        "from sim import sweep\n"
        "found = sweep('dossier', police_patrols=[20, 40], scale=0.05, nights=3, warmup=1, workers=2)\n"
        "print(len(found.to_pandas()), 'runs')\n")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert done.stdout == "2 runs\n", done.stderr
