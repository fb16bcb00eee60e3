"""The state of the model: tables of agents, places, beliefs, the ledger, the ownership map and random numbers."""
