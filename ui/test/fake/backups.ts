import type { AppError, BackupEntry, BackupListView, BackupPlan, BackupProgress, BackupRunView, BackupStanding, BackupView, RestoreRequest } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { NOW, RECOVERY_GROUPS } from "./samples";

export const backup = (id: string, change: Partial<BackupEntry> = {}): BackupEntry => ({
  id,
  made_at: "2026-11-20T12:00:00Z",
  program: "0.1.0",
  files: 1204,
  bytes: 3_600_000_000,
  newer: false,
  ...change,
});

const run = (id: string | null, change: Partial<BackupRunView> = {}): BackupRunView => ({
  backup_id: id,
  began_at: NOW,
  ended_at: NOW,
  problem: null,
  files: 1204,
  bytes: 3_600_000_000,
  written: 12_000_000,
  missing: 0,
  photographs: 0,
  ...change,
});

/** Backups as the core has them. */
export class FakeBackups {
  folder: string | null = null;
  /** What the folder dialog says; nothing when it is cancelled. */
  picked: string | null = "/media/stick";
  plan: BackupPlan = { rhythm: "off", hour: 12, weekday: 1, newest_kept: 7 };
  standing: BackupStanding = "good";
  last: BackupRunView | null = null;
  lastGood: BackupRunView | null = run("backup-0");
  lastDrill: BackupRunView | null = null;
  sameDisk = false;
  there: BackupEntry[] = [];
  /** How the next work ends. */
  refusal: AppError | null = null;
  missing = 0;
  /** Holds the work under way until it is called, or stopped. */
  held: (() => void) | null = null;
  hold = false;
  stopped = false;
  readonly restored: RestoreRequest[] = [];
  lost = 0;
}

type Names =
  | "backup_read"
  | "backup_plan_update"
  | "backup_folder_choose"
  | "backup_list"
  | "backup_start"
  | "backup_cancel"
  | "backup_drill"
  | "restore_look"
  | "restore_start"
  | "restore_cancel";

export function backupHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
  progress: (step: BackupProgress) => void,
  changed: (what: string) => void,
): Pick<Handlers, Names> {
  const { backups } = clinic;
  const may = () => {
    if (open().role !== "administrator") throw fail("not_permitted");
  };
  const empty = () => {
    if (clinic.stage !== "first_run") throw fail("clinic_exists");
  };
  const view = (): BackupView => ({
    folder: backups.folder,
    plan: backups.plan,
    standing: backups.standing,
    last: backups.last,
    last_good: backups.lastGood,
    last_drill: backups.lastDrill,
    running: backups.held !== null,
  });
  async function works(step: BackupProgress): Promise<void> {
    backups.stopped = false;
    progress(step);
    if (backups.hold) await new Promise<void>((go) => (backups.held = go));
    backups.held = null;
    if (backups.stopped) throw fail("backup_failed", { reason: "cancelled" });
    if (backups.refusal) throw backups.refusal;
  }
  const stop = () => {
    backups.stopped = true;
    backups.held?.();
    return null;
  };
  return {
    backup_read: () => (may(), view()),
    backup_plan_update: (plan) => {
      may();
      if (plan.newest_kept < 1 || plan.newest_kept > 60) throw fail("invalid_input", { problems: [{ field: "newest_kept", code: "not_allowed" }] });
      backups.plan = plan;
      return view();
    },
    backup_folder_choose: () => {
      may();
      if (backups.picked === null) return null;
      if (backups.refusal) throw backups.refusal;
      backups.folder = backups.picked;
      return view();
    },
    backup_list: (): BackupListView => {
      may();
      if (backups.folder === null) throw fail("backup_failed", { reason: "not_set_up" });
      return { backups: backups.there, same_disk: backups.sameDisk };
    },
    backup_start: async () => {
      may();
      try {
        await works({ work: "copying", done: 1_200_000_000, of: 3_600_000_000 });
      } catch (reason) {
        const problem = reason as AppError;
        if (problem.details.reason !== "cancelled") {
          backups.last = run(null, { problem });
          backups.standing = "failed";
        }
        throw reason;
      }
      const made = run(`backup-${backups.there.length + 1}`, { missing: backups.missing });
      backups.there = [backup(made.backup_id ?? "", { made_at: NOW }), ...backups.there];
      backups.last = backups.lastGood = made;
      backups.standing = "good";
      changed("backup");
      return made;
    },
    backup_cancel: () => (may(), stop()),
    backup_drill: async ({ id }) => {
      may();
      try {
        await works({ work: "checking", done: 900_000_000, of: 3_600_000_000 });
      } catch (reason) {
        backups.lastDrill = run(id, { problem: reason as AppError });
        throw reason;
      }
      backups.lastDrill = run(id, { photographs: 25 });
      return backups.lastDrill;
    },
    restore_look: () => {
      empty();
      if (backups.picked === null) return null;
      if (backups.there.length === 0) throw fail("not_found");
      return { folder: backups.picked, backups: backups.there };
    },
    restore_start: async (request) => {
      empty();
      const { proof } = request;
      if (proof.kind === "password" && proof.password !== clinic.password) throw fail("invalid_credentials");
      if (proof.kind === "sheet" && proof.sheet !== RECOVERY_GROUPS.join("-")) throw fail("code_invalid");
      try {
        await works({ work: "restoring", done: 900_000_000, of: 3_600_000_000 });
      } catch (reason) {
        if (!request.without_damaged || (reason as AppError).details.opens !== true) throw reason;
      }
      backups.restored.push(request);
      clinic.stage = "sign_in";
      return { files: 1204 - backups.lost, bytes: 3_600_000_000, lost: backups.lost };
    },
    restore_cancel: () => (empty(), stop()),
  };
}
