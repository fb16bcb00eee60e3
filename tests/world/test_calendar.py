"""Dated events: operations start on their dates and nowhere else once heat calls none."""

import numpy as np
import pytest

from conftest import play
from sim.registry.configuration import configure
from sim.registry.parameters import ConfigurationError

QUIET = "police.heat_threshold=1000000"


def operations(*overrides):
    return play("status_quo", QUIET, "nights=25", "start_date=2022-11-20", *overrides).record().nights


def test_an_operation_begins_on_its_date_and_lasts_its_nights():
    nights = operations("police.operations=[{date:2022-11-25}]")
    assert nights["date"][nights["operations"] == 1].tolist() == [np.datetime64("2022-11-25").item()]
    assert nights["operation"].sum() == configure().police.operation_nights
    assert nights["operation"][5:12].all()


def test_without_dates_and_heat_there_is_none_and_nothing_else_differs_before():
    dated, plain = operations("police.operations=[{date:2022-12-05}]"), operations()
    assert plain["operations"].sum() == 0 and dated["operations"].sum() == 1
    for name in plain:
        assert np.array_equal(plain[name][:15], dated[name][:15], equal_nan=plain[name].dtype.kind == "f"), name


def test_a_date_within_a_running_operation_starts_no_second_one():
    nights = operations("police.operations=[{date:2022-11-25},{date:2022-11-27}]")
    assert nights["operations"].sum() == 1


@pytest.mark.parametrize("row", ["{day:2022-11-25}", "{date:2022-11-25,nights:3}", "{date:2022-13-01}"])
def test_a_wrong_record_is_refused_in_one_line(row):
    with pytest.raises(ConfigurationError) as refused:
        configure("status_quo", [f"police.operations=[{row}]"])
    assert "police.operations" in str(refused.value) and "\n" not in str(refused.value)
