"""An index as bytes and back: arrays and joined texts, nothing that runs when it is read."""

import io
import zipfile
from collections.abc import Iterable

import numpy as np

from assessments.skills.lexicon import Lexicon, Names, SenseIndex
from assessments.skills.name_grams import GramIndex, Ragged
from assessments.skills.slips import Slips

_BETWEEN = "\n"


class PackError(ValueError):
    """The bytes are no index of ours, or not whole."""


def to_bytes(lexicon: Lexicon) -> bytes:
    """The whole index, uncompressed: 40 MB for 14,000 skills with eight names each; reading it back takes no second."""
    arrays: dict[str, np.ndarray] = {"stands_for": lexicon.stands_for, "is_trade": lexicon.is_trade}
    for field in ("uris", "means", "schemes", "notations", "labels_fr", "labels_en"):
        arrays[field] = _text(getattr(lexicon, field))
    arrays["digest"] = _text([lexicon.digest])
    for field in ("exact", "keys", "senses"):
        names: Names = getattr(lexicon, field)
        arrays[field] = _text(names.numbers)
        _put_ragged(arrays, f"{field}_owners", names.owners)
    grams, senses, slips = lexicon.grams, lexicon.sense_index, lexicon.slips
    arrays |= {
        "grams": _text(grams.grams), "rarity": grams.rarity, "shares": grams.shares, "lengths": grams.lengths,
        "sense_words": _text(senses.numbers), "sense_weights": senses.weights, "sense_totals": senses.totals,
        "sense_unknown": np.array([senses.unknown]),
        "common": _text(slips.common), "common_counts": np.fromiter(slips.common.values(), np.int32, len(slips.common)),
        "slip_words": _text(slips.words), "slip_hashes": slips.hashes, "slip_owners": slips.owners,
    }  # fmt: skip
    _put_ragged(arrays, "words_of", grams.words_of)
    _put_ragged(arrays, "grams_of_word", grams.grams_of_word)
    _put_ragged(arrays, "names_of", grams.names_of)
    _put_ragged(arrays, "sense_names", senses.names_of)
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    return packed.getvalue()


def from_bytes(packed: bytes) -> Lexicon:
    """The index that `to_bytes` gave; raises PackError for anything else."""
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return _lexicon({name: arrays[name] for name in arrays.files})
    except (KeyError, ValueError, OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise PackError(str(error)) from error


def _lexicon(arrays: dict[str, np.ndarray]) -> Lexicon:
    common = _texts(arrays["common"])
    return Lexicon(
        digest=_texts(arrays["digest"])[0],
        uris=_texts(arrays["uris"]),
        schemes=_texts(arrays["schemes"]),
        notations=_texts(arrays["notations"]),
        labels_fr=_texts(arrays["labels_fr"]),
        labels_en=_texts(arrays["labels_en"]),
        stands_for=arrays["stands_for"],
        means=_texts(arrays["means"]),
        is_trade=arrays["is_trade"],
        exact=_names(arrays, "exact"),
        keys=_names(arrays, "keys"),
        senses=_names(arrays, "senses"),
        grams=GramIndex(
            _numbered(arrays["grams"]), arrays["rarity"], _ragged(arrays, "words_of"), _ragged(arrays, "grams_of_word"),
            _ragged(arrays, "names_of"), arrays["shares"], arrays["lengths"],
        ),
        sense_index=SenseIndex(
            _numbered(arrays["sense_words"]), _ragged(arrays, "sense_names"), arrays["sense_weights"],
            arrays["sense_totals"], float(arrays["sense_unknown"][0]),
        ),
        slips=Slips(
            _texts(arrays["slip_words"]),
            dict(zip(common, arrays["common_counts"].tolist(), strict=True)),
            arrays["slip_hashes"],
            arrays["slip_owners"],
        ),
    )  # fmt: skip


def _text(lines: Iterable[str]) -> np.ndarray:
    """One array of bytes for many texts, none of which holds a line break; the first byte tells none from one empty."""
    several = list(lines)
    joined = _BETWEEN.join(several).encode()
    return np.frombuffer((b"1" if several else b"0") + joined, np.uint8)


def _texts(stored: np.ndarray) -> list[str]:
    whole = stored.tobytes().decode()
    return whole[1:].split(_BETWEEN) if whole[:1] == "1" else []


def _numbered(stored: np.ndarray) -> dict[str, int]:
    lines = _texts(stored)
    return dict(zip(lines, range(len(lines)), strict=True))


def _names(arrays: dict[str, np.ndarray], field: str) -> Names:
    return Names(_numbered(arrays[field]), _ragged(arrays, f"{field}_owners"))


def _put_ragged(arrays: dict[str, np.ndarray], field: str, ragged: Ragged) -> None:
    arrays[f"{field}_starts"], arrays[f"{field}_values"] = ragged.starts, ragged.values


def _ragged(arrays: dict[str, np.ndarray], field: str) -> Ragged:
    return Ragged(arrays[f"{field}_starts"], arrays[f"{field}_values"])
