"""What one picture is: a page, as whom, how wide, and what is done on it first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One picture; `path` names ids of the scenery in braces, `who` one of its sessions."""

    name: str
    path: str
    who: str = ""
    width: int = 1280
    height: int = 800
    is_dark: bool = False
    acts: tuple[Act, ...] = ()


def desk(name: str, path: str, who: str, *acts: Act) -> Shot:
    return Shot(name, path, who, acts=acts)


def phone(name: str, path: str, who: str = "", *acts: Act) -> Shot:
    return Shot(name, path, who, width=390, height=760, acts=acts)


def dark(name: str, path: str, who: str, *, width: int = 1280) -> Shot:
    return Shot(f"{name}-dark", path, who, width=width, height=760, is_dark=True)
