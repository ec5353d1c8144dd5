import type { ModelRefusal, ModelRefusalReason } from "../ipc/generated";
import { formatBytes } from "./format";
import { m } from "./generated/messages";

type Blanks = { names: string; expected: string; found: string };

const words: Record<ModelRefusalReason, (blanks: Blanks) => string> = {
  empty: m.models_refusal_empty,
  lfs_pointer: m.models_refusal_lfs_pointer,
  unreadable: m.models_refusal_unreadable,
  too_large: ({ expected, found }) => m.models_refusal_too_large({ expected: size(expected), found: size(found) }),
  external_tensors: ({ names }) => m.models_refusal_external_tensors({ names }),
  constants_too_large: ({ expected, found }) => m.models_refusal_constants_too_large({ expected: size(expected), found: size(found) }),
  loop: ({ names }) => m.models_refusal_loop({ names }),
  operators: ({ names }) => m.models_refusal_operators({ names }),
  inputs: ({ names }) => m.models_refusal_inputs({ names }),
  input_shape: ({ expected, found }) => m.models_refusal_input_shape({ expected, found }),
  output_missing: ({ names, expected }) => m.models_refusal_output_missing({ names, expected }),
  classes: ({ expected, found }) => m.models_refusal_classes({ expected, found }),
  not_finite: m.models_refusal_not_finite,
  constant_output: m.models_refusal_constant_output,
  not_probabilities: ({ found }) => m.models_refusal_not_probabilities({ found }),
  memory: m.models_refusal_memory,
  time: m.models_refusal_time,
  crashed: m.models_refusal_crashed,
  cannot_run: ({ names }) => m.models_refusal_cannot_run({ names }),
  card: ({ names }) => m.models_refusal_card({ names }),
  hash_mismatch: m.models_refusal_hash_mismatch,
  novelty_missing: ({ names }) => m.models_refusal_novelty_missing({ names }),
  novelty: m.models_refusal_novelty,
  duplicate: m.models_refusal_duplicate,
  no_network: m.models_refusal_no_network,
  not_checked: m.models_refusal_not_checked,
  not_compared: m.models_refusal_not_compared,
  nothing_before: m.models_refusal_nothing_before,
};

const size = (bytes: string) => formatBytes(Number(bytes));

/** Why a version of the model is not taken, with the names and figures that explain it. */
export function modelRefusalText({ reason, names, expected, found }: ModelRefusal): string {
  return words[reason]({ names: names.join(", "), expected: expected ?? "", found: found ?? "" });
}

/** The same out of an error's details; nothing where they are none. */
export function modelRefusalOf(details: Record<string, unknown>): string | null {
  const { reason, names, expected, found } = details;
  if (typeof reason !== "string" || !Object.hasOwn(words, reason)) return null;
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const listed = Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
  return modelRefusalText({ reason: reason as ModelRefusalReason, names: listed, expected: text(expected), found: text(found) });
}
