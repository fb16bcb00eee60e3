"""Stylised geography: corridors of sectors, and staging places behind them.  No real coordinates."""

import numpy as np

REGIONS = ("north", "transit", "interior")


class Places:
    """Static arrays of the geography; contested places are numbered with sectors first, then staging places."""

    def __init__(self, p):
        border = p.border
        self.corridors = tuple(border.corridors)
        self.corridor = np.repeat(np.arange(len(border.sectors)), border.sectors)  # corridor of each sector
        self.corridor_sectors = tuple(border.sectors)
        self.sectors = len(self.corridor)
        self.length = np.asarray(border.sector_length, float)[self.corridor] * p.scale  # km
        self.difficulty = np.asarray(border.difficulty, float)[self.corridor]
        self.region = np.asarray(border.staging_regions, int)  # region of each staging place
        self.staging = len(self.region)
        self.total = self.sectors + self.staging
        self.sectors_each = np.asarray(border.sectors)[:, None]  # (C, 1)
        self.in_corridor = self.corridor[None, :] == np.arange(len(self.corridors))[:, None]
        self.residents = np.concatenate([np.asarray(border.residents, float)[self.corridor], np.ones(self.staging)])

    def sector_names(self) -> list[str]:
        """Names of the sectors, S01, S02 and so on."""
        return [f"S{s + 1:02d}" for s in range(self.sectors)]
