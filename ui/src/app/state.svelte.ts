import { tick } from "svelte";
import { toasts } from "$components";
import { type AppError, type AppStatus, call, type SessionView, toAppError } from "$ipc";
import { navigation } from "./route.svelte";

type Stage = "starting" | "failed" | AppStatus["stage"];

/** Stage of the window and the session it shows. Whatever ends the session goes through `leave`. */
export class AppState {
  stage = $state<Stage>("starting");
  session = $state.raw<SessionView | null>(null);
  status = $state.raw<AppStatus | null>(null);
  failure = $state<AppError | null>(null);
  /** Sign-in name of the session that was locked. */
  lockedEmail = $state<string | null>(null);

  async start(): Promise<void> {
    this.failure = null;
    try {
      this.status = await call("app_status");
      this.session = this.status.session;
      this.stage = this.status.stage;
    } catch (reason) {
      this.failure = toAppError(reason);
      this.stage = "failed";
    }
    await tick();
    document.documentElement.dataset.ready = "true";
    // The core shows the window now; should it not hear this, it shows it by itself a little later.
    call("app_ready").catch(() => undefined);
  }

  /** First run has founded the clinic: the session is open, the wizard still shows the sheet. */
  created(session: SessionView): void {
    this.session = session;
  }

  enter(session: SessionView | null = this.session): void {
    if (session === null) return;
    this.session = session;
    this.lockedEmail = null;
    this.stage = "signed_in";
  }

  async lock(): Promise<void> {
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

  /** Everything of the session goes: every screen is unmounted and holds nothing outside itself. */
  leave(locked: boolean): void {
    if (this.session === null) return;
    this.lockedEmail = locked ? this.session.email : null;
    this.session = null;
    this.stage = "sign_in";
    navigation.reset();
    toasts.clear();
  }
}
