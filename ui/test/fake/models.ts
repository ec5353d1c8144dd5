import type {
  AppError,
  ModelCompareProgress,
  ModelComparison,
  ModelFilesView,
  ModelRefusal,
  ModelRegistryView,
  ModelTrial,
  ModelVersionView,
} from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { LABELS, MODEL_VIEW, NOW } from "./samples";

export const trial = (change: Partial<ModelTrial> = {}): ModelTrial => ({
  outline: {
    producer: "pytorch 2.9.0",
    opset: 18,
    inputs: [{ name: "image", shape: [null, 3, 224, 224] }],
    outputs: [{ name: "logits", shape: [null, 8] }],
    operators: ["Add", "Conv", "Gemm", "GlobalAveragePool", "Relu"],
    constant_bytes: 46_800_000,
  },
  map: { channels: 512, width: 7, height: 7 },
  heatmap: "available",
  note: "split at layer4",
  readings: [],
  reading_ms: 84.2,
  ...change,
});

const opinion = (top: string, malignant_sum: number) => ({ top, probability: 0.8, malignant_sum, gate: "confident" as const, band: "benign" as const });

export const comparison = (floor: number, change: Partial<ModelComparison> = {}): ModelComparison => ({
  against: MODEL_VIEW.identity,
  floor,
  pictures: [
    { picture: { kind: "phantom", name: "marked_naevus" }, truth: null, old: opinion("nv", 0.08), new: opinion("nv", 0.1) },
    { picture: { kind: "photograph", number: 1 }, truth: "mel", old: opinion("mel", 0.9), new: opinion("nv", 0.41) },
  ],
  same_class: 1,
  same_band: 2,
  largest_shift: 0.49,
  recall: [
    { code: "bcc", cases: 1, old: 1, new: 1, too_few: true, below_floor: false },
    { code: "mel", cases: 4, old: 1, new: 0.25, too_few: false, below_floor: 0.25 < floor },
  ],
  left_out: 0,
  ...change,
});

const version = (change: Partial<ModelVersionView>): ModelVersionView => ({
  id: null,
  identity: MODEL_VIEW.identity,
  state: "active",
  bytes: null,
  added_by_name: null,
  added_at: null,
  checked_at: null,
  trial: null,
  refusal: null,
  compared_at: null,
  comparison: null,
  comparison_counts: false,
  retired_at: null,
  not_named: [],
  card: {
    labels: LABELS,
    trained_on: "2026-11-01",
    licence: "CC BY 4.0",
    metrics: { balanced_accuracy: 0.81 },
    limits: [],
    novelty: true,
    prediction_set: true,
    likeness: true,
  },
  problem: null,
  ...change,
});

/** Versions of the classifier as the core has them. */
export class FakeModels {
  versions: ModelVersionView[] = [version({})];
  history: ModelRegistryView["history"] = [];
  previous: string | null | undefined = undefined;
  analysesOn = true;
  /** What the file dialog says; null when it is cancelled. */
  picked: ModelFilesView | null = null;
  /** How the next trial ends. */
  refusal: ModelRefusal | null = null;
  hold = false;
  held: (() => void) | null = null;
  stopped = false;
  golden: { image_id: string; true_class: string | null }[] = [
    { image_id: "image-golden-1", true_class: "mel" },
    { image_id: "image-golden-2", true_class: null },
  ];

  /** A version in the list, without going through the dialog. */
  add(change: Partial<ModelVersionView> = {}): ModelVersionView {
    const card = version({}).card;
    const made = version({
      id: `version-${this.versions.length}`,
      identity: { name: "resnet-50", version: String(this.versions.length), sha256: "ab".repeat(32) },
      state: "candidate",
      bytes: 94_000_000,
      added_by_name: "Ada Okonkwo",
      added_at: NOW,
      card: card && { ...card, novelty: false, prediction_set: false, likeness: false },
      ...change,
    });
    this.versions.push(made);
    return made;
  }
}

type Names =
  | "model_version_list"
  | "model_files_pick"
  | "model_upload"
  | "model_check"
  | "model_compare"
  | "model_compare_cancel"
  | "model_activate"
  | "model_roll_back"
  | "model_retire"
  | "golden_set_read"
  | "golden_image_mark"
  | "golden_image_unmark";

export function modelHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
  progress: (step: ModelCompareProgress) => void,
): Pick<Handlers, Names> {
  const { models } = clinic;
  const may = () => {
    if (open().role !== "administrator") throw fail("not_permitted");
  };
  const proves = (password: string) => {
    may();
    if (password !== clinic.password) throw fail("invalid_credentials");
  };
  const refused = (reason: string): AppError => fail("model_refused", { reason, names: [], expected: null, found: null });
  const find = (id: string | null): ModelVersionView => {
    const found = models.versions.find((one) => one.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  const list = (): ModelRegistryView => ({
    versions: models.versions,
    history: models.history,
    can_roll_back: models.previous !== undefined,
    comparing: models.held !== null,
    analyses_on: models.analysesOn,
    golden_images: models.golden.filter((image) => image.true_class !== null).length,
    least_cases: 3,
  });
  const changeOver = (id: string | null, rolledBack: boolean): ModelRegistryView => {
    const from = models.versions.find((one) => one.state === "active");
    for (const one of models.versions) if (one.state === "previous") one.state = "checked";
    if (from) from.state = "previous";
    const to = find(id);
    to.state = "active";
    to.not_named = (to.comparison?.recall ?? []).filter((row) => row.below_floor).map((row) => row.code);
    models.previous = from?.id ?? null;
    for (const one of models.versions) one.comparison_counts = false;
    const name = to.id === null ? "" : `${to.identity?.name} ${to.identity?.version}`;
    models.history.unshift({ id, name, rolled_back: rolledBack, by_name: "Ada Okonkwo", at: NOW });
    return list();
  };
  const golden = () => ({
    images: models.golden.map((image) => ({ ...image, imported_at: NOW, morphology: "8743/3", behaviour: "malignant" as const })),
    classes: LABELS,
    most: 500,
  });
  const mark = (image_id: string, true_class: string | null) => {
    may();
    const image = models.golden.find((one) => one.image_id === image_id);
    if (!image) throw fail("not_found");
    image.true_class = true_class;
    return golden();
  };
  return {
    model_version_list: () => (may(), list()),
    model_files_pick: () => (may(), models.picked),
    model_upload: ({ form }) => {
      may();
      if (models.picked === null) throw fail("not_found");
      const name = form ? { name: form.name, version: form.version, sha256: "cd".repeat(32) } : undefined;
      return models.add(name ? { identity: name } : {});
    },
    model_check: ({ id }) => {
      may();
      const found = find(id);
      found.checked_at = NOW;
      found.refusal = models.refusal;
      found.trial = models.refusal ? null : trial();
      found.state = models.refusal ? "candidate" : "checked";
      return found;
    },
    model_compare: async ({ id, recall_floor }) => {
      may();
      models.stopped = false;
      progress({ done: 2, of: 7 });
      if (models.hold) await new Promise<void>((go) => (models.held = go));
      models.held = null;
      const found = find(id);
      if (!models.stopped) Object.assign(found, { compared_at: NOW, comparison: comparison(recall_floor), comparison_counts: true });
      return found;
    },
    model_compare_cancel: () => {
      may();
      models.stopped = true;
      models.held?.();
      return null;
    },
    model_activate: ({ id, password }) => {
      proves(password);
      if (id !== null && !find(id).comparison_counts) throw refused("not_compared");
      return changeOver(id, false);
    },
    model_roll_back: ({ password }) => {
      proves(password);
      if (models.previous === undefined) throw refused("nothing_before");
      return changeOver(models.previous, true);
    },
    model_retire: ({ id, password }) => {
      proves(password);
      const found = find(id);
      if (found.state === "active") throw fail("conflict");
      Object.assign(found, { state: "retired", retired_at: NOW });
      return list();
    },
    golden_set_read: () => (may(), golden()),
    golden_image_mark: ({ image_id, true_class }) => mark(image_id, true_class),
    golden_image_unmark: ({ image_id }) => mark(image_id, null),
  };
}
