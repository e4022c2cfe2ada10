"""The text of a dated file, as YAML says it."""

from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a file says, with libyaml where it is there: a start reads fifty of them. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_SAFE)  # noqa: S506 (a safe one)
