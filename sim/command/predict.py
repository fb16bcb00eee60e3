"""`python -m sim predict RESULTS --against FILE.csv`: scores of a prediction against a file of reported months.

RESULTS is the folder of `python -m sim +experiment=prediction`.  FILE has the columns month (YYYY-MM), series (a name
of prediction.csv) and value and, where an interval was reported, low and high.  Written beside the prediction, or
into `--to`: scores.csv (means by arm and series), scores_months.csv (a line a month) and figures/scores.
"""

from pathlib import Path

from sim.command.complain import Parser
from sim.studies.prediction.reported import scored


def main(words=None) -> int:
    """Score, write, print; returns the exit code."""
    parser = Parser("predict", __doc__)
    parser.add_argument("folder", type=Path, help="folder of a finished prediction")
    parser.add_argument("--against", type=Path, required=True, help="CSV of reported months")
    parser.add_argument("--to", type=Path, help="folder for scores and figure (default: the prediction's)")
    args = parser.parse_args(words)
    print(scored(args.folder, args.against, args.to or args.folder))
    return 0
