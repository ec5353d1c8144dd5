import { SvelteMap } from "svelte/reactivity";
import { toasts } from "$components";
import { formatCount, m } from "$i18n";
import {
  addToTray,
  call,
  type Doubt,
  type ImageKind,
  type ImageRecord,
  type LesionId,
  type PatientId,
  previewPhoto,
  toAppError,
  type TrayAdded,
  type TrayAddRequest,
} from "$ipc";
import type { Incoming } from "./files";
import { blank, countEntries, type ImportCounts, type ImportEntry, NONE, outcomeOf, recount } from "./queue";
import { importResults } from "./results";

/** Longer lists show no pictures of what comes in. */
const MOST_PREVIEWS = 300;

type Work = { file: Incoming; kind: ImageKind | null };

/** Files on their way into a patient's record, one after the other: to the tray, or to one lesion. */
export class Importer {
  /** Replaced and never changed in place: there may be thousands, of which few are in sight. */
  entries = $state.raw<readonly ImportEntry[]>([]);
  #work = new SvelteMap<number, Work>();
  #queue: number[] = [];
  counts = $state.raw<ImportCounts>(NONE);
  running = $derived(this.counts.done < this.counts.total);
  #next = 1;
  #busy = false;
  #ended = false;
  readonly #session = importResults.session;
  readonly #place: string;

  constructor(
    private readonly patientId: PatientId,
    private readonly lesionId: LesionId | null,
    private readonly onTaken: (images: ImageRecord[]) => void,
  ) {
    this.#place = `${patientId}/${lesionId ?? "tray"}`;
    // What became of the files of an earlier visit to the page.
    this.#show(importResults.take(this.#place).map((result) => ({ ...result, key: this.#next++ })));
  }

  /** `kind` is what a person says; without it the pixels propose one. */
  add(files: readonly Incoming[], kind: ImageKind | null): void {
    const added = files.map((file) => {
      const key = this.#next++;
      this.#work.set(key, { file, kind });
      this.#queue.push(key);
      return blank(key, file.name);
    });
    this.#show([...this.entries, ...added]);
    void this.#run();
  }

  /** What has not begun is left out. */
  cancel(): void {
    for (const key of this.#queue.splice(0)) this.#work.delete(key);
    this.#show(this.entries.map((entry) => (entry.state === "waiting" ? { ...entry, state: "cancelled" } : entry)));
  }

  /** A person takes a file in although something speaks against it. */
  accept(key: number): void {
    const entry = this.entries[this.#at(key)];
    const work = this.#work.get(key);
    if (!entry || !work) return;
    const accepted = entry.doubts.map(({ doubt }) => doubt);
    void this.#one(key, work, accepted);
  }

  leave(key: number): void {
    this.#work.delete(key);
    this.#set(key, { state: "left" });
  }

  clear(): void {
    const stays = ({ state }: ImportEntry): boolean => state === "waiting" || state === "reading" || state === "asked";
    this.entries.filter((entry) => !stays(entry)).forEach((entry) => this.#forget(entry));
    this.#show(this.entries.filter(stays));
  }

  /** The page is left: what has not been sent yet is dropped, and that is said. Results wait for the next visit. */
  end(): void {
    if (this.#ended) return;
    const dropped: Partial<Record<ImportEntry["state"], ImportEntry["state"]>> = { waiting: "cancelled", asked: "left" };
    const results = this.entries.filter(({ state }) => state !== "reading").map((entry) => ({ ...entry, state: dropped[entry.state] ?? entry.state }));
    importResults.keep(this.#session, this.#place, results);
    this.#missed(this.entries.filter(({ state }) => state === "waiting" || state === "asked").length);
    this.#ended = true;
    this.#queue = [];
    this.#work.clear();
    this.entries.forEach((entry) => this.#forget(entry));
    this.#show([]);
  }

  #missed(count: number): void {
    if (count > 0) toasts.say(m.import_missed({ count, shown: formatCount(count) }), "error");
  }

  #forget(entry: ImportEntry): void {
    if (entry.preview !== null) URL.revokeObjectURL(entry.preview);
  }

  #show(entries: readonly ImportEntry[]): void {
    this.entries = entries;
    this.counts = countEntries(entries);
  }

  /** Where the entry of a key stands, or -1; keys rise along the list. */
  #at(key: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle]?.key ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return this.entries[low]?.key === key ? low : -1;
  }

  #set(key: number, change: Partial<ImportEntry>): void {
    const place = this.#at(key);
    const entry = this.entries[place];
    if (!entry) return;
    const after = { ...entry, ...change };
    this.entries = this.entries.with(place, after);
    this.counts = recount(this.counts, entry, after);
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let key = this.#queue.shift(); key !== undefined; key = this.#queue.shift()) {
      const work = this.#work.get(key);
      if (work) await this.#one(key, work, []);
    }
    this.#busy = false;
  }

  async #one(key: number, work: Work, accepted: Doubt[]): Promise<void> {
    const about: TrayAddRequest = {
      patient_id: this.patientId,
      lesion_id: this.lesionId,
      kind: work.kind,
      source: work.file.source,
      accepted,
    };
    this.#set(key, { state: "reading" });
    const name = work.file.name;
    try {
      const answer = await this.#send(key, work.file, about);
      if (answer.outcome === "taken") this.#work.delete(key);
      const entry = outcomeOf(answer);
      this.#set(key, entry);
      if (this.#ended) this.#late({ ...blank(key, name), ...entry });
      if (this.#ended && entry.state === "asked") this.#missed(1);
      if (!this.#ended && answer.outcome === "taken") {
        this.onTaken(answer.photos.flatMap(({ image }) => (image === null ? [] : [image])));
      }
    } catch (reason) {
      this.#work.delete(key);
      const refused = { state: "rejected", error: toAppError(reason) } as const;
      if (this.#ended) {
        this.#late({ ...blank(key, name), ...refused });
        this.#missed(1);
      }
      this.#set(key, refused);
    }
  }

  /** A file that was under way while the page was left has its result, too. */
  #late(entry: ImportEntry): void {
    const state = entry.state === "asked" ? "left" : entry.state;
    importResults.keep(this.#session, this.#place, [{ ...entry, state }]);
  }

  async #send(key: number, file: Incoming, about: TrayAddRequest): Promise<TrayAdded> {
    if ("offer" in file) return call("offer_take", { ...file.offer, about });
    const bytes = await read(file);
    if (this.entries.length <= MOST_PREVIEWS && this.entries[this.#at(key)]?.preview === null) await this.#preview(key, bytes);
    return addToTray(about, bytes);
  }

  /** Before a photograph is judged and sealed it shows itself. One that gives no picture is refused in a moment. */
  async #preview(key: number, bytes: Uint8Array): Promise<void> {
    try {
      const jpeg = await previewPhoto(bytes);
      if (jpeg.byteLength > 0 && !this.#ended) {
        this.#set(key, { preview: URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" })) });
      }
    } catch {
      // The import itself says why.
    }
  }
}

/** A file of a drop that went away since, as with a share that was taken off. */
async function read(file: { read: () => Promise<Uint8Array> }): Promise<Uint8Array> {
  try {
    return await file.read();
  } catch (reason) {
    const denied = reason instanceof DOMException && (reason.name === "NotAllowedError" || reason.name === "SecurityError");
    const error = { code: denied ? "file_denied" : "file_gone", message: "", details: {} };
    throw error;
  }
}
