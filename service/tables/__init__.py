"""Every table: columns and nothing else."""

from service.tables import applications, assessments, offers, people, programmes, trail, training

__all__ = ["applications", "assessments", "offers", "people", "programmes", "trail", "training"]
