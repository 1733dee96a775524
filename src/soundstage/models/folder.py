"""Translation models in a folder of the user's own, run by CTranslate2. Knows no film.

The folder holds one model (OPUS-MT, NLLB, M2M-100, an unpacked Argos package), or a folder for each pair of
languages ("es-en", "opus-mt-es-en", "translate-es_en-1_0"). Models load when the first line needs them.
"""

from __future__ import annotations

import importlib.util
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soundstage.errors import SettingsInvalid
from soundstage.models.deadline import within
from soundstage.plan.ports import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NEEDED = ("ctranslate2", "sentencepiece")
_PIECES = ("source.spm", "sentencepiece.model", "sentencepiece.bpe.model", "spm.model")
_TARGET_PIECES = "target.spm"
_END = "</s>"
_BEAMS = 4
#: Longest translation, in pieces; a model that repeats itself would go on.
_LONGEST = 200
_THREADS = 2
#: How NLLB names the languages we meet.
_NLLB = {
    "en": "eng_Latn", "es": "spa_Latn", "fr": "fra_Latn", "de": "deu_Latn", "pt": "por_Latn",
    "it": "ita_Latn", "ru": "rus_Cyrl", "ja": "jpn_Jpan", "ko": "kor_Hang", "zh": "zho_Hans",
    "nl": "nld_Latn", "pl": "pol_Latn", "sv": "swe_Latn", "tr": "tur_Latn", "uk": "ukr_Cyrl",
    "vi": "vie_Latn", "id": "ind_Latn", "ar": "arb_Arab", "he": "heb_Hebr", "el": "ell_Grek",
    "th": "tha_Thai", "hi": "hin_Deva",
}  # fmt: skip


class FolderTranslator:
    """A `Translator` with the user's own weights.

    Args:
        folder: the models.
        timeout_s: what one question may take, loading included.
    """

    def __init__(self, folder: Path, *, timeout_s: float) -> None:
        self.folder = folder
        self._timeout_s = timeout_s
        self._models: dict[Path, _Model] = {}
        self._kept: dict[tuple[str, str, str], str] = {}
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """Return `texts` in another language; the same text is translated once.

        Raises:
            ModelFailed: no model for these languages, or it took too long.
        """
        missing = [text for text in texts if (text, source, target) not in self._kept]
        if missing:
            made = within(self._timeout_s, lambda: self._made(missing, source, target))
            self._kept |= {(t, source, target): m for t, m in zip(missing, made, strict=True)}
        return [self._kept[text, source, target] for text in texts]

    def _made(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        try:
            return self._model(source, target).translate(texts, source, target)
        except ImportError as exc:
            raise ModelFailed("ctranslate2 is not installed: install soundstage[translate]") from exc
        except (RuntimeError, ValueError) as exc:
            raise ModelFailed(f"its model failed: {exc}") from exc

    def _model(self, source: str, target: str) -> _Model:
        path = find_model(self.folder, source, target)
        if path is None:
            raise ModelFailed(f"{self.folder} has no model from {source} to {target}")
        with self._lock:
            if path not in self._models:
                self._models[path] = _Model.load(path)
            return self._models[path]


def check_folder(folder: Path) -> str:
    """Return a sentence on the models of a folder.

    Raises:
        SettingsInvalid: it holds none that can be run; the message says what to do.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsInvalid(
            f"translator_dir needs {' and '.join(missing)}: install soundstage[translate], or unset it"
        )
    import ctranslate2  # noqa: PLC0415 - an extra, and slow to load

    if not folder.is_dir():
        raise SettingsInvalid(f"translator_dir is {folder}, which is no folder")
    found = [path for path in _candidates(folder) if ctranslate2.contains_model(str(path))]
    if not found:
        raise SettingsInvalid(f"translator_dir is {folder}, which holds no CTranslate2 model")
    unfit = [path for path in found if _pieces_of(path) is None]
    if unfit:
        raise SettingsInvalid(f"{unfit[0]} has no sentencepiece model beside it ({', '.join(_PIECES)})")
    return f"{len(found)} model{'s' if len(found) > 1 else ''} in {folder}"


def find_model(folder: Path, source: str, target: str) -> Path | None:
    """Return where the model for two languages lies: the folder itself, or one named for them."""
    import ctranslate2  # noqa: PLC0415 - an extra, and slow to load

    pair = (f"{source}-{target}", f"{source}_{target}")
    named = [
        path for path in _candidates(folder) if any(p in f"{path.parent.name}/{path.name}" for p in pair)
    ]
    for path in (*named, folder, folder / "model"):
        if ctranslate2.contains_model(str(path)):
            return path
    return None


def _candidates(folder: Path) -> list[Path]:
    inner = [path for path in sorted(folder.iterdir()) if path.is_dir()] if folder.is_dir() else []
    return [folder, *inner, *(path / "model" for path in inner if (path / "model").is_dir())]


def _pieces_of(path: Path) -> Path | None:
    places = (base / name for base in (path, path.parent) for name in _PIECES)
    return next((place for place in places if place.is_file()), None)


@dataclass(slots=True)
class _Model:
    """A loaded model with how its languages are told."""

    translator: Any
    cut: Any  #: text to pieces
    join: Any  #: pieces to text
    tags: str  #: "nllb", "m2m" or "" for a model of one pair
    ends: bool  #: it was taught with an end mark behind the source

    @classmethod
    def load(cls, path: Path) -> _Model:
        import ctranslate2  # noqa: PLC0415 - an extra, and slow to load
        import sentencepiece  # noqa: PLC0415 - same

        pieces = _pieces_of(path)
        if pieces is None:
            raise ModelFailed(f"{path} has no sentencepiece model")
        try:
            cut = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
            target = pieces.with_name(_TARGET_PIECES)
            join = sentencepiece.SentencePieceProcessor(model_file=str(target)) if target.is_file() else cut
            translator = ctranslate2.Translator(
                str(path), device="cpu", compute_type="int8", inter_threads=1, intra_threads=_THREADS
            )
        except (RuntimeError, ValueError, OSError) as exc:
            raise ModelFailed(f"{path} does not load: {exc}") from exc
        tags = _tags(path)
        told = _config(path)
        ends = (bool(tags) or pieces.name == "source.spm") and not told.get("add_source_eos", False)
        return cls(translator, cut, join, tags, ends)

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        first, start = self._tag(source), self._tag(target)
        batch = [
            [*first, *self.cut.encode(text, out_type=str), *([_END] if self.ends else [])] for text in texts
        ]
        results = self.translator.translate_batch(
            batch,
            target_prefix=[start] * len(texts) if start else None,
            beam_size=_BEAMS,
            max_decoding_length=_LONGEST,
        )
        made: list[str] = []
        for result in results:
            pieces = [piece for piece in result.hypotheses[0] if piece not in (*start, _END)]
            made.append(str(self.join.decode(pieces)).strip())
        return made

    def _tag(self, language: str) -> list[str]:
        if self.tags == "nllb":
            if language not in _NLLB:
                raise ModelFailed(f"it has no name for {language}")
            return [_NLLB[language]]
        return [f"__{language}__"] if self.tags == "m2m" else []


def _tags(path: Path) -> str:
    vocabulary = path / "shared_vocabulary.json"
    if not vocabulary.is_file():
        vocabulary = path / "shared_vocabulary.txt"
    words = vocabulary.read_text("utf-8") if vocabulary.is_file() else ""
    return "nllb" if "eng_Latn" in words else "m2m" if "__en__" in words else ""


def _config(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((path / "config.json").read_text("utf-8")))
    except (OSError, ValueError):
        return {}
