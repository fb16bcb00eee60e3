"""What users of Mesa expect of a model: a data collector, `batch_run`, and SolaraViz where Solara is installed."""

import importlib.util
import math

import mesa
import pytest

from sim import Market
from sim.world.groups import Gang

TINY = {"scale": 0.05, "nights": 6, "warmup": 3}


@pytest.fixture(scope="module")
def played():
    market = Market("dossier", **TINY)
    market.run_model()
    return market


def test_the_data_collector_holds_the_recorded_nights(played):
    frame = played.datacollector.get_model_vars_dataframe()
    assert isinstance(played.datacollector, mesa.DataCollector)
    assert frame.index.tolist() == list(range(6))
    assert frame.price_mean.tolist() == played.record().nights["price_mean"].tolist()
    unplayed = Market("dossier", **TINY).datacollector.get_model_vars_dataframe()
    assert len(unplayed) == 0 and unplayed.columns.tolist() == frame.columns.tolist()


def test_model_variables_have_an_entry_per_step_and_outcomes_at_the_end(played):
    variables = played.datacollector.model_vars
    assert {len(values) for values in variables.values()} == {played.steps} == {9}
    assert math.isnan(variables["price_mean"][2]) and variables["night"][3:] == list(range(6))
    assert variables["outcome_price_mean"][-1] == played.record().run["price_mean"]


def test_reading_the_collector_changes_nothing(played):
    other = Market("dossier", **TINY)
    while other.running:
        other.step()
        _ = other.datacollector.model_vars
    assert repr(other.record().run) == repr(played.record().run)


def test_a_collector_of_the_user_collects_every_night():
    market = Market("dossier", **TINY)
    market.datacollector = mesa.DataCollector(model_reporters={"people": lambda m: m.world.people.n},
                                              agenttype_reporters={Gang: {"price": "price"}})
    market.run(progress=False)
    assert len(market.datacollector.get_model_vars_dataframe()) == market.steps
    assert len(market.datacollector.get_agenttype_vars_dataframe(Gang)) == market.steps * market.world.groups.n


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.long)])
def test_batch_run_gives_the_outcomes_of_each_run(processes, played):
    design = {"scenario": ["fragmented", "dossier"], "replicate": range(2), **TINY}
    rows = mesa.batch_run(Market, design, number_processes=processes, display_progress=False)
    assert len(rows) == 4
    found = {(row["scenario"], row["replicate"]): row["outcome_price_mean"] for row in rows}
    assert found["dossier", 0] == played.record().run["price_mean"] and len(set(found.values())) == 4


def test_batch_run_collects_nights():
    rows = mesa.batch_run(Market, {"scenario": "dossier", **TINY}, data_collection_period=1, display_progress=False)
    assert len(rows) == 9 and [row["night"] for row in rows[3:]] == list(range(6))


@pytest.mark.skipif(importlib.util.find_spec("solara") is None, reason="solara is not installed (docs/python.md)")
def test_solara_shows_a_market_steps_it_and_starts_it_again():
    import ipyvuetify
    import solara
    from mesa.visualization import SolaraViz, make_plot_component

    model = solara.reactive(Market("dossier", **TINY))
    patrols = {"type": "SliderInt", "value": 40, "min": 20, "max": 80, "label": "patrols"}

    @solara.component
    def Page():
        with solara.AppLayout():
            SolaraViz(model, components=[make_plot_component("price_mean")],
                      model_params={"scenario": "dossier", "police_patrols": patrols, **TINY})

    _, context = solara.render(Page(), handle_error=False)

    def press(label):
        buttons = context.find(ipyvuetify.Btn).widgets
        next(button for button in buttons if label in str(button.children)).click()

    for _ in range(5):  # three nights of the warm-up, and two that are recorded
        press("Step")
    assert model.value.steps == 5 and len(model.value.datacollector.get_model_vars_dataframe()) == 2
    press("Reset")
    assert model.value.steps == 0 and model.value.p.police.patrols == 40 and model.value.name == "dossier"
