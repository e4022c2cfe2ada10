"""Every table: columns and nothing else."""

from service.tables import applications, assessments, evidence, offers, people, programmes, surveys, trail, training

__all__ = [
    "applications",
    "assessments",
    "offers",
    "people",
    "programmes",
    "surveys",
    "trail",
    "training",
]
