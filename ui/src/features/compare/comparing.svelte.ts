import { type AppError, call, type ComparisonStep, type ComparisonView, type ImageId, type ImageRecord, toAppError } from "$ipc";

const dayOf = (image: ImageRecord): string => new Date(image.imported_at).toDateString();

/** A photograph of the newest day and the newest of the same kind from an earlier one; the images come newest first. */
export function proposedPair(images: readonly ImageRecord[]): { earlier: ImageId; later: ImageId } | null {
  const [newest, second] = images;
  if (!newest || !second) return null;
  const before = images.filter((image) => dayOf(image) !== dayOf(newest));
  const today = images.filter((image) => dayOf(image) === dayOf(newest));
  // Dermoscopy lies over dermoscopy and not over a close-up.
  for (const later of today) {
    const alike = before.find((image) => image.kind === later.kind);
    if (alike) return { earlier: alike.id, later: later.id };
  }
  return { earlier: (before[0] ?? second).id, later: newest.id };
}

/** One pair of photographs: chosen, found on record or compared, shown. */
export class Comparing {
  view = $state.raw<ComparisonView | null>(null);
  failure = $state<AppError | null>(null);
  step = $state<ComparisonStep | null>(null);
  #asked = 0;

  async open(earlier: ImageId, later: ImageId, compares: boolean): Promise<void> {
    const asked = ++this.#asked;
    this.view = null;
    this.failure = null;
    this.step = "opening";
    const request = { earlier_id: earlier, later_id: later };
    try {
      let found = await call("comparison_read", request);
      if (found === null && compares && asked === this.#asked) {
        const onProgress = ({ step }: { step: ComparisonStep }): void => {
          if (asked === this.#asked && this.step !== null) this.step = step;
        };
        found = await call("comparison_start", request, { onProgress });
      }
      if (asked === this.#asked) this.view = found;
    } catch (reason) {
      if (asked === this.#asked) this.failure = toAppError(reason);
    }
    if (asked === this.#asked) this.step = null;
  }

  /** Whatever still comes belongs to a page that is gone. */
  end(): void {
    this.#asked++;
  }
}
