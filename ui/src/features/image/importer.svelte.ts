import { type ImageKind, type ImageRecord, importImage, type LesionId, toAppError } from "$ipc";
import { countEntries, type ImportEntry, outcomeOf } from "./queue";

/** Files of one lesion page on their way into the record, one after the other. */
export class Importer {
  entries = $state<ImportEntry[]>([]);
  counts = $derived(countEntries(this.entries));
  running = $derived(this.counts.done < this.counts.total);
  #next = 1;
  #chain: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(
    private readonly lesionId: LesionId,
    private readonly onImported: (image: ImageRecord) => void,
  ) {}

  add(files: readonly { file: File; name: string }[], kind: ImageKind): void {
    for (const { file, name } of files) {
      const key = this.#next++;
      this.entries.push({ key, name, state: "waiting", error: null, warnings: 0 });
      this.#chain = this.#chain.then(() => this.#import(key, file, kind));
    }
  }

  clear(): void {
    this.entries = this.entries.filter((entry) => entry.state === "waiting" || entry.state === "reading");
  }

  /** The page is left: what has not been sent yet is dropped. */
  end(): void {
    this.#ended = true;
    this.entries = [];
  }

  #set(key: number, change: Partial<ImportEntry>): void {
    const entry = this.entries.find((candidate) => candidate.key === key);
    if (entry) Object.assign(entry, change);
  }

  async #import(key: number, file: File, kind: ImageKind): Promise<void> {
    if (this.#ended) return;
    this.#set(key, { state: "reading" });
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const result = await importImage({ lesion_id: this.lesionId, kind }, bytes);
      this.#set(key, outcomeOf(result));
      if (!this.#ended) this.onImported(result.image);
    } catch (reason) {
      this.#set(key, { state: "rejected", error: toAppError(reason) });
    }
  }
}
