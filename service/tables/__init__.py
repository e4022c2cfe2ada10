"""Every table: columns and nothing else."""

from service.tables import (
    applications,
    assessments,
    evidence,
    interviews,
    measurements,
    offers,
    outcomes,
    people,
    programmes,
    surveys,
    trail,
    training,
)

__all__ = [
    "applications",
    "assessments",
    "evidence",
    "interviews",
    "measurements",
    "offers",
    "outcomes",
    "people",
    "programmes",
    "surveys",
    "trail",
    "training",
]
