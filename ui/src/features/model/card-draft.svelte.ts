import type { FieldProblem, Malignancy, ModelCardForm } from "$ipc";

type Label = { code: string; name: string; malignancy: Malignancy };
const NUMBERS = ["scale", "temperature", "inconclusive_below", "strong_at", "suspicious_sum_at", "malignant_sum_at"] as const;
const WHOLE = ["width", "height"] as const;
const THREES = ["mean", "std"] as const;
type Typed = (typeof NUMBERS)[number] | (typeof WHOLE)[number] | (typeof THREES)[number];

const isNumber = (text: string): boolean => /^\d+(\.\d+)?(e-?\d+)?$/i.test(text.trim());
const parts = (text: string): string[] => text.trim().split(/\s+/);

/** The card's form as it is typed: numbers are text until they are sent. */
export class CardDraft {
  name = $state("");
  version = $state("");
  trained_on = $state("");
  licence = $state("");
  layout = $state<ModelCardForm["layout"]>("nchw");
  channels = $state<ModelCardForm["channels"]>("rgb");
  crop = $state<ModelCardForm["crop"]>("centre_square");
  output = $state<ModelCardForm["output"]>("logits");
  labels = $state<Label[]>([]);
  typed = $state<Record<Typed, string>>({
    width: "",
    height: "",
    scale: "",
    mean: "",
    std: "",
    temperature: "",
    inconclusive_below: "",
    strong_at: "",
    suspicious_sum_at: "",
    malignant_sum_at: "",
  });
  readonly #from: ModelCardForm;

  constructor(from: ModelCardForm) {
    this.#from = from;
    ({ name: this.name, version: this.version, trained_on: this.trained_on, licence: this.licence } = from);
    ({ layout: this.layout, channels: this.channels, crop: this.crop, output: this.output } = from);
    this.labels = from.labels.map((label) => ({ ...label }));
    for (const field of [...NUMBERS, ...WHOLE]) this.typed[field] = String(from[field]);
    for (const field of THREES) this.typed[field] = from[field].join(" ");
  }

  add(): void {
    this.labels.push({ code: "", name: "", malignancy: "benign" });
  }

  remove(at: number): void {
    this.labels.splice(at, 1);
  }

  problems(): FieldProblem[] {
    const found: FieldProblem[] = [];
    for (const field of ["name", "version"] as const) if (this[field].trim() === "") found.push({ field: `card_${field}`, code: "required" });
    for (const field of NUMBERS) if (!isNumber(this.typed[field])) found.push({ field: `card_${field}`, code: "not_allowed" });
    for (const field of WHOLE) if (!/^\d{1,4}$/.test(this.typed[field].trim())) found.push({ field: `card_${field}`, code: "not_allowed" });
    for (const field of THREES) {
      const three = parts(this.typed[field]);
      if (three.length !== 3 || !three.every(isNumber)) found.push({ field: `card_${field}`, code: "not_allowed" });
    }
    this.labels.forEach((label, at) => {
      if (label.code.trim() === "") found.push({ field: `card_code_${at}`, code: "required" });
    });
    return found;
  }

  form(): ModelCardForm {
    const three = (field: (typeof THREES)[number]): [number, number, number] => {
      const [a, b, c] = parts(this.typed[field]).map(Number);
      return [a ?? 0, b ?? 0, c ?? 0];
    };
    return {
      ...this.#from,
      name: this.name.trim(),
      version: this.version.trim(),
      trained_on: this.trained_on.trim(),
      licence: this.licence.trim(),
      width: Number(this.typed.width),
      height: Number(this.typed.height),
      layout: this.layout,
      channels: this.channels,
      crop: this.crop,
      scale: Number(this.typed.scale),
      mean: three("mean"),
      std: three("std"),
      output: this.output,
      labels: this.labels.map((label) => ({ ...label, code: label.code.trim(), name: label.name.trim() || label.code.trim() })),
      temperature: Number(this.typed.temperature),
      inconclusive_below: Number(this.typed.inconclusive_below),
      strong_at: Number(this.typed.strong_at),
      suspicious_sum_at: Number(this.typed.suspicious_sum_at),
      malignant_sum_at: Number(this.typed.malignant_sum_at),
    };
  }
}
