"""`python -m sim`, also installed as `border-market`: the command line.

A first word that is a verb goes to the module of that verb (`sim.command.verbs`).  Everything else is a run or a sweep:
it is checked first, then Hydra runs the job.
"""

import os
import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- for those who have not installed the project
    sys.stderr.write("sim: error: needs Python 3.11, 3.12 or 3.13; this is %s\n" % sys.version.split()[0])  # noqa: UP031
    sys.exit(2)
STOPPABLE = __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler
if STOPPABLE:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while modules are loaded ends in silence, not in a traceback

from sim.command import verbs  # noqa: E402
from sim.command.complain import complain, of_system  # noqa: E402
from sim.command.output import tolerant  # noqa: E402
from sim.registry.errors import ConfigurationError  # noqa: E402

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # runs are parallel, not the arrays inside them  # (NumPy is not loaded yet)
os.environ["MPLBACKEND"] = "agg"  # figures are files; a notebook's backend may not exist in this environment


def main(words: list[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    The code is 2 after bad input or without room, 1 if a run failed or what was printed is lost, 130 after Ctrl-C.
    """
    words = sys.argv[1:] if words is None else words
    with tolerant() as lost:
        code = carry_out(words)
        sys.stdout.flush()
        if why := lost():
            print(f"sim: what was printed is lost ({why}); files that were written are whole", file=sys.stderr)
            code = code or 1
    return code


def carry_out(words: list[str]) -> int:
    """Do what the words ask; errors and Ctrl-C end in one line."""
    try:
        if words and verbs.is_verb(words[0]):
            return verbs.carry_out(words[0], words[1:])
        if "-h" in words or "--help" in words:
            return show_help(words)
        return run(words)
    except ConfigurationError as error:
        return complain(error)
    except OSError as error:
        return complain(of_system(error))
    except KeyboardInterrupt:
        print("\nsim: stopped", file=sys.stderr)
        return 130


def show_help(words: list[str]) -> int:
    """Print the help, which names also what other packages add to the model."""
    from sim.command.help import text

    print(text([word for word in words if not word.startswith("-")]))
    return 0


def run(words: list[str]) -> int:
    """Check the words, then hand over to Hydra, which makes the folder and calls `job` (once, or for each part)."""
    import hydra

    from sim.command.job import EXIT, job
    from sim.command.preflight import check
    from sim.registry.config_files import config_dir
    from sim.registry.configuration import register

    EXIT["code"] = 0
    sys.argv[1:] = check(words)
    register()
    hydra.main(version_base="1.3", config_path=str(config_dir()), config_name="config")(job)()
    return EXIT["code"]


if __name__ == "__main__":
    if STOPPABLE:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
