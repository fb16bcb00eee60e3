"""The study `episodes` and the latent arrivals of `history`: data, the reduced model, and the estimate."""

import numpy as np
import pytest

from conftest import read_csv
from experiments.history.scenarios import estimated
from sim.registry import series
from sim.registry.configuration import configure
from sim.studies.episodes import record, study
from sim.studies.episodes.reduction import detected
from sim.studies.history import latent

P = configure()


def play(nights=200, burn=400, **changed):
    """Detections by night of one draw, with presence kept up from the first night on unless `operations` says."""
    draws = {"arrival_response": 1.0, "arrival_network": 0.3, "news_delay": 20.0, "presence_memory": 0.9,
             "presence_staging": 2.0} | {name: value for name, value in changed.items() if name != "operations"}
    draws = {name: np.array([float(value)]) for name, value in draws.items()}
    operations = changed.get("operations", np.ones(nights))[:, None]
    return detected(P, draws, np.ones((nights, 1)), operations, burn=burn)[:, 0]


def test_detections_end_in_september_2023_and_agree_with_the_series():
    months = {month for by_month in series.detections().values() for month in by_month}
    assert max(months) == np.datetime64("2023-09") and min(months) == np.datetime64("2015-01")
    known = series.monthly("detections_route")
    assert series.detected("western_balkan", list(known)).tolist() == list(known.values())


def test_without_any_effect_of_presence_nothing_changes():
    assert play(presence_staging=0) == pytest.approx(1, abs=2e-3)


def test_a_presence_kept_up_lowers_detections_more_where_arrivals_answer():
    answering, deaf = play(), play(arrival_response=0, arrival_network=0)
    assert answering[-1] < deaf[-1] < 1 and answering[20] < 0.5


def test_an_operation_of_a_week_is_gone_after_six_weeks():
    operations = np.zeros(60)
    operations[:7] = 1
    short = play(60, operations=operations)
    assert short[3] < 0.95 and short[49] == pytest.approx(1, abs=0.1)


def test_presence_with_a_longer_memory_is_felt_longer():
    operations = np.zeros(60)
    operations[:7] = 1
    first, second = (play(60, operations=operations, presence_memory=m) for m in (0.5, 0.98))
    assert first[14] > second[14]


def test_reported_ratios_are_those_of_the_record():
    closing = record.EPISODES[0]
    assert np.exp(record.ratios(closing, record.reported(closing))[0]) == pytest.approx(5027 / 36622)


def test_an_episode_starts_at_its_reference_and_measures_stand_on_their_nights():
    shock = record.EPISODES[2]
    draws = study.values(tuple(study.prior()), np.full((2, len(study.prior())), 0.5)) | {"raid": np.ones(2)}
    months = study.simulated(shock, P, draws)
    assert months.shape == (9, 2) and months[:2].mean(axis=0) == pytest.approx(1) and (months[3] < 0.8).all()
    nights = record.nights_of(shock)
    on = record.strengths(shock, draws)[:, 0] > 0
    assert str(nights[on][0]) == "2020-03-16" and str(nights[on][-1]) == "2020-05-06"


def test_latent_arrivals_are_stored_as_estimated():
    _, found = estimated()
    assert found.registered[list(latent.GROUPS).index("visa_free")] < 0.3
    rows = read_csv(series.REGISTRY / "latent_arrivals.csv")
    assert [float(row["arrivals"]) for row in rows] == pytest.approx(found.arrivals.ravel().tolist(), rel=1e-2)


def test_detections_of_a_month_of_arrivals_fall_in_later_months():
    delay = latent.kernel(P)
    assert np.triu(delay, 1) == pytest.approx(0, abs=1e-5)  # what is left of the first nights
    assert delay[:, 10].sum() == pytest.approx(1, abs=0.02)


def test_the_visa_free_origin_meets_its_measures_alone():
    share, records = latent.visas(estimated()[1])
    factor = latent.visa_factor(records)
    assert 0 < share < 0.3 and factor[list(map(str, latent.MONTHS)).index("2022-06")] == 1 and factor[-1] < 0.2
