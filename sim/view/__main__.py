"""`python -m sim.view`: the page in a browser."""

import argparse
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

EXAMPLE = "example: python -m sim.view --scenario dossier --compare fragmented --seed 3 police.patrols=60"


class Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message):
        raise ValueError(message)


def read(words: list[str]):
    """The command line; ValueError if it cannot be read."""
    parser = Parser(prog="python -m sim.view", epilog=EXAMPLE,
                    description="The market night by night in a browser: a map, two scenarios side by side, sliders.")
    parser.add_argument("--scenario", default="status_quo", help="first scenario (default: status_quo)")
    parser.add_argument("--compare", help="second scenario, on the same seed; `none` for one market alone "
                                          "(default: fragmented)", default="fragmented")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8765, help="0: any that is free (default: 8765)")
    parser.add_argument("--host", default="127.0.0.1",
                        help="address to listen on; any but loopback lets other machines in (default: 127.0.0.1)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("settings", nargs="*", metavar="KEY=VALUE", help="any key, for both sides (docs/parameters.md)")
    return parser.parse_intermixed_args(words)


def checked(settings: list[str]) -> tuple[str, ...]:
    """Settings that are keys of the model; ConfigurationError otherwise."""
    from sim.command.preflight import check_override, parse
    from sim.registry.parameters import ConfigurationError

    for override in parse(settings):
        if override.key_or_group in ("scenario", "experiment", "scenarios", "seed") or override.is_sweep_override():
            raise ConfigurationError(f"{override.input_line}: not here; use --scenario, --compare and --seed, "
                                     "one value each")
        check_override(override)
    return tuple(settings)


def start(asked) -> tuple:
    """A server ready to answer; ConfigurationError, Refused or OSError if there can be none."""
    from sim.registry.parameters import ConfigurationError
    from sim.view.server import Server
    from sim.view.sessions import Sessions, read_asked

    if not 0 <= asked.port <= 65535:
        raise ConfigurationError(f"--port {asked.port}: must be from 0 to 65535")
    names = [asked.scenario] + ([] if asked.compare == "none" else [asked.compare])
    sides = [{"scenario": name, "changes": {}} for name in names]
    first = read_asked({"sides": sides, "seed": asked.seed, "warmup": True})
    return Server(asked.host, asked.port, Sessions(first, checked(asked.settings)))


def main(words=None) -> int:
    """Serve until Ctrl-C; returns the exit code (2: bad input, or the port is taken)."""
    try:
        asked = read(sys.argv[1:] if words is None else words)
        from sim.view.sessions import Refused

        try:
            server = start(asked)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", "") or error
            raise ValueError(f"cannot listen on {asked.host} port {asked.port}: {why}; give another with --port, "
                             "or --port 0 for any that is free") from None
        except Refused as error:
            raise ValueError(str(error)) from None
    except ValueError as error:  # ConfigurationError too
        print(f"sim.view: error: {error}", file=sys.stderr)
        return 2
    try:
        print(f"sim.view: {server.url} (Ctrl-C ends it)", flush=True)
        if not asked.no_browser:
            import webbrowser

            webbrowser.open(server.url)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
