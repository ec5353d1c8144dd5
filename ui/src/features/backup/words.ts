import { errorText, formatBytes, formatCount, formatInstant, m } from "$i18n";
import type { BackupProgress, BackupRunView, BackupStanding, BackupView } from "$ipc";

/** How the clinic stands with its backups, in one sentence. */
export function standingText(view: Pick<BackupView, "standing" | "last" | "last_good">): string {
  const when = view.last_good ? formatInstant(view.last_good.began_at) : "";
  const texts: Record<BackupStanding, () => string> = {
    never: m.backup_standing_never,
    good: () => m.backup_standing_good({ when }),
    late: () => m.backup_standing_late({ when }),
    failed: () => (view.last?.problem ? errorText(view.last.problem) : m.error_backup_failed()),
  };
  return texts[view.standing]();
}

/** What the status bar says to an administrator while something is amiss. */
export const standingNotes: Record<Exclude<BackupStanding, "good">, () => string> = {
  never: m.backup_note_never,
  late: m.backup_note_late,
  failed: m.backup_note_failed,
};

export function madeText(run: BackupRunView): string {
  return m.backup_made({ files: formatCount(run.files), bytes: formatBytes(run.bytes), written: formatBytes(run.written) });
}

export function drilledText(run: BackupRunView): string {
  return m.backup_drilled({ files: formatCount(run.files), photographs: formatCount(run.photographs) });
}

const workWords: Record<BackupProgress["work"], (values: { done: string; of: string }) => string> = {
  copying: m.backup_copying,
  checking: m.backup_checking,
  restoring: m.backup_restoring,
};

export function progressText(progress: BackupProgress | null): string {
  if (progress === null) return m.backup_starting();
  return workWords[progress.work]({ done: formatBytes(progress.done), of: formatBytes(progress.of) });
}
