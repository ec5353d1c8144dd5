import { tick } from "svelte";
import { toasts } from "$components";
import { importResults } from "$features/image/results";
import { speech } from "$i18n";
import { type AppError, type AppStatus, call, type PatientViewing, type RecoverySheetView, type SessionView, toAppError } from "$ipc";
import { drafts } from "./drafts.svelte";
import { navigation } from "./route.svelte";

type Stage = "starting" | "failed" | AppStatus["stage"];
/** What the sign-in screen tells of how one got there. */
export type Farewell = "locked" | "view_ended" | null;

/** Stage of the window and the session it shows. Whatever ends the session goes through `leave`. */
export class AppState {
  stage = $state<Stage>("starting");
  session = $state.raw<SessionView | null>(null);
  /** What a patient looks at. */
  viewing = $state.raw<PatientViewing | null>(null);
  status = $state.raw<AppStatus | null>(null);
  failure = $state<AppError | null>(null);
  /** Sign-in name of the session that was locked. */
  lockedEmail = $state<string | null>(null);
  farewell = $state<Farewell>(null);
  /** Why a sign-in under way ended. */
  refusal = $state.raw<AppError | null>(null);
  /** The recovery sheet of new keys, until it is kept or the session ends. */
  sheet = $state.raw<RecoverySheetView | null>(null);
  /** Counts the screens left for good, so that none of them outlives its session. */
  visit = $state(0);

  async start(): Promise<void> {
    this.failure = null;
    try {
      this.status = await call("app_status");
      if (this.status.stage === "patient_view") this.viewing = await call("patient_view_read");
      if (this.status.session) await this.enter(this.status.session);
      else this.stage = this.status.stage;
    } catch (reason) {
      this.failure = toAppError(reason);
      this.stage = "failed";
    }
    await tick();
    document.documentElement.dataset.ready = "true";
    // The core shows the window now; should it not hear this, it shows it by itself a little later.
    call("app_ready").catch(() => undefined);
  }

  /** The session is open while the screen before it still has something to show, such as a recovery sheet. */
  created(session: SessionView): void {
    this.session = session;
  }

  /** Opens the desk, with the form that a lock interrupted if there is one. */
  async enter(session: SessionView | null = this.session): Promise<void> {
    if (session === null) return;
    this.session = session;
    // Before the drafts are read: dates in them are typed in its order.
    speech.follow(session.language);
    const interrupted = session.duty === null ? await drafts.restore() : null;
    // It may have ended while the drafts were read.
    if (this.session === null) return;
    // Whoever is signed in already stays where they are.
    if (this.stage !== "signed_in") navigation.start(session.role, interrupted);
    this.lockedEmail = null;
    this.farewell = null;
    this.refusal = null;
    this.stage = "signed_in";
  }

  /** A right password that waits for its second factor. */
  challenge(): void {
    this.refusal = null;
    this.stage = "second_factor";
  }

  /** Back to the password. */
  async restart(reason: AppError | null): Promise<void> {
    this.refusal = reason;
    this.stage = "sign_in";
    await call("session_abandon").catch(() => undefined);
  }

  /** Who is signed in by now: roles, duties and waiting work may have changed. */
  async refresh(): Promise<void> {
    try {
      const session = await call("session_read");
      if (this.session === null) return;
      const freed = this.session.duty !== null && session.duty === null;
      this.session = session;
      speech.follow(session.language);
      if (freed) await this.enter();
    } catch {
      // A refusal that ends the session goes through its listener; anything else may pass by.
    }
  }

  view(viewing: PatientViewing): void {
    this.viewing = viewing;
    this.lockedEmail = null;
    this.stage = "patient_view";
  }

  async endView(): Promise<void> {
    if (this.viewing === null) return;
    this.#clear("view_ended");
    await call("patient_view_close").catch(() => undefined);
  }

  async lock(): Promise<void> {
    await drafts.flush();
    try {
      await call("session_lock");
    } catch {
      // Even when the core cannot answer, nothing stays on the screen.
    }
    this.leave(true);
  }

  async signOut(): Promise<void> {
    try {
      await call("session_sign_out");
    } catch {
      // As with the lock: the screen is cleared in any case.
    }
    this.leave(false);
  }

  /** The clinic has new keys; their recovery sheet is shown before anything else goes on. */
  rekeyed(sheet: RecoverySheetView): void {
    // Nobody finds it on the screen who came after a lock.
    if (this.session !== null) this.sheet = sheet;
  }

  sheetKept(): void {
    this.sheet = null;
  }

  /** Everything of the session goes: every screen is unmounted and holds nothing outside itself. */
  leave(locked: boolean): void {
    if (this.viewing !== null) this.#clear("view_ended");
    if (this.session === null) return;
    this.lockedEmail = locked ? this.session.email : null;
    this.#clear(locked ? "locked" : null);
  }

  #clear(farewell: Farewell): void {
    this.session = null;
    this.viewing = null;
    this.sheet = null;
    this.farewell = farewell;
    this.refusal = null;
    this.stage = "sign_in";
    this.visit++;
    speech.follow(null);
    drafts.clear();
    importResults.clear();
    navigation.reset();
    toasts.clear();
  }
}
