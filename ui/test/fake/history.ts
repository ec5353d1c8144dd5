import type { DeletionView, HistoryEntry } from "./types";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { shownBand } from "../../src/components/band";
import { fail } from "./clinic";
import { NOW } from "./samples";

type Names =
  | "history_read"
  | "reading_delete"
  | "photograph_delete"
  | "history_clear"
  | "deletion_undo"
  | "retention_read"
  | "retention_update";

/** What the fake core knows of the history; tests put entries in. */
export class FakeHistory {
  entries: HistoryEntry[] = [];
  retentionDays = 30;
  /** Photographs that show the site of a specimen. */
  readonly sites = new Set<string>();
}

export function historyHandlers(clinic: FakeClinic, open: () => { role: string }): Pick<Handlers, Names> {
  const state = clinic.history;
  const clinical = (): void => {
    if (!["administrator", "clinician"].includes(open().role)) throw fail("not_permitted");
  };
  const guard = (reason: string, password: string): void => {
    clinical();
    if (reason.trim() === "") throw fail("invalid_input", { problems: [{ field: "reason", code: "required" }] });
    if (password !== clinic.password) throw fail("invalid_credentials");
  };
  const take = (entries: HistoryEntry[], scope: DeletionView["scope"], reason: string): DeletionView => {
    if (entries.length === 0) throw fail("not_found");
    const deletion: DeletionView = {
      id: clinic.id("deletion"),
      scope,
      reason,
      deleted_by_name: "Dr. Ines Halloran",
      deleted_at: NOW,
      until: "2026-12-20T10:30:00Z",
      may_undo: true,
    };
    for (const entry of entries) entry.deletion = deletion;
    return deletion;
  };
  const standing = (): HistoryEntry[] => state.entries.filter((entry) => entry.deletion === null);
  return {
    history_read: ({ noun, text, class: named, band, urgency, site, deleted, before, limit }) => {
      clinical();
      const found = state.entries
        .filter((entry) => (entry.analysis_id !== null) === (noun === "reading"))
        .filter((entry) => (entry.deletion !== null) === deleted)
        .filter((entry) => `${entry.family_name} ${entry.patient_number}`.toLowerCase().includes(text.toLowerCase()))
        .filter((entry) => named === null || (entry.said && (entry.said.class_code ?? "")) === named)
        .filter((entry) => band === null || (entry.said && shownBand(entry.said.band, entry.said.gate)) === band)
        .filter((entry) => urgency === null || entry.said?.urgency === urgency)
        .filter((entry) => site === null || entry.site === site)
        .filter((entry) => before === null || entry.at < before.at);
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      const next = found.length > limit && last ? { at: last.at, id: last.analysis_id ?? "" } : null;
      const people = [{ id: "user-1", name: "Dr. Ines Halloran" }];
      return { entries, next, cut_short: false, people, retention_days: state.retentionDays };
    },
    reading_delete: ({ id, reason, password }) => {
      guard(reason, password);
      take(standing().filter((entry) => entry.analysis_id === id), "reading", reason);
      return null;
    },
    photograph_delete: ({ id, reason, password }) => {
      guard(reason, password);
      if (state.sites.has(id)) throw fail("invalid_input", { problems: [{ field: "photograph", code: "not_allowed" }] });
      take(standing().filter((entry) => entry.image_id === id), "photograph", reason);
      return null;
    },
    history_clear: ({ patient_id, before, reason, password }) => {
      guard(reason, password);
      const gone = standing().filter((entry) => entry.patient_id === patient_id && entry.analysis_id !== null && entry.at < before);
      return { id: take(gone, "history", reason).id, readings: gone.length };
    },
    deletion_undo: ({ id }) => {
      clinical();
      for (const entry of state.entries) if (entry.deletion?.id === id) entry.deletion = null;
      return null;
    },
    retention_read: () => ({ days: state.retentionDays }),
    retention_update: ({ days }) => ({ days: (state.retentionDays = days) }),
  };
}

/** A reading of a patient's lesion. */
export function entry(analysis_id: string, at: string, change: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    analysis_id,
    image_id: `image-of-${analysis_id}`,
    at,
    patient_id: "patient-1",
    patient_number: "P-000001",
    family_name: "Okonkwo",
    given_names: "Adaeze",
    lesion_id: "lesion-2",
    lesion_label: "L1",
    site: "back",
    by_name: "Dr. Ines Halloran",
    withheld: false,
    said: {
      band: "malignant",
      urgency: "immediate",
      gate: "confident",
      class_code: "mel",
      class_name: "Melanoma",
      malignant_sum: 0.875,
      model_name: "lentigo-lesion",
      model_version: "1.0.0",
      reviewer_name: null,
    },
    deletion: null,
    ...change,
  };
}
