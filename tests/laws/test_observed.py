"""Observation: a pure function of record, parameters and seed, with means and limits known in advance."""

from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import compared
from sim.observation import SERIES, draw_settings, drawn_coverage, observe, observe_nights, observed_columns, truths
from sim.registry.parameters import registry

SHARES = [e.key.split(".")[1] for e in registry().values() if e.key.startswith("observation.") and e.unit == "share"]


def seeing(**changes):
    """Parameters of an observation: the defaults with changes."""
    values = {e.key.split(".")[1]: e.default for e in registry().values() if e.key.startswith("observation.")}
    return SimpleNamespace(observation=SimpleNamespace(**{**values, **changes}))


def with_coverage(value: float, **changes):
    """Every event is seen with this coverage, on every night."""
    shares = dict.fromkeys(SHARES, value) | {"prevented_share": 1 - value}
    return seeing(**shares, **changes)


@pytest.fixture(scope="module")
def nights(small_market):
    return small_market.record().nights


def made_up(nights=90, events=40):
    """Nights with a constant number of everything."""
    names = {s.truth for s in SERIES} - {"outside"} | {"informal", "flat", "unsheltered"}
    columns = {name: np.full(nights, events) for name in names}
    return columns | {"operation": np.arange(nights) % 2, "price_mean": np.full(nights, 1000.0),
                      "date": np.datetime64("2023-01-01") + np.arange(nights)}


def test_coverage_1_without_noise_is_the_truth(nights):
    settings = with_coverage(1.0, quote_bias=1.0, quote_sd=0.0, quotes=500.0)
    seen, true = observe(nights, settings, 5), truths(nights)
    for name in true:
        if name == "detections_route":  # a product of two shares, both 1
            assert np.array_equal(seen[name], true[name])
        elif name == "price_quoted":
            assert np.allclose(seen[name], true[name], rtol=1e-12)
        else:
            assert np.array_equal(seen[name], true[name]), name


def test_coverage_0_is_nothing(nights):
    seen = observe(nights, with_coverage(0.0, quotes=0.0), 5)
    for s in SERIES:
        if s.coverage:
            assert not seen[s.name].any(), s.name
    assert np.array_equal(seen["clashes_press"], truths(nights)["clashes_press"])  # reported by the model already
    assert not seen["price_quotes"].any() and np.isnan(seen["price_quoted"]).all()


@pytest.mark.long
@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_expectation_is_coverage_times_truth_and_variance_is_beta_binomial(spread):
    days, settings = made_up(31, 20), with_coverage(0.3, spread_official=spread, spread_told=spread)
    days["operation"][:] = 0
    n, samples = 31 * 20, 600
    counts = np.array([observe(days, settings, 3, k)["registered"][0] for k in range(samples)])
    variance = n * 0.3 * 0.7 * (1 + (n - 1) * spread)
    assert abs(counts.mean() - 0.3 * n) < 4 * np.sqrt(variance / samples)
    assert counts.var() == pytest.approx(variance, rel=0.25)


@pytest.mark.parametrize("series", [s for s in SERIES if s.coverage], ids=lambda s: s.name)
def test_every_series_has_its_coverage(series):
    days, settings = made_up(), seeing(spread_official=0.0, spread_told=0.0)
    seen = np.mean([observe(days, settings, 3, k)[series.name].sum() for k in range(60)])
    o, chance = settings.observation, 1.0
    for key in series.coverage:
        chance *= 1 - getattr(o, key[4:]) if key.startswith("not ") else getattr(o, key)
    if series.routine:
        chance = (chance + getattr(o, series.routine)) / 2  # every other night is one of an operation
    true = truths(days)[series.name].sum()
    assert abs(seen - chance * true) < 5 * np.sqrt(true * max(chance * (1 - chance), 0) / 60) + 1e-9


def test_more_coverage_adds_reports_and_takes_none_away(nights):
    low, high = (observe(nights, seeing(abductions=c, spread_told=0.0), 5)["abductions_known"] for c in (0.2, 0.6))
    assert (low <= high).all() and low.sum() < high.sum()


def test_nothing_is_seen_that_did_not_happen(nights):
    for k in range(5):
        seen, true = observe(nights, draw_settings(seeing().observation, 5, k), 5, k), truths(nights)
        assert all((seen[s.name] <= true[s.name]).all() and (seen[s.name] >= 0).all() for s in SERIES)


def test_nights_sum_to_months(nights):
    by_night, by_month = observe_nights(nights, seeing(), 5), observe(nights, seeing(), 5)
    months = by_night["date"].astype("datetime64[M]")
    for s in SERIES:
        if not s.stock:
            total = [by_night[s.name][months == m].sum() for m in np.unique(months)]
            assert total == by_month[s.name].tolist(), s.name


def test_the_same_run_is_seen_the_same_twice_and_otherwise_with_other_luck(nights):
    one, two, other = observe(nights, seeing(), 5), observe(nights, seeing(), 5), observe(nights, seeing(), 5, 1)
    assert all(one[name].tobytes() == two[name].tobytes() for name in one)
    assert any((one[name] != other[name]).any() for name in one)


def test_series_have_luck_of_their_own():
    seen = observe(made_up(), with_coverage(0.5, quotes=0.0), 3)
    assert len({tuple(seen[s.name]) for s in SERIES if s.coverage}) == sum(bool(s.coverage) for s in SERIES)


@given(mean=st.floats(0, 1), spread=st.floats(0, 1), u=st.floats(0.001, 0.999))
def test_a_drawn_coverage_is_a_share(mean, spread, u):
    value = drawn_coverage(mean, spread, np.array([u]))[0]
    assert 0 <= value <= 1
    if mean in (0, 1) or spread == 0:
        assert value == mean


def test_quotes_have_the_median_and_number_asked_for():
    days = made_up(28, 0)
    seen = [observe(days, seeing(quotes=200.0, quote_bias=1.5, quote_sd=0.3), 3, k) for k in range(30)]
    assert np.mean([s["price_quotes"][0] for s in seen]) == pytest.approx(200 * 28 * 12 / 365.25, rel=0.05)
    quoted = np.mean([s["price_quoted"][0] for s in seen])
    assert quoted == pytest.approx(1500 * np.exp(0.3**2 / 2), rel=0.02)
    assert all(s["price_as_high_as"][0] >= s["price_quoted"][0] for s in seen)


def study(path, *words):
    """The tables of a tiny finished study."""
    return compared(path, "scale=0.05", "nights=40", "warmup=3", "workers=1", *words)


def test_a_study_holds_what_was_observed_and_is_the_same_without(tmp_path):
    seen, unseen = study(tmp_path / "a"), study(tmp_path / "b", "observation.table=false")
    for name in ("runs", "nights", "groups"):
        assert (seen / f"{name}.parquet").read_bytes() == (unseen / f"{name}.parquet").read_bytes()
    assert not (unseen / "observed.parquet").exists()
    table = pq.read_table(seen / "observed.parquet")
    assert set(observed_columns()) <= set(table.column_names) and table.num_rows == 2
    again = study(tmp_path / "c")
    assert (again / "observed.parquet").read_bytes() == (seen / "observed.parquet").read_bytes()


def test_worse_observers_change_no_run(tmp_path):
    one, two = study(tmp_path / "a"), study(tmp_path / "b", "observation.registered=0.5")
    assert (one / "nights.parquet").read_bytes() == (two / "nights.parquet").read_bytes()
    seen = [pq.read_table(folder / "observed.parquet")["registered"] for folder in (one, two)]
    assert seen[0] != seen[1]


def test_every_parameter_is_read():
    used = {key.removeprefix("not ") for s in SERIES for key in (*s.coverage, s.spread, s.routine) if key}
    used |= {"table", "quotes", "quote_bias", "quote_sd"}
    assert used == {e.key.split(".")[1] for e in registry().values() if e.key.startswith("observation.")}
