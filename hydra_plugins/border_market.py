"""The two plug-ins of Hydra that the command line uses; their code is in `sim.command`.

They stand here because Hydra 1.3 instantiates a sweeper only if its class lies in the package `hydra_plugins`
(`Plugins.is_in_toplevel_plugins_module`); one that is registered from elsewhere is refused.
"""

from sim.command import search_path, sweeper


class PointsSweeper(sweeper.PointsSweeper):
    """`python -m sim -m KEY=A,B ...` or `+design=FILE`."""


class OutsideConfigs(search_path.OutsideConfigs):
    """Scenarios and experiments of other packages."""
