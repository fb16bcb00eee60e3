"""Start-up times of new processes, from an empty one to `--help` and the first night."""

import tempfile

from benchmarks.markets import Sizes
from benchmarks.processes import python
from benchmarks.rows import Row, row
from benchmarks.timing import interleaved

EMPTY_CACHE = ("import os, tempfile; os.environ['NUMBA_CACHE_DIR'] = tempfile.mkdtemp(dir='.'); "
               "from sim.runs.compile import main; main()")
COMMANDS = {
    "an empty Python": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "import mesa": ("-c", "import mesa"),
    "import sim.market": ("-c", "import sim.market"),
    "python -m sim --help": ("-m", "sim", "--help"),
    "python -m sim compile, loops in Numba's cache": ("-m", "sim", "compile"),
    "the same with an empty cache: once a machine": ("-c", EMPTY_CACHE),
    "first night, Market().step()": ("-c", "from sim import Market; Market().step()"),
    "python -m sim nights=1 warmup=1 (tables, figures)": ("-m", "sim", "nights=1", "warmup=1"),
}


def measure(sizes: Sizes) -> list[Row]:
    """Wall times in seconds; a first round, which is not counted, fills the file cache of the system."""
    with tempfile.TemporaryDirectory() as folder:
        cases = {name: lambda words=words: python(*words, cwd=folder) for name, words in COMMANDS.items()}
        if sizes.starts > 1:
            interleaved(cases, 1)
        times = interleaved(cases, sizes.starts, budget=90)
    return [row("startup", name, times[name], "s", "<= 1" if name.endswith("--help") else "") for name in COMMANDS]
