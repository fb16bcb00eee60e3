"""The page of the experiment `branding`; its runs are analysed as those of any policy (`sim.studies.policies.study`)."""

from pathlib import Path

from sim.studies.policies.tables import study_texts


def documented(reference: Path) -> dict[str, str]:
    """Tables and numbers of docs/branding.md from the reference run."""
    return study_texts("branding", reference)
