"""`python -m sim`: the command line.  Checks everything first, then lets Hydra run the job."""

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # runs are parallel, not the arrays inside them


def main() -> int:
    """Run the command line; returns the exit code (2: bad input or no room, 1: a run failed, 130: Ctrl-C)."""
    words = sys.argv[1:]
    if "-h" in words or "--help" in words:
        return show_help(words)
    from sim.command.complain import complain
    from sim.command.job import EXIT
    from sim.registry.parameters import ConfigurationError

    try:
        from sim.command.preflight import check

        sys.argv[1:] = check(words)
        start_hydra()
    except ConfigurationError as error:
        return complain(error)
    except OSError as error:
        return complain(f"{error.strerror}: {error.filename}" if error.filename else error.strerror or error)
    except KeyboardInterrupt:
        print("\nsim: stopped before the first run", file=sys.stderr)
        return 130
    return EXIT["code"]


def show_help(words) -> int:
    """Print the help; packages that add to the model are named in it, or what is wrong with them."""
    from sim.command.help import text
    from sim.registry.errors import ConfigurationError

    try:
        print(text([word for word in words if not word.startswith("-")]))
    except ConfigurationError as error:
        from sim.command.complain import complain

        return complain(error)
    return 0


def start_hydra() -> None:
    """Hand over to Hydra, which makes the folder and calls `job` (once, or once for each part of a sweep)."""
    import hydra

    from sim.command.job import job
    from sim.registry.configuration import config_dir, register

    register()
    hydra.main(version_base="1.3", config_path=str(config_dir()), config_name="config")(job)()


if __name__ == "__main__":
    sys.exit(main())
