import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { NOW } from "./samples";
import type { BatchItemView, BatchOf, BatchView } from "./types";

type Names =
  | "job_list"
  | "job_states"
  | "job_retry"
  | "job_settings_update"
  | "batch_preview"
  | "batch_start"
  | "batch_items"
  | "batch_pause"
  | "batch_continue"
  | "batch_cancel"
  | "batch_retry";

/** What the fake core knows of batches; tests put some in. */
export class FakeBatches {
  batches: BatchView[] = [];
  readonly items = new Map<string, BatchItemView[]>();
  /** What was asked for alone. */
  readonly singles: BatchItemView[] = [];
  atOnce = 2;

  /** A batch with a reading for each of these states. */
  add(id: string, states: BatchItemView["job"]["state"][], more: Partial<BatchView> = {}): BatchView {
    this.items.set(id, states.map((state, at) => item(`${id}-${at}`, state)));
    const batch: BatchView = {
      id,
      scope: "patient",
      state: "running",
      pause_reason: null,
      asked_by_name: "Dr. Ines Halloran",
      created_at: NOW,
      finished_at: null,
      total: 0,
      waiting: 0,
      running: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      ...more,
    };
    this.batches.unshift(batch);
    this.count(batch);
    return batch;
  }

  count(batch: BatchView): BatchView {
    const states = (this.items.get(batch.id) ?? []).map(({ job }) => job.state);
    const of = (state: string): number => states.filter((known) => known === state).length;
    return Object.assign(batch, {
      total: states.length,
      waiting: of("PENDING"),
      running: of("PROCESSING"),
      completed: of("COMPLETED"),
      failed: of("FAILED"),
      cancelled: of("CANCELLED"),
    });
  }
}

export function item(id: string, state: BatchItemView["job"]["state"]): BatchItemView {
  return {
    job: {
      id,
      lesion_id: "lesion-1",
      image_ids: ["image-1", "image-2"],
      state,
      step: state === "PROCESSING" ? "classifying" : "queued",
      fraction: 0,
      analysis_id: null,
      error: state === "FAILED" ? { code: "consent_missing", message: "", details: { consent: "ai" } } : null,
      created_at: NOW,
    },
    patient_id: "patient-1",
    patient_number: "P-000001",
    family_name: "Lindqvist",
    given_names: "Maja",
    lesion_label: "L1",
    site: "back",
  };
}

export function batchHandlers(clinic: FakeClinic, open: () => { role: string }, told: (what: string, id: string) => void): Pick<Handlers, Names> {
  const state = clinic.batches;
  const find = (id: string): BatchView => {
    open();
    const found = state.batches.find((batch) => batch.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  const every = (): BatchItemView[] => [...state.items.values(), state.singles].flat();
  const alone = (job: BatchItemView["job"]["state"]): number => state.singles.filter((single) => single.job.state === job).length;
  const turn = (id: string, from: BatchView["state"][], to: BatchView["state"]): BatchView => {
    const batch = find(id);
    if (!from.includes(batch.state)) throw fail("conflict");
    return state.count(Object.assign(batch, { state: to, pause_reason: null }));
  };
  const unread = (of: BatchOf): string[] =>
    of.scope === "selection" ? of.image_ids : clinic.images.filter((image) => of.scope === "queue" || image.patient_id === of.patient_id).map(({ id }) => id);
  return {
    job_list: () => {
      open();
      const running = state.batches.filter((batch) => batch.state === "running");
      return {
        waiting: running.reduce((sum, batch) => sum + batch.waiting, 0),
        running: state.batches.reduce((sum, batch) => sum + batch.running, 0),
        at_once: state.atOnce,
        batches: state.batches,
        singles: { waiting: alone("PENDING"), running: alone("PROCESSING"), failed: alone("FAILED") },
      };
    },
    job_states: ({ ids }) => (open(), every().map(({ job }) => job).filter(({ id }) => ids.includes(id))),
    job_retry: ({ id }) => {
      const found = every().find(({ job }) => job.id === id);
      if (!found) throw fail("not_found");
      for (const batch of state.batches) state.count(batch);
      return Object.assign(found.job, { state: "PENDING" as const, error: null });
    },
    job_settings_update: ({ at_once }) => ({ at_once: (state.atOnce = at_once) }),
    batch_preview: ({ of }) => {
      open();
      const count = unread(of).length;
      return { patients: Math.min(1, count), lesions: count, photographs: count, older: 0, without_consent: 0, most_lesions: 2000 };
    },
    batch_start: ({ of }) => {
      open();
      const batch = state.add(clinic.id("batch"), unread(of).map(() => "PENDING" as const), { scope: of.scope });
      told("batch", batch.id);
      return batch;
    },
    batch_items: ({ id, offset, limit }) => ({ items: (id === null ? state.singles : (state.items.get(id) ?? [])).slice(offset, offset + limit) }),
    batch_pause: ({ id }) => turn(id, ["running"], "paused"),
    batch_continue: ({ id }) => turn(id, ["paused"], "running"),
    batch_cancel: ({ id }) => {
      for (const { job } of state.items.get(id) ?? []) if (job.state === "PENDING") job.state = "CANCELLED";
      return turn(id, ["running", "paused"], "cancelled");
    },
    batch_retry: ({ id }) => {
      for (const { job } of state.items.get(id) ?? []) if (job.state === "FAILED") Object.assign(job, { state: "PENDING", error: null });
      return state.count(Object.assign(find(id), { state: "running" as const }));
    },
  };
}
