"""Translation with weights of the user's own: a tiny random model made here, by real CTranslate2."""

import io

import pytest

from soundstage.config import Settings
from soundstage.errors import SettingsInvalid
from soundstage.plan.ports import ModelFailed

pytest.importorskip("ctranslate2", reason="the extra soundstage[translate] is not installed: no CTranslate2")
pytest.importorskip(
    "sentencepiece", reason="the extra soundstage[translate] is not installed: no sentencepiece"
)

TEXTS = [
    "hola amigo mío dónde vas",
    "good morning my friend where are you going",
    "el perro corre por la calle",
]


def make_pieces(path):
    """Train a sentencepiece model on a few words."""
    import sentencepiece

    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 20), model_writer=made, vocab_size=34, minloglevel=2
    )
    path.write_bytes(made.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
    return [processor.id_to_piece(i) for i in range(processor.get_piece_size())]


def make_model(folder, *, pieces="source.spm", extra=()):
    """Write a transformer of two small layers with random weights."""
    import numpy as np
    from ctranslate2.specs import transformer_spec

    rng = np.random.default_rng(7)
    folder.mkdir(parents=True)
    words = make_pieces(folder / pieces)
    vocabulary = ["<unk>", "<s>", "</s>", *extra, *(w for w in words if w not in ("<unk>", "<s>", "</s>"))]
    width, inner, size = 16, 32, len(vocabulary)

    def matrix(*shape):
        return (rng.standard_normal(shape) * 0.3).astype(np.float32)

    def linear(spec, inputs, outputs):
        spec.weight, spec.bias = matrix(outputs, inputs), np.zeros(outputs, np.float32)

    def norm(spec):
        spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    spec = transformer_spec.TransformerSpec.from_config((1, 1), 2, pre_norm=False)
    words_matrix = matrix(size, width)
    spec.encoder.embeddings[0].weight = words_matrix
    spec.decoder.embeddings.weight = words_matrix
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = matrix(256, width)
    linear(spec.decoder.projection, width, size)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        linear(layer.self_attention.linear[0], width, 3 * width)
        linear(layer.self_attention.linear[1], width, width)
        norm(layer.self_attention.layer_norm)
        linear(layer.ffn.linear_0, width, inner)
        linear(layer.ffn.linear_1, inner, width)
        norm(layer.ffn.layer_norm)
    for layer in spec.decoder.layer:
        linear(layer.attention.linear[0], width, width)
        linear(layer.attention.linear[1], width, 2 * width)
        linear(layer.attention.linear[2], width, width)
        norm(layer.attention.layer_norm)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def translator(folder, timeout_s=60.0):
    from soundstage.models.folder import FolderTranslator

    return FolderTranslator(folder, timeout_s=timeout_s)


def test_a_model_translates_and_says_the_same_twice(tmp_path):
    """Lines go in and as many come out, the same for the same text, from a fresh translator, too."""
    make_model(tmp_path / "opus")
    texts = ["hola amigo", "el perro corre por la calle"]
    first = translator(tmp_path / "opus").translate(texts, "es", "en")
    assert len(first) == 2
    assert all(isinstance(line, str) for line in first)
    assert translator(tmp_path / "opus").translate(texts, "es", "en") == first


def test_a_folder_for_each_pair_is_found_by_its_name(tmp_path):
    """A folder "opus-mt-es-en" serves Spanish; for German there is no model, and that is said."""
    make_model(tmp_path / "opus-mt-es-en")
    from soundstage.models.folder import check_folder

    assert "1 model in" in check_folder(tmp_path)
    assert len(translator(tmp_path).translate(["hola"], "es", "en")) == 1
    with pytest.raises(ModelFailed, match="no model from de to en"):
        translator(tmp_path).translate(["hallo"], "de", "en")


def test_a_model_of_many_languages_is_told_which(tmp_path):
    """An NLLB vocabulary names its languages; one it has no name for is refused."""
    make_model(tmp_path / "nllb", pieces="sentencepiece.model", extra=("eng_Latn", "spa_Latn"))
    made = translator(tmp_path / "nllb").translate(["hola amigo"], "es", "en")
    assert "eng_Latn" not in made[0]
    with pytest.raises(ModelFailed, match="no name for xx"):
        translator(tmp_path / "nllb").translate(["?"], "xx", "en")


def test_a_translator_has_its_time(tmp_path):
    """One that takes longer than it may is given up."""
    make_model(tmp_path / "opus")
    with pytest.raises(ModelFailed, match="no answer in 1e-06 s"):
        translator(tmp_path / "opus", timeout_s=1e-6).translate(["hola"], "es", "en")


@pytest.mark.parametrize("broken", ["nothing", "no model", "no pieces"])
def test_the_doctor_says_what_a_folder_lacks(tmp_path, broken):
    """A folder that holds no model, or no sentencepiece beside it, is named with what is missing."""
    from soundstage.planning import check_translator

    folder = tmp_path / "weights"
    if broken == "no model":
        folder.mkdir()
    if broken == "no pieces":
        make_model(folder)
        (folder / "source.spm").unlink()
    with pytest.raises(SettingsInvalid, match=r"no folder|no CTranslate2 model|no sentencepiece"):
        check_translator(Settings(translator_dir=folder))


def test_broken_weights_fail_by_name(tmp_path):
    """Weights cut short are a reason, not a crash."""
    make_model(tmp_path / "opus")
    weights = tmp_path / "opus" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:2000])
    with pytest.raises(ModelFailed, match="does not load"):
        translator(tmp_path / "opus").translate(["hola"], "es", "en")
