import { formatCount, m } from "$i18n";
import type { GoldenPicture, ModelTrial, ModelVersionState, ModelVersionView, OnnxTensor } from "$ipc";

const states: Record<ModelVersionState, () => string> = {
  candidate: m.models_state_candidate,
  checked: m.models_state_checked,
  active: m.models_state_active,
  previous: m.models_state_previous,
  retired: m.models_state_retired,
};

/** How a version stands; one that was refused says so. */
export function stateText(version: ModelVersionView): string {
  return version.refusal && version.state === "candidate" ? m.models_state_refused() : states[version.state]();
}

export function nameOf(version: ModelVersionView): string {
  return version.identity ? `${version.identity.name} ${version.identity.version}` : m.models_shipped();
}

const sides = ({ name, shape }: OnnxTensor): string => `${name} ${shape.map((side) => (side === null ? "?" : formatCount(side))).join(" × ")}`;

/** What was found when a version ran for the first time. */
export function trialFacts(trial: ModelTrial): string[] {
  const { outline } = trial;
  return [
    m.models_fact_opset({ opset: outline.opset === null ? "?" : formatCount(outline.opset), producer: outline.producer || "?" }),
    m.models_fact_input({ shape: outline.inputs.map(sides).join(", ") }),
    m.models_fact_output({ shape: outline.outputs.map(sides).join(", ") }),
    m.models_fact_operators({ names: outline.operators.join(", ") }),
    m.models_fact_time({ ms: formatCount(Math.max(1, Math.round(trial.reading_ms))) }),
    heatmapText(trial),
  ];
}

function heatmapText({ heatmap, map, note }: ModelTrial): string {
  if (heatmap === "available") return m.models_heatmap_yes({ width: formatCount(map?.width ?? 0), height: formatCount(map?.height ?? 0) });
  return heatmap === "no_spatial_map" ? m.models_heatmap_no_map() : m.models_heatmap_no_head({ note });
}

export function pictureText(picture: GoldenPicture): string {
  return picture.kind === "phantom"
    ? m.models_picture_built_in({ name: picture.name.replaceAll("_", " ") })
    : m.models_picture_golden({ number: formatCount(picture.number) });
}
