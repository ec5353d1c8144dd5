import {
  type AppError,
  call,
  type ModelCompareProgress,
  type ModelRegistryView,
  type ModelVersionId,
  type ModelVersionView,
  toAppError,
} from "$ipc";

/** What a person is asked to confirm with the password. */
export type Change = { kind: "activate"; version: ModelVersionView } | { kind: "roll_back" } | { kind: "retire"; version: ModelVersionView };

/** The versions of the classifier, and the work on one of them that this window waits for. */
export class ModelsDesk {
  view = $state.raw<ModelRegistryView | null>(null);
  failure = $state.raw<AppError | null>(null);
  /** The version whose details are shown; null is the shipped one. */
  shown = $state.raw<ModelVersionId | null>(null);
  adding = $state(false);
  change = $state.raw<Change | null>(null);
  /** What is under way with the version shown. */
  work = $state<"check" | "compare" | null>(null);
  progress = $state.raw<ModelCompareProgress | null>(null);
  stopping = $state(false);
  refused = $state.raw<AppError | null>(null);

  readonly version = $derived(this.view?.versions.find((version) => version.id === this.shown) ?? null);

  async load(): Promise<void> {
    this.failure = null;
    try {
      const first = this.view === null;
      this.show(await call("model_version_list"));
      if (first) this.shown = this.view?.versions.find((version) => version.state === "active")?.id ?? null;
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  show(view: ModelRegistryView): void {
    this.view = view;
  }

  choose(id: ModelVersionId | null): void {
    this.shown = id;
    this.refused = null;
    this.adding = false;
  }

  /** A version was added: it is shown next. */
  async added(version: ModelVersionView): Promise<void> {
    this.choose(version.id);
    await this.load();
  }

  check(id: ModelVersionId): Promise<void> {
    return this.#run("check", () => call("model_check", { id }));
  }

  compare(id: ModelVersionId, floor: number): Promise<void> {
    return this.#run("compare", () => call("model_compare", { id, recall_floor: floor }, { onProgress: (step) => (this.progress = step) }));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    try {
      await call("model_compare_cancel");
    } catch (reason) {
      this.refused = toAppError(reason);
      this.stopping = false;
    }
  }

  async #run(work: "check" | "compare", ask: () => Promise<ModelVersionView>): Promise<void> {
    if (this.work !== null) return;
    this.work = work;
    this.progress = null;
    this.stopping = false;
    this.refused = null;
    try {
      await ask();
    } catch (reason) {
      this.refused = toAppError(reason);
    }
    this.work = null;
    await this.load();
  }
}
