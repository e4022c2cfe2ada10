"""Pages for people."""

from litestar import Controller

from service.web.reference import ReferencePages

CONTROLLERS: list[type[Controller]] = [ReferencePages]
