import { m } from "$i18n";
import type { BatchScope, BatchState, BatchView } from "$ipc";

export const scopeWords: Record<BatchScope, () => string> = {
  patient: m.batch_scope_patient,
  queue: m.batch_scope_queue,
  selection: m.batch_scope_selection,
};

export const batchStateWords: Record<BatchState, () => string> = {
  running: m.batch_state_running,
  paused: m.batch_state_paused,
  cancelled: m.batch_state_cancelled,
  finished: m.batch_state_finished,
};

/** Readings that have ended, whichever way. */
export const endedOf = (batch: BatchView): number => batch.completed + batch.failed + batch.cancelled;
