"""Networks of other trainers, with drawn weights, for the architectures bench. Usage: architectures.py OUT [--keras]

Writes for each network its ONNX file and its card, one picture, and `networks.json` with what ONNX Runtime reads in the
picture and how long it takes on one thread. PyTorch and TensorFlow need not be installed side by side: a run with
--keras adds the networks of Keras to those that are there."""

import json
import sys
import warnings
from pathlib import Path

from PIL import Image

from architectures_common import picture


def made(out, keras):
    if keras:
        try:
            from architectures_keras import of_keras
        except ImportError as why:
            print(f"no networks of Keras: {why}", file=sys.stderr)
            return []
        return list(of_keras(out))
    from architectures_pytorch import of_pytorch

    return list(of_pytorch(out))


def main(out, keras):
    warnings.filterwarnings("ignore")
    out.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(0)).save(out / "picture.png")
    known = out / "networks.json"
    entries = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
    new = made(out, keras)
    names = {entry["name"] for entry in new}
    known.write_text(json.dumps([e for e in entries if e["name"] not in names] + new), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--keras" in sys.argv[2:])
