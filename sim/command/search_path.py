"""Hydra's side of other packages' scenarios and experiments: their folders join Hydra's search path."""

from hydra.plugins.search_path_plugin import SearchPathPlugin

from sim.registry.extensions import config_folders


class OutsideConfigs(SearchPathPlugin):
    """Folders named by entry points `border_market_sim.configs`."""

    def manipulate_search_path(self, search_path):
        for folder in config_folders():
            search_path.append("border_market_sim.configs", f"file://{folder}")
