"""Writes voices of a few hundred bytes that hum: `python tiny_voices.py FOLDER`. Needs onnx and numpy."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def whole(name, values):
    return numpy_helper.from_array(np.array(values, np.int64), name)


def info(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(path, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def kokoro(folder):
    """600 samples for each token: the sine of its number; every duration is one."""
    node = helper.make_node
    nodes = [
        node("Cast", ["tokens"], ["tf"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["tf", "ax2"], ["t3"]), node("Expand", ["t3", "sh"], ["ex"]),
        node("Reshape", ["ex", "m1"], ["fl"]), node("Sin", ["fl"], ["s"]),
        node("ReduceMean", ["style"], ["sm"], keepdims=0), node("ReduceMean", ["speed"], ["sp"], keepdims=0),
        node("Mul", ["sm", "sp"], ["z"]), node("Mul", ["z", "zero"], ["z0"]),
        node("Add", ["s", "z0"], ["audio"]), node("Reshape", ["tokens", "m1"], ["tk"]),
        node("Mul", ["tk", "zeroi"], ["tz"]), node("Add", ["tz", "one"], ["duration"]),
    ]  # fmt: skip
    inputs = [
        info("tokens", TensorProto.INT64, [1, None]), info("style", TensorProto.FLOAT, [1, 256]),
        info("speed", TensorProto.FLOAT, [1]),
    ]  # fmt: skip
    outputs = [info("audio", TensorProto.FLOAT, [None]), info("duration", TensorProto.INT64, [None])]
    constants = [
        whole("ax2", [2]), whole("sh", [1, 1, 600]), whole("m1", [-1]),
        whole("zeroi", [0]), whole("one", [1]),
        numpy_helper.from_array(np.zeros(1, np.float32), "zero"),
    ]  # fmt: skip
    save(folder / "kokoro.onnx", nodes, inputs, outputs, constants)
    style = np.ones((510, 1, 256), np.float32)
    with (folder / "voices-tiny.bin").open("wb") as file:
        np.savez(file, af_one=style, af_two=style, am_one=style)


def piper(folder):
    """256 samples for each symbol: the sine of its number."""
    node = helper.make_node
    nodes = [
        node("Cast", ["input"], ["tf"], to=TensorProto.FLOAT), node("Unsqueeze", ["tf", "ax2"], ["t3"]),
        node("Expand", ["t3", "sh"], ["ex"]), node("Reshape", ["ex", "r4"], ["fl"]),
        node("Sin", ["fl"], ["s0"]),
        node("ReduceMean", ["scales"], ["sc"], keepdims=0),
        node("Cast", ["input_lengths"], ["il"], to=TensorProto.FLOAT),
        node("ReduceMean", ["il"], ["ilm"], keepdims=0), node("Mul", ["sc", "ilm"], ["q"]),
        node("Mul", ["q", "zero"], ["q0"]), node("Add", ["s0", "q0"], ["output"]),
    ]  # fmt: skip
    inputs = [
        info("input", TensorProto.INT64, [1, None]), info("input_lengths", TensorProto.INT64, [1]),
        info("scales", TensorProto.FLOAT, [3]),
    ]  # fmt: skip
    outputs = [info("output", TensorProto.FLOAT, [1, 1, 1, None])]
    constants = [
        whole("ax2", [2]), whole("sh", [1, 1, 256]), whole("r4", [1, 1, 1, -1]),
        numpy_helper.from_array(np.zeros(1, np.float32), "zero"),
    ]  # fmt: skip
    save(folder / "tiny.onnx", nodes, inputs, outputs, constants)
    symbols = "_^$ abcdefghijklmnopqrstuvwxyzˈˌəɛɪʊʌæɔɑðθʃʒŋɹː,.!?"  # noqa: RUF001 - IPA
    settings = {
        "audio": {"sample_rate": 22_050}, "espeak": {"voice": "en-us"}, "phoneme_type": "espeak",
        "num_symbols": 256, "num_speakers": 1, "inference": {},
        "phoneme_id_map": {char: [i] for i, char in enumerate(symbols)},
    }  # fmt: skip
    (folder / "tiny.onnx.json").write_text(json.dumps(settings), "utf-8")


for kind in (kokoro, piper):
    place = Path(sys.argv[1]) / kind.__name__
    place.mkdir(parents=True)
    kind(place)
