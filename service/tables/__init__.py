"""Every table: columns and nothing else."""

from service.tables import (
    applications,
    assessments,
    contests,
    evidence,
    interviews,
    measurements,
    offers,
    outcomes,
    people,
    programmes,
    skills,
    surveys,
    trail,
    training,
    waves,
)

__all__ = [
    "applications",
    "assessments",
    "contests",
    "evidence",
    "interviews",
    "measurements",
    "offers",
    "outcomes",
    "people",
    "programmes",
    "skills",
    "surveys",
    "trail",
    "training",
    "waves",
]
