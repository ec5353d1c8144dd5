import type { ConsentEntryView, ConsentKind, MergeView, PatientRow, PatientView } from "../../src/ipc/generated";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { NOW } from "./samples";
import type { Handlers } from "../fake-host";

/** What a merge moved, so that it can be undone. */
type Moved = { view: MergeView; keptId: string; before: PatientView; lesions: string[]; reports: string[] };

export class FakeRegistry {
  pattern = "P-{n:6}";
  consents: (ConsentEntryView & { patient_id: string })[] = [];
  merges: Moved[] = [];

  mergesOf(patientId: string): MergeView[] {
    return this.merges.filter((merge) => merge.keptId === patientId).map((merge) => merge.view).reverse();
  }
}

export const rowOf = (patient: PatientView): PatientRow => ({
  id: patient.id,
  number: patient.number,
  family_name: patient.family_name,
  given_names: patient.given_names,
  date_of_birth: patient.date_of_birth,
  age: patient.age,
  sex: patient.sex,
  phone: patient.phone,
  approximate: false,
});

const FIELDS = { photo: "photo_consent", ai: "ai_consent", training: "training_consent" } as const satisfies Record<ConsentKind, string>;

type Names =
  | "number_pattern_read"
  | "number_pattern_preview"
  | "number_pattern_update"
  | "consent_record"
  | "consent_list"
  | "patient_duplicates"
  | "patient_merge_preview"
  | "patient_merge"
  | "patient_merge_undo";

export function registryHandlers(clinic: FakeClinic, open: () => NonNullable<FakeClinic["session"]>): Pick<Handlers, Names> {
  const { registry } = clinic;
  const find = (id: string): PatientView => {
    open();
    const patient = clinic.patients.find((candidate) => candidate.id === id);
    if (!patient) throw fail("not_found");
    return patient;
  };
  const numbered = (pattern: string) => {
    const text = pattern.trim();
    const problem = (code: string) => fail("invalid_input", { problems: [{ field: "pattern", code }] });
    if (!/\{n(:\d)?\}/.test(text)) throw problem("required");
    const width = Number(/\{n:(\d)\}/.exec(text)?.[1] ?? 1);
    const plain = text.replace(/\{n(:\d)?\}/, String(clinic.patients.length + 1).padStart(width, "0")).replace("{yyyy}", "2026").replace("{yy}", "26");
    if (!/^[A-Za-z0-9/._-]*$/.test(plain)) throw problem("not_allowed");
    return { pattern: text, example: plain };
  };
  return {
    number_pattern_read: () => (open(), numbered(registry.pattern)),
    number_pattern_preview: ({ pattern }) => (open(), numbered(pattern)),
    number_pattern_update: ({ pattern }) => {
      const view = numbered(pattern);
      registry.pattern = view.pattern;
      return view;
    },
    consent_record: ({ patient_id, kind, given, note }) => {
      const patient = find(patient_id);
      patient[FIELDS[kind]] = given;
      patient[`${FIELDS[kind]}_record`] = { given, changed_at: NOW };
      patient.version++;
      registry.consents.unshift({ patient_id, kind, given, note, at: NOW, by: "user-1", by_name: open().user_name });
      return patient;
    },
    consent_list: ({ patient_id }) => (find(patient_id), registry.consents.filter((entry) => entry.patient_id === patient_id)),
    patient_duplicates: ({ family_name, date_of_birth, except }) => {
      open();
      const start = family_name.trim().toLowerCase().slice(0, 4);
      if (start === "" || date_of_birth === null) return [];
      return clinic.patients
        .filter((p) => p.id !== except && p.merged_into === null && p.date_of_birth === date_of_birth && p.family_name.toLowerCase().startsWith(start))
        .map((p) => ({
          patient: rowOf(p),
          percent: 97,
          reasons: [
            { finding: "same_date_of_birth" as const, bits: 14.5 },
            { finding: "family_name_one_letter_off" as const, bits: 3.7 },
            { finding: "different_given_names" as const, bits: -5 },
          ],
        }));
    },
    patient_merge_preview: ({ kept, other }) => {
      if (kept === other) throw fail("same_patient");
      const count = (list: { patient_id: string }[]) => list.filter((entry) => entry.patient_id === other).length;
      return {
        kept: find(kept),
        other: find(other),
        moves: {
          lesions: count(clinic.lesions),
          photographs: count(clinic.images),
          analyses: count(clinic.analyses),
          reports: count(clinic.reports),
          others: count(registry.consents),
        },
      };
    },
    patient_merge: (request) => {
      const [kept, other] = [find(request.kept), find(request.other)];
      if (kept.version !== request.kept_version || other.version !== request.other_version) throw fail("conflict");
      const view: MergeView = {
        id: clinic.id("merge"),
        merged_id: other.id,
        number: other.number,
        family_name: other.family_name,
        given_names: other.given_names,
        merged_at: NOW,
        merged_by: open().user_name,
        undone_at: null,
        undone_by: null,
      };
      const of = (list: { id: string; patient_id: string }[]) => list.filter((entry) => entry.patient_id === other.id).map((entry) => entry.id);
      registry.merges.push({ view, keptId: kept.id, before: structuredClone(kept), lesions: of(clinic.lesions), reports: of(clinic.reports) });
      for (const entry of [...clinic.lesions, ...clinic.reports]) if (entry.patient_id === other.id) entry.patient_id = kept.id;
      for (const { field, take } of request.choices) {
        if (take === "other") Object.assign(kept, { [field]: other[field] });
        if (take === "both") Object.assign(kept, { [field]: field === "risk_factors" ? [...kept.risk_factors, ...other.risk_factors] : `${String(kept[field])}; ${String(other[field])}` });
      }
      kept.version++;
      Object.assign(other, { merged_into: kept.id, version: other.version + 1 });
      return kept;
    },
    patient_merge_undo: ({ id }) => {
      const merge = registry.merges.find((candidate) => candidate.view.id === id);
      if (!merge) throw fail("not_found");
      const [kept, other] = [find(merge.keptId), find(merge.view.merged_id)];
      Object.assign(kept, merge.before, { version: kept.version + 1 });
      Object.assign(other, { merged_into: null, version: other.version + 1 });
      for (const entry of clinic.lesions) if (merge.lesions.includes(entry.id)) entry.patient_id = other.id;
      for (const entry of clinic.reports) if (merge.reports.includes(entry.id)) entry.patient_id = other.id;
      Object.assign(merge.view, { undone_at: NOW, undone_by: open().user_name });
      return kept;
    },
  };
}
