"""Neural posterior estimation (Papamakarios and Murray 2016; Greenberg et al. 2019), with sbi; extra `calibration`.

A masked autoregressive flow learns the density of parameters given summaries from the prior's part of the bank.  The
estimate is amortised: it gives the posterior of any run without further fitting.  Parameters are logit quantiles of the
prior, so they stay in their ranges.  Training uses one thread and early stopping, which suffices for few simulations.
"""

from contextlib import redirect_stdout
from io import StringIO

import numpy as np
from scipy.special import expit

from sim.registry.parameters import ConfigurationError
from sim.studies.calibration.approximate import Sample, to_line

PATIENCE, MOST_EPOCHS, BATCH, FEATURES = 15, 400, 50, 24


def torch_and_estimator():
    """Import the libraries; ConfigurationError with the command that installs them if they are missing."""
    try:
        import torch
        from sbi.inference import NPE
        from sbi.neural_nets import posterior_nn
    except ImportError:
        raise ConfigurationError("neural posterior estimation needs the extra `calibration`: pip install -e "
                                 "'.[calibration]'") from None
    torch.set_num_threads(1)
    return torch, NPE, posterior_nn


def available() -> bool:
    """Whether the extra is installed."""
    try:
        torch_and_estimator()
    except ConfigurationError:
        return False
    return True


class Silent:
    """A tracker that discards the log messages of sbi."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *words, **options: None


class Estimator:
    """A trained flow, from which `posterior` draws."""

    def __init__(self, units, simulated, seed: int = 1):
        """units: quantiles of the prior (draws × parameters); simulated: summaries (draws × summaries)."""
        torch, npe, network = torch_and_estimator()
        torch.manual_seed(seed)
        simulated = np.asarray(simulated, float)
        self.torch, self.centre, self.unit = torch, simulated.mean(axis=0), np.maximum(simulated.std(axis=0), 1e-9)
        trainer = npe(density_estimator=network(model="maf", hidden_features=FEATURES, num_transforms=3,
                                                z_score_x="none", z_score_theta="independent"),
                      tracker=Silent(), show_progress_bars=False)
        trainer.append_simulations(self.tensor(to_line(units)), self.tensor((simulated - self.centre) / self.unit))
        with redirect_stdout(StringIO()):  # sbi prints every epoch
            self.flow = trainer.train(training_batch_size=BATCH, stop_after_epochs=PATIENCE, max_num_epochs=MOST_EPOCHS,
                                      validation_fraction=0.15, show_train_summary=False)
        self.flow.eval()

    def tensor(self, values):
        """Convert values to a tensor of single precision."""
        return self.torch.as_tensor(np.asarray(values), dtype=self.torch.float32)

    def posterior(self, goal, number: int = 1000, seed: int = 1) -> Sample:
        """Equally weighted draws of the posterior given summaries."""
        self.torch.manual_seed(seed)
        condition = self.tensor((np.asarray(goal, float) - self.centre) / self.unit)[None]
        with self.torch.no_grad():
            drawn = self.flow.sample((number,), condition=condition)
        drawn = drawn.reshape(number, -1).numpy().astype(float)
        return Sample(expit(drawn), np.full(number, 1 / number))
