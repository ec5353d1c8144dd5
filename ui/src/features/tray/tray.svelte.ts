import {
  type AppError,
  call,
  type ImageKind,
  type ImageRecord,
  type LesionId,
  onRecordChanged,
  type PatientId,
  toAppError,
  type TrayPhoto,
  type TrayPhotoId,
  type TrayView,
  type VisitId,
} from "$ipc";
import { setOf } from "./ids";

const GATHER_MS = 200;
/** Most that the core changes at once. */
const MOST = 200;

/** Photographs of one patient that wait, and those of them that are chosen. */
export class TrayWork {
  view = $state.raw<TrayView | null>(null);
  failure = $state.raw<AppError | null>(null);
  chosen = $state.raw<readonly TrayPhotoId[]>([]);
  busy = $state(false);
  /** What was given to lesions since the page was opened, to be analysed next. */
  given = $state.raw<readonly ImageRecord[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly patientId: PatientId) {}

  photos = $derived<readonly TrayPhoto[]>(this.view?.photos ?? []);
  #chosen = $derived(setOf(this.chosen));
  chosenPhotos = $derived(this.photos.filter(({ id }) => this.#chosen.has(id)));

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.view = await call("tray_list", { patient_id: this.patientId });
      this.failure = null;
      const here = setOf(this.view.photos.map(({ id }) => id));
      this.chosen = this.chosen.filter((id) => here.has(id));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  listen(): () => void {
    void this.load();
    const end = onRecordChanged((change) => {
      if (change.what !== "tray" || change.id !== this.patientId) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), GATHER_MS);
    });
    return () => {
      end();
      clearTimeout(this.#timer);
    };
  }

  isChosen(id: TrayPhotoId): boolean {
    return this.#chosen.has(id);
  }

  toggle(id: TrayPhotoId): void {
    this.chosen = this.isChosen(id) ? this.chosen.filter((other) => other !== id) : [...this.chosen, id];
  }

  /** Everything between two photographs, ends included. */
  extend(from: TrayPhotoId, to: TrayPhotoId): void {
    const ids = this.photos.map(({ id }) => id);
    const [a, b] = [ids.indexOf(from), ids.indexOf(to)].sort((one, other) => one - other);
    this.chosen = [...setOf([...this.chosen, ...ids.slice(a, (b ?? 0) + 1)])];
  }

  all(): void {
    this.chosen = this.photos.map(({ id }) => id);
  }

  none(): void {
    this.chosen = [];
  }

  assign(lesionId: LesionId, visitId: VisitId | null): Promise<ImageRecord[] | null> {
    return this.#each(async (ids) => {
      const images = await call("tray_assign", { ids, lesion_id: lesionId, visit_id: visitId });
      this.given = [...this.given, ...images];
      return images;
    });
  }

  changeKind(kind: ImageKind): Promise<TrayPhoto[] | null> {
    return this.#each((ids) => call("tray_kind_change", { ids, kind }));
  }

  async discard(reason: string): Promise<void> {
    for (const ids of this.#parts()) await call("tray_discard", { ids, reason });
    await this.load();
  }

  #parts(): TrayPhotoId[][] {
    const ids = this.chosenPhotos.map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / MOST) }, (_, part) => ids.slice(part * MOST, (part + 1) * MOST));
  }

  async #each<T>(work: (ids: TrayPhotoId[]) => Promise<T[]>): Promise<T[] | null> {
    this.busy = true;
    this.failure = null;
    let failure: AppError | null = null;
    const done: T[] = [];
    try {
      for (const ids of this.#parts()) done.push(...(await work(ids)));
    } catch (reason) {
      failure = toAppError(reason);
    }
    await this.load();
    this.failure ??= failure;
    this.busy = false;
    return failure === null ? done : null;
  }
}
