"""`configure` in other people's programs: within a Hydra application, from threads, with mappings."""

from concurrent.futures import ThreadPoolExecutor

import hydra
import pytest

from sim.registry import configuration
from sim.registry.configuration import compose, configure
from sim.registry.overrides import quoted
from sim.registry.parameters import ConfigurationError


@pytest.mark.parametrize("theirs", ["mine: 3\n", None])
def test_an_application_that_uses_hydra_keeps_its_own_configuration(theirs, tmp_path):
    if theirs:
        (tmp_path / "config.yaml").write_text(theirs)
    (tmp_path / "other.yaml").write_text("mine: 4\n")
    with hydra.initialize_config_dir(str(tmp_path), version_base="1.3"):
        assert configure("dossier", ["nights=7"]).nights == 7
        assert hydra.compose("other") == {"mine": 4}


def test_threads_compose_one_after_the_other():
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: configure("dossier", [f"nights={n}"]).nights, range(1, 17))) == [*range(1, 17)]


def test_overrides_may_be_a_mapping():
    changes = {"nights": 9, "checks": True, "rules.price": "learn", "border.death_causes": [0.4, 0.3, 0.2, 0.1],
               "police.operations": [{"date": "2023-08-21"}]}
    chosen = configure("dossier", changes)
    assert (chosen.nights, chosen.checks, chosen.rules.price) == (9, True, "learn")
    assert chosen.border.death_causes == (0.4, 0.3, 0.2, 0.1)
    assert chosen == configure("dossier", ["nights=9", "checks=true", "rules.price=learn",
                                           "border.death_causes=[0.4,0.3,0.2,0.1]",
                                           "police.operations=[{date: '2023-08-21'}]"])


@pytest.mark.parametrize("overrides, said", [
    (["polic.patrols=3"], "did you mean `police.patrols`"),
    ({"polic.patrols": 3}, "did you mean `police.patrols`"),
    (["nights"], "nights: an equals sign is missing: nights=VALUE"),
    (["nights = 10"], "no blanks may stand around `=`: nights=10"),
    (["+nights=10"], "leave out the \\+: nights=10"),
    (["nights=3,4"], "nights=3,4: several values are a sweep; give one"),
    (["scenario=dosier"], "did you mean `dossier`"),
    (["scenario=null"], "scenario=null: no such scenario"),
    (["+experiment=centralization"], "did you mean `centralisation`"),
    (["nights=${nope}"], "nights: Interpolation key 'nope' not found"),
    (["nights=3\n4"], r"nights=3\\n4: cannot be read"),
    (["ni[ghts=3"], r"`ni\[ghts` is no key, did you mean `nights`"),
    (["start_date=9999-12-30"], "must lie between the years 2 and 9998"),
    (["start_date=0001-01-01"], "must lie between the years 2 and 9998"),
])
def test_a_bad_override_is_refused_as_on_the_command_line(overrides, said):
    with pytest.raises(ConfigurationError, match=said):
        configure("dossier", overrides)


@pytest.mark.parametrize("text", [
    "plain", "it's", r"a\b", "end\\", r"back\'slash", "${x}", 'a "b"', "#,=[]{}()", "žø ~"])
def test_a_quoted_text_means_itself(text):
    assert compose([f"design={quoted(text)}"])["design"] == text


WORDS = (
    ["nights=5"], ["police.crackdown_from=2023-02-26"], ["rules.price=learn", "gangs.entry=1e-3"], ["seed=7", "seed=8"],
    ["police.calendar=[{kind:presence,from:'2023-02-01',nights:4,corridors:[rs_hu]}]"], ["migrants.shocks=[]"],
    ["organisation.takeover_from=null"], ["organisation.levers.skim=true"], ["gangs.origin_shares=[0.5,0.3,0.2]"],
    ["study='a b'"], ["parameter_draws.source=posterior"], ["scenarios=[dossier,fragmented]"], ["police.patrols=???"],
)


@pytest.mark.parametrize("scenario", ["fragmented", "history_nationality"])
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_plain_values_are_assigned_as_hydra_composes_them(scenario, words):
    overrides = [f"scenario={scenario}", *words]
    quick = configuration.assigned(overrides)
    assert quick is not None and repr(quick) == repr(configuration.composed(overrides))
    assert repr(configuration.assigned([f"scenario={scenario}"])) == repr(configuration.composed(overrides[:1]))


@pytest.mark.parametrize("word", ["gangs=3", "gangs.nope=3", "+gangs.more=3", "~gangs.entry", "police.patrols=1,2",
                                  "police.patrols=${nights}", "display={name:x}", "+experiment=ablation",
                                  "gangs.a.b=1"])
def test_other_words_are_left_to_hydra(word):
    assert configuration.assigned(["scenario=fragmented", word]) is None
    assert configuration.assigned([word]) is None
