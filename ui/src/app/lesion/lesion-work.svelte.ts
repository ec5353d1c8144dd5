import { toasts } from "$components";
import { AnalysisRun } from "$features/analysis/run.svelte";
import { Importer } from "$features/image/importer.svelte";
import { m } from "$i18n";
import type { AnalysisId, ImageId, ImageRecord, JobView, LesionId } from "$ipc";
import { drafts } from "../drafts.svelte";
import type { OpenPatient } from "../open-patient.svelte";
import { ShownReading } from "../shown-reading.svelte";

export const MOST_PHOTOS = 3;

/** What forms of a lesion without a reading are about; a lesion's own forms are about the lesion. */
export const unread = (id: LesionId): string => `unread-${id}`;

/** What is chosen, shown and under way on the screen of one lesion; its parts share it. */
export class LesionWork {
  readonly reading = new ShownReading();
  readonly run: AnalysisRun;
  readonly importer: Importer;
  chosen = $state<ImageId[]>([]);
  shownId = $state<ImageId | null>(null);
  /** The reading that a report is being written on; it stays that one, whatever is read meanwhile. */
  writingId = $state<AnalysisId | null>(null);
  /** A reading that came while somebody was typing. */
  cameId = $state<AnalysisId | null>(null);
  #ended = false;

  constructor(
    private readonly open: OpenPatient,
    readonly lesionId: LesionId,
  ) {
    this.run = new AnalysisRun((id) => void this.#finished(id));
    this.importer = new Importer(open.id, lesionId, (images) => this.#imported(images));
  }

  /** Follows what already runs; the answer ends it. */
  begin(images: readonly ImageRecord[], running: JobView | undefined): () => void {
    const [only] = images;
    if (only && images.length === 1) this.chosen = [only.id];
    if (running) this.run.follow(running);
    const end = this.run.listen();
    return () => {
      this.#ended = true;
      end();
      this.importer.end();
    };
  }

  /** An impression was committed: the reading may be shown now. */
  async reveal(id: AnalysisId): Promise<void> {
    await this.open.load();
    if (!this.#ended) await this.show(id);
  }

  /** Something about the lesion changed that the page of the patient tells too. */
  async refresh(): Promise<void> {
    await this.open.load();
  }

  /** True once it is on the screen. */
  async show(id: AnalysisId): Promise<boolean> {
    // What was typed about the lesion goes on with its first reading.
    if (this.reading.id === null) {
      drafts.inherit(unread(this.lesionId), id, { name: "lesion", patientId: this.open.id, lesionId: this.lesionId, analysisId: id });
    }
    const loaded = await this.reading.show(id);
    const first = loaded?.analysis.image_ids[0];
    if (loaded && first && !loaded.analysis.image_ids.includes(this.shownId ?? "")) this.shownId = first;
    return loaded !== null;
  }

  pick(id: ImageId, add: boolean): void {
    const others = this.chosen.filter((other) => other !== id);
    if (!add) this.chosen = others;
    else if (others.length < MOST_PHOTOS) this.chosen = [...others, id];
  }

  async #finished(id: AnalysisId): Promise<void> {
    await this.open.load();
    // Whoever has left does not see the reading, so it must not count as opened.
    if (this.#ended) return;
    if (this.#typing) this.cameId = id;
    else await this.show(id);
    toasts.say(m.analysis_done());
  }

  /** Forms belong to the reading that is shown; another one would put empty ones in their place. */
  get #typing(): boolean {
    return this.writingId !== null || drafts.holds(this.reading.id ?? unread(this.lesionId));
  }

  /** After a photograph was changed or went to another lesion. */
  async reload(): Promise<void> {
    await this.open.load();
    const here = this.open.page?.lesions.find(({ lesion }) => lesion.id === this.lesionId)?.images ?? [];
    this.chosen = this.chosen.filter((id) => here.some((image) => image.id === id));
  }

  #imported(images: ImageRecord[]): void {
    const here = images.filter((image) => image.lesion_id === this.lesionId);
    const newest = here.at(-1);
    if (newest) this.shownId = newest.id;
    for (const image of here) this.pick(image.id, true);
    void this.open.load();
  }
}
