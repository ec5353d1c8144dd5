import type { DicomSelection, LesionId, LesionView, PatientId } from "$ipc";

/** What of a patient goes along. */
export class DicomChoice {
  readonly lesions: readonly LesionView[];
  which = $state<"all" | "some">("all");
  chosen = $state<LesionId[]>([]);
  reports = $state(true);
  readings = $state(true);

  /** Lesions entered in error do not leave, and without a photograph there is nothing to send. */
  constructor(lesions: readonly LesionView[]) {
    this.lesions = lesions.filter(({ lesion, images }) => lesion.closure?.reason !== "entered_in_error" && images.length > 0);
  }

  /** Nothing that could leave was chosen. */
  get empty(): boolean {
    return this.#going().length === 0;
  }

  /** Readings that nobody has committed an impression on. */
  get withheld(): number {
    return this.#going().reduce((sum, { withheld }) => sum + withheld.length, 0);
  }

  #going(): readonly LesionView[] {
    return this.which === "all" ? this.lesions : this.lesions.filter(({ lesion }) => this.chosen.includes(lesion.id));
  }

  selection(patient_id: PatientId): DicomSelection {
    const lesion_ids = this.which === "all" ? null : $state.snapshot(this.chosen);
    return { patient_id, lesion_ids, reports: this.reports, readings: this.readings };
  }
}
