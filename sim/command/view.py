"""`python -m sim view`: the page in a browser."""

from sim.command.complain import Parser
from sim.command.preflight import check_override
from sim.registry.errors import ConfigurationError
from sim.registry.overrides import as_given, check_word, parse
from sim.view.server import Server
from sim.view.sessions import Refused, Sessions, read_request

EXAMPLE = "example: python -m sim view --scenario dossier --compare fragmented --seed 3 police.patrols=60"


def read(words: list[str] | None):
    """The command line."""
    parser = Parser("view", "The market night by night in a browser: a map, two scenarios side by side, sliders.",
                    epilog=EXAMPLE)
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
    for word in settings:
        check_word(as_given(word))
    for override in parse(settings):
        if override.key_or_group in ("scenario", "experiment", "scenarios", "seed") or override.is_sweep_override():
            raise ConfigurationError(f"{override.input_line}: not here; use --scenario, --compare and --seed, "
                                     "one value each")
        check_override(override)
    return tuple(settings)


def start(args) -> tuple:
    """A server ready to answer; ConfigurationError, Refused or OSError if there can be none."""
    if not 0 <= args.port <= 65535:
        raise ConfigurationError(f"--port {args.port}: must be from 0 to 65535")
    names = [args.scenario] + ([] if args.compare == "none" else [args.compare])
    sides = [{"scenario": name, "changes": {}} for name in names]
    first = read_request({"sides": sides, "seed": args.seed, "warmup": True})
    return Server(args.host, args.port, Sessions(first, checked(args.settings)))


def main(words=None) -> int:
    """Serve until Ctrl-C; returns the exit code."""
    args = read(words)
    try:
        server = start(args)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", "") or error
        raise ConfigurationError(f"cannot listen on {args.host} port {args.port}: {why}; give another with --port, "
                                 "or --port 0 for any that is free") from None
    except Refused as error:
        raise ConfigurationError(str(error)) from None
    try:
        print(f"sim: {server.url} (Ctrl-C ends it)", flush=True)
        if not args.no_browser:
            import webbrowser

            webbrowser.open(server.url)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0
