import { type AppError, type BackupId, type BackupListView, type BackupProgress, type BackupRunView, type BackupView, call, onRecordChanged, toAppError } from "$ipc";

/** How often work is asked about that another page began; one that is stopped ends without a word. */
const ASK_AGAIN_MS = 2_000;

type Work = { kind: "backup" } | { kind: "drill"; id: BackupId };

/** How the clinic stands with its backups, and the work on them that this window waits for. */
export class BackupDesk {
  view = $state.raw<BackupView | null>(null);
  failure = $state.raw<AppError | null>(null);
  list = $state.raw<BackupListView | null>(null);
  listFailure = $state.raw<AppError | null>(null);
  work = $state.raw<Work | null>(null);
  progress = $state.raw<BackupProgress | null>(null);
  stopping = $state(false);
  /** What came of the last work. */
  done = $state.raw<{ work: Work; run: BackupRunView } | null>(null);
  refused = $state.raw<AppError | null>(null);
  /** Whether the drive is asked as well. */
  readonly #looks: boolean;

  constructor({ looks }: { looks: boolean }) {
    this.#looks = looks;
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      this.show(await call("backup_read"));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  /** Work that somebody else began, or this window before its page was left; the core tells its end. */
  get elsewhere(): boolean {
    return this.work === null && (this.view?.running ?? false);
  }

  /** The core says when a backup came to its end, also one that was planned. */
  listen(): () => void {
    void this.load();
    const end = onRecordChanged(({ what }) => {
      if (what === "backup" && this.work === null) void this.load();
    });
    const beat = setInterval(() => {
      if (this.elsewhere) void this.load();
    }, ASK_AGAIN_MS);
    return () => {
      end();
      clearInterval(beat);
    };
  }

  /** A drive may take its time. */
  async look(): Promise<void> {
    this.listFailure = null;
    try {
      this.list = await call("backup_list");
    } catch (reason) {
      this.list = null;
      this.listFailure = toAppError(reason);
    }
  }

  show(view: BackupView): void {
    const moved = view.folder !== this.view?.folder || view.last?.backup_id !== this.view?.last?.backup_id;
    this.view = view;
    if (this.work === null && !view.running) this.stopping = false;
    if (this.#looks && view.folder !== null && moved) void this.look();
  }

  async chooseFolder(): Promise<void> {
    const view = await call("backup_folder_choose");
    if (view) this.show(view);
  }

  backUp(): Promise<void> {
    return this.#run({ kind: "backup" }, (onProgress) => call("backup_start", null, { onProgress }));
  }

  drill(id: BackupId): Promise<void> {
    return this.#run({ kind: "drill", id }, (onProgress) => call("backup_drill", { id }, { onProgress }));
  }

  async stop(): Promise<void> {
    if ((this.work === null && !this.elsewhere) || this.stopping) return;
    this.stopping = true;
    try {
      await call("backup_cancel");
    } catch (reason) {
      this.refused = toAppError(reason);
      this.stopping = false;
    }
  }

  async #run(work: Work, ask: (onProgress: (step: BackupProgress) => void) => Promise<BackupRunView>): Promise<void> {
    if (this.work !== null) return;
    this.work = work;
    this.progress = null;
    this.done = null;
    this.refused = null;
    this.stopping = false;
    try {
      this.done = { work, run: await ask((step) => (this.progress = step)) };
    } catch (reason) {
      this.refused = toAppError(reason);
    }
    this.work = null;
    await this.load();
  }
}
