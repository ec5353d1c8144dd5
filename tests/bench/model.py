"""The peers of the model bench, on the weights of the shipped ONNX file: PyTorch eager with the grad-cam
package, and onnxruntime; one thread each. Usage: model.py MODELS INPUT, where INPUT holds the prepared
tensor as little-endian float32. For each line of standard input it runs both once and prints their
milliseconds as a line of JSON."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from pytorch_grad_cam import GradCAM

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models/training"))

from export import session  # noqa: E402
from net import LesionNet, fused  # noqa: E402

# Of training alone; the ONNX file does not hold them.
HELPERS = ("outline.", "foreign.")


def network(path):
    """The training pipeline's network in eager mode with the weights of the ONNX file, by their names."""
    weights = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in onnx.load(path).graph.initializer}
    net = fused(LesionNet())
    missing, unknown = net.load_state_dict(weights, strict=False)
    if unknown or any(not name.startswith(HELPERS) for name in missing):
        raise SystemExit(f"the weights do not fit the network: missing {missing}, unknown {unknown}")
    return net


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main():
    models, tensor = Path(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(1)
    card = json.loads((models / "lesion.card.json").read_text())
    net, runtime = network(models / card["file"]), session(models / card["file"])
    shape, name = (1, 3, card["input"]["height"], card["input"]["width"]), card["input"]["name"]
    array = np.fromfile(tensor, dtype="<f4").reshape(shape)
    x = torch.from_numpy(array)
    with torch.no_grad():
        difference = np.abs(net(x).numpy() - runtime.run(None, {name: array})[0]).max()
    if difference > 1e-3:
        raise SystemExit(f"PyTorch and onnxruntime differ by {difference}")
    cam = GradCAM(model=net, target_layers=[net.blocks[-1]])
    for _ in sys.stdin:
        print(json.dumps({"eager": milliseconds(lambda: cam(input_tensor=x, targets=None)),
                          "onnxruntime": milliseconds(lambda: runtime.run(None, {name: array}))}), flush=True)


main()
