"""JSON for machines, one controller file a noun."""

from litestar import Controller

from service.api.operations import Operations
from service.api.sign_ins import SignIns

CONTROLLERS: list[type[Controller]] = [Operations, SignIns]
