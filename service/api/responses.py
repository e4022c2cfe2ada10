"""How an operation says which refusals it may give."""

from litestar.openapi.datastructures import ResponseSpec

from service.api.models import Problem
from service.http.problems import PROBLEM_JSON

_WORDS = {
    400: "The request cannot be read, or does not fit its schema.",
    401: "Nobody is signed in, or the credentials no longer hold.",
    403: "Your role or scope does not allow this.",
    404: "Absent, or out of your reach: the same answer.",
    409: "It does not fit what is recorded, or the first of two twins is under way.",
    410: "The link or file is no longer available.",
    412: "Somebody changed it since you read it.",
    413: "The body is larger than accepted.",
    415: "The body is of another kind than what is read here.",
    422: "Readable, but against a rule; `errors` says where.",
    428: "Send If-Match with the ETag you read.",
    429: "Too many requests; wait for Retry-After.",
    503: "Not available just now; nothing was changed.",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The refusals of one operation; 400 and 429 always belong, 403 comes with 401."""
    wanted = {400, 429, *statuses, *((403,) if 401 in statuses else ())}
    return {
        status: ResponseSpec(
            Problem, description=_WORDS[status], media_type=PROBLEM_JSON, generate_examples=False
        )
        for status in sorted(wanted)
    }
