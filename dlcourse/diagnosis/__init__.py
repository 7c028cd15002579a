"""Diagnosis: “it doesn't work, why?” What is wrong with a training, measured, with the most likely cause first."""

from dlcourse.diagnosis.diagnose import diagnose
from dlcourse.diagnosis.findings import Finding, Findings
from dlcourse.diagnosis.table import NAMES

__all__ = ["NAMES", "Finding", "Findings", "diagnose"]
