"""Pages for people."""

from litestar import Controller

from service.web.reference import ReferencePages
from service.web.sign_in import SignInPages

CONTROLLERS: list[type[Controller]] = [ReferencePages, SignInPages]
