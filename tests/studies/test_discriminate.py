"""The experiment `discriminate`: classifiers find what is planted and nothing else, and pairs are never split."""


import numpy as np
import pytest

from conftest import needed, read_csv, swept
from sim.command.preflight import parse
from sim.registry.configuration import compose_all
from sim.registry.parameters import ConfigurationError, registry
from sim.runs.design import drawn_rows
from sim.runs.plan import make_plan
from sim.statistics import classify
from sim.statistics.classify import CLASSIFIERS, Worlds, areas, assess, curve, folds, resamples, stacked, wins
from sim.statistics.features import features, price_features, series_of
from sim.studies import analyse, needs
from sim.studies.discriminate.study import BY_DEFINITION, CONTRASTS, LATENT, need_sklearn, paired, read_worlds, wanted
from sim.world.draws import Draws

pytestmark = pytest.mark.long

MONTHS = np.arange("2023-01", "2024-01", dtype="datetime64[M]")



@pytest.fixture(scope="module", autouse=True)
def sklearn():
    """The classifiers are there."""
    needed("sklearn")


def worlds(shift: float, n=40) -> Worlds:
    """Pairs of worlds whose column a.level differs by `shift` standard deviations; pairs share a large part."""
    normal = Draws(3).normal
    shared = 3 * normal("shared", 0, np.arange(n * 4)).reshape(n, 4)
    shared[:, 0] = 0
    first, second = (shared + normal("own", k, np.arange(n * 4)).reshape(n, 4) for k in (0, 1))
    first[:, 0] += shift
    return Worlds(["a.level", "a.trend", "b.level", "b.trend"], first, second)


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_a_planted_signal_is_found_and_attributed(kind):
    result = assess(worlds(6.0), kind, shuffles=3, repeats=2)
    assert result.auc > 0.97 and result.verdict == "can tell" and result.brier < 0.1
    assert result.importance["a"][1] > 0.2 and abs(result.importance["b"][0]) < 0.1


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_no_signal_cannot_be_classified(kind):
    result = assess(worlds(0.0), kind, shuffles=3, repeats=2)
    assert result.low < 0.5 < result.high and result.verdict == "cannot tell"
    assert abs(result.shuffled.mean() - 0.5) < 0.15


def test_pairs_are_never_split_over_folds():
    _, y, groups = stacked(worlds(0.0, 23))
    for seed in range(4):
        tested = []
        for fit, test in folds(y, groups, seed):
            assert not set(groups[fit]) & set(groups[test])
            assert y[test].mean() == 0.5
            tested += test.tolist()
        assert sorted(tested) == list(range(len(y)))


def test_the_area_is_that_of_scikit_learn():
    from sklearn.metrics import roc_auc_score

    u = Draws(1).uniform("scores", 0, np.arange(60)).round(1)  # with ties
    first, second = u[:30] + 0.1, u[30:]
    known = roc_auc_score(np.repeat([1, 0], 30), np.concatenate([first, second]))
    assert wins(first, second).mean() == pytest.approx(known)
    assert areas(wins(first, second), np.ones((1, 30)))[0] == pytest.approx(known)


def test_resamples_draw_every_group_once_on_average():
    weights = resamples(25)
    assert (weights.sum(axis=1) == 25).all() and weights.mean() == 1
    assert np.allclose(weights.mean(axis=0), 1, atol=0.2)


def test_a_curve_rises_from_corner_to_corner():
    result = assess(worlds(1.0, 12), CLASSIFIERS[0], 0, False, 1)
    mean, low, high = curve(result, np.linspace(0, 1, 21))
    assert (np.diff(mean) >= -1e-12).all() and mean[-1] == 1 and (low <= high).all()


def test_features_find_the_parts_they_are_named_for():
    t = (np.arange(12) - 5.5) / 12
    x = 2 + 0.5 * t + 0.3 * np.cos(2 * np.pi * np.arange(12) / 12)
    flat = np.full(12, 3.0)
    found = features(MONTHS, {"y": np.expm1(x), "flat": flat, "same": np.expm1(2 * x)}, "y")
    assert found["y.trend"] == pytest.approx(0.5) and found["y.season"] == pytest.approx(0.3)
    assert found["y.level"] == pytest.approx(2, abs=0.01) and found["y.spread"] == pytest.approx(0, abs=1e-9)
    assert found["same.together"] == pytest.approx(1) and found["flat.together"] == 0
    assert found["flat.season"] == pytest.approx(0, abs=1e-9)
    assert "y.together" not in found and series_of(found)["y"] == [0, 1, 2, 3]


def test_prices_without_quotes_are_missing():
    none = price_features("price", np.full(3, np.nan), np.full(3, np.nan), np.zeros(3))
    some = price_features("price", [np.nan, 800.0, 1100.0], [np.nan, 900.0, 1100.0], [0, 2, 1])
    assert np.isnan(list(none.values())).all()
    assert some == {"price.level": pytest.approx(np.log(900)), "price.highest": pytest.approx(np.log(1100))}


# the design --------------------------------------------------------------------------------------------------------
def test_a_drawn_design_fills_every_stratum_once_and_columns_do_not_depend_on_others():
    keys = ["migrants.arrivals", "gangs.count"]
    rows = drawn_rows(keys, 10, 1)
    low, high = registry()["migrants.arrivals"].range
    strata = [int(10 * (r["migrants.arrivals"] - low) / (high - low)) for r in rows]
    assert sorted(strata) == list(range(10)) and [r["seed"] for r in rows] == list(range(1, 11))
    assert [r["migrants.arrivals"] for r in drawn_rows(keys[:1], 10, 1)] == [r["migrants.arrivals"] for r in rows]
    assert all(isinstance(r["gangs.count"], int) for r in rows)


def test_the_experiment_draws_nothing_that_its_scenarios_set():
    settings, parameters = compose_all(["+experiment=discriminate"])
    over = settings["design"]["over"]
    assert len(over) == len(set(over)) == 70
    points = make_plan(parse(["+experiment=discriminate", "design.drawn=2", "design.defaults=1"]), needs).points
    assert len(points) == 12
    for key in over:
        assert len({repr(vars_of(p, key)) for p in parameters.values()}) == 1, key
    assert [p.values["seed"] for p in points[::4]] == [1, 2, 1001] and set(points[-1].values) == {"seed"}


def vars_of(p, key):
    for name in key.split("."):
        p = getattr(p, name)
    return p


@pytest.mark.parametrize("words, said", [
    (["design.drawn=-1"], "design.drawn=-1: must be a whole number"),
    (["design.over=[migrants.arival]"], "design.over has migrants.arival"),
    (["design.over=[rules.price]"], "must be a parameter with a plausible range"),
])
def test_a_bad_drawn_design_is_one_line(words, said):
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse(["+experiment=discriminate", *words]), needs)
    assert said in str(refused.value) and "\n" not in str(refused.value)


# a tiny sweep ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two kinds of worlds, two drawn groups and six at the defaults."""
    return swept(tmp_path_factory.mktemp("discriminate"), "+experiment=discriminate", "design.drawn=2",
                 "design.defaults=6", "scenarios=[branding,dossier_brand]", "nights=62")


def test_a_sweep_is_read_in_pairs_of_one_seed(folder):
    sets = read_worlds(folder)
    assert {key[0] for key in sets} == {"defaults"}  # two drawn groups are too few to tell anything
    public, everything = sets["defaults", "public", *CONTRASTS[0][:2]], sets["defaults", "everything",
                                                                            *CONTRASTS[0][:2]]
    assert public.first.shape == public.second.shape == (6, len(public.names))
    assert not np.array_equal(public.first, public.second)
    assert not set(BY_DEFINITION) & set(wanted()) and set(LATENT) <= set(series_of(everything.names))
    assert not set(series_of(public.names)) & set(LATENT)


def test_the_analysis_ends_with_tables_and_a_figure(folder, monkeypatch):
    monkeypatch.setattr(classify, "TREES", 10)
    monkeypatch.setattr(classify, "RESAMPLES", 100)
    from sim.studies.discriminate import study as discriminate

    monkeypatch.setattr(discriminate, "SHUFFLES", 1)
    findings = analyse("discriminate", folder)
    assert "An AUC of 0.5 is chance" in findings.remarks[0]
    assert (folder / "figures" / "discriminate.png").stat().st_size > 500
    rows = read_csv(folder / "discriminate.csv")
    assert [row[-1] for row in findings.tables["contrasts"].rows] == [r["verdict"] for r in rows]
    assert len(findings.tables["series"].rows) == len(CLASSIFIERS)  # one contrast, one variant, in public
    assert len(rows) == 4 and {r["seen"] for r in rows} == {"public", "everything"}
    assert all(float(r["low"]) <= float(r["auc"]) <= float(r["high"]) for r in rows)


def test_too_few_groups_are_refused_in_one_line():
    numbers = {seen: {"a.level": 1.0} for seen in ("public", "everything")}
    with pytest.raises(ConfigurationError, match="at least 6 groups"):
        paired({("drawn", k): {"dossier": numbers, "branding": numbers} for k in range(5)})


def test_without_the_library_one_line_says_so(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ConfigurationError, match="needs scikit-learn"):
        need_sklearn()
