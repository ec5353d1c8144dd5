"""Builds Lentigo's lesion model from labelled photographs: audit, train, calibrate, export, evaluate, MODEL_CARD.md;
the outline model has stages of its own.

python models/training/pipeline.py --data ../shared/lesions --work DIR --out models --version 0.3.0 [--minutes N]
"""
import argparse
from pathlib import Path

import torch

import stages

ORDER = ("audit", "train", "calibrate", "export", "similarity", "robustness", "evaluate", "card")
OPTIONAL = ("train_outline", "export_outline")
EXPORTS = {"all", "export", "export_outline"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the tars and labels.csv")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and logs")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the shipped model")
    parser.add_argument("--version", help="of the model that is exported")
    parser.add_argument("--minutes", type=float, default=290, help="wall-clock budget of the training stage")
    parser.add_argument("--start", type=Path, help="go on from this ONNX file of the same network")
    parser.add_argument("--threads", type=int, default=1, help="the figures of a run hold for one number of threads")
    parser.add_argument("--stage", choices=("all", *ORDER, *OPTIONAL), default="all")
    args = parser.parse_args()
    if args.stage in EXPORTS and not args.version:
        parser.error("--version is needed, as screens and reports name the model by it")
    return args


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    for folder in (args.work, args.out):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ORDER if args.stage == "all" else (args.stage,):
        getattr(stages, name)(args)


if __name__ == "__main__":
    main()
