"""The scenario of the prediction, from the documented series.

    python -m sim prediction     writes configs/scenario/prediction.yaml
"""

from experiments.history.scenarios import FLAT, dated, text
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.files import write_text
from sim.registry.parameters import registry
from sim.studies.history.arrivals import before
from sim.studies.prediction.scenario import AHEAD, ARMS, MONTH, NAME, shocks

OPERATION, OPERATION_NIGHTS = "2023-10-27", 13  # 27 October to 8 November 2023 (F3, F6)
NIGHTS, RUN_IN = 183, 273  # October to March; January to September before


def scenario(parameters) -> str:
    """The text of configs/scenario/prediction.yaml."""
    sentence = "status_quo, October 2023 to March 2024; last year's registrations repeated, the operation of 27 October"
    return text(
        NAME, sentence, "prediction", f"{AHEAD + MONTH}-01", NIGHTS, RUN_IN,
        [*dated(), f'  crackdown_from: "{OPERATION}"', f"  crackdown_nights: {OPERATION_NIGHTS}",
         "  crackdown_patrols: [0.0, 0.0, 0.0] # no figure is documented",
         '  joint_work_from: "2100-01-01" # agreed about 30 October 2023 (F34); no other change is made here'],
        before(registry()["observation.registered"].default), FLAT,
        shocks(ARMS["repeated"], parameters))


def main() -> None:
    """Write the scenario."""
    write_text(config_dir() / "scenario" / f"{NAME}.yaml", scenario(configure()))


if __name__ == "__main__":
    main()
