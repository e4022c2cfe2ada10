"""The path that the demonstration's trainers wrote: a package made of a folder of small files, then published."""

import zipfile
from importlib.resources import files
from io import BytesIO

from onboarding.paths.drafts import DraftWords
from onboarding.paths.paths import Path
from service.flows.demonstration.demonstration_scene import Scene, read_story
from service.flows.paths import authoring, packages, path_shelf
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Role

FILE_NAME = "lire-une-facture.zip"
MADE_ON = (2026, 11, 1, 0, 0, 0)
WRITTEN = -10


def zipped() -> bytes:
    """The package as an authoring tool would export it; the same bytes every time."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for one in sorted(files("service.demo").joinpath("package").iterdir(), key=lambda one: one.name):
            name = zipfile.ZipInfo(one.name, MADE_ON)
            archive.writestr(name, one.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


async def publish(scene: Scene) -> tuple[Path, Editions]:
    """The published path, and the library with it in."""
    trainer, now, title = scene.staff[Role.TRAINER], scene.at(WRITTEN), read_story("path.yaml")["title"]
    found, sha256 = packages.check(BytesIO(zipped()), scene.editions.package_rules[-1], files=scene.files)
    await packages.keep(scene.session, trainer, found, sha256, file_name=FILE_NAME, now=now)
    document = read_story("path.yaml")
    for module in document["modules"]:
        if module["slug"] == FILE_NAME.removesuffix(".zip"):
            module["package"] = {"sha256": sha256, "title": module["title"]}
    draft = authoring.read_draft(document)
    slug = await authoring.begin(
        scene.session, trainer, DraftWords.model_validate(title), languages=draft.languages, library=scene.editions,
        now=now,
    )  # fmt: skip
    await authoring.change(scene.session, trainer, slug, lambda _begun: draft, now=now)
    path = await authoring.publish(
        scene.session, trainer, slug, valid_from=civil_date(now), note="Première édition, relue par l'équipe.",
        library=scene.editions, now=now,
    )  # fmt: skip
    return path, await path_shelf.library(scene.session, scene.editions)
