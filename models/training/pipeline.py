"""Builds Lentigo's lesion model from the shared data: audit, train, calibrate, export, evaluate;
the outline model and MODEL_CARD.md have stages of their own.

python models/training/pipeline.py --data ../shared/lesions --work DIR --out models [--minutes N] [--stage all]
"""
import argparse
from pathlib import Path

import torch

import stages

ORDER = ("audit", "train", "calibrate", "export", "similarity", "robustness", "evaluate")
OPTIONAL = ("train_outline", "export_outline", "card")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the tars and labels.csv")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and logs")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the shipped model")
    parser.add_argument("--minutes", type=float, default=290, help="wall-clock budget of the training stage")
    parser.add_argument("--start", type=Path, help="go on from this ONNX file of the same network")
    parser.add_argument("--threads", type=int, default=1, help="the figures of a run hold for one number of threads")
    parser.add_argument("--stage", choices=("all", *ORDER, *OPTIONAL), default="all")
    return parser.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    for name in ORDER if args.stage == "all" else (args.stage,):
        getattr(stages, name)(args)


if __name__ == "__main__":
    main()
