import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";
import type { AuditFilterRequest, AuditRowView, AuditVerification, Role, SessionView } from "./types";

const MINUTE = 60_000;
const PEOPLE = [
  { id: "user-1", name: "Dr. Ines Halloran", role: "administrator" },
  { id: "user-3", name: "Tamsin Reyes", role: "front_desk" },
  { id: "user-4", name: "Bo Lindqvist", role: "auditor" },
] as const;

const CHANGE = {
  version: 3,
  changed: {
    family_name: ["Okonkwo", "Okonkwo-Reed"],
    photo_consent: [false, true],
    risk_factors: [[], ["many_naevi", "sunbed_use"]],
    details: [{ role: "front_desk", phone: null }, { role: "clinician", phone: null }],
  },
};

export function auditRow(seq: number, change: Partial<AuditRowView> = {}): AuditRowView {
  const person = PEOPLE[seq % PEOPLE.length] ?? PEOPLE[0];
  return {
    seq,
    at: new Date(Date.parse(NOW) + seq * MINUTE).toISOString(),
    actor: person.id,
    actor_name: person.name,
    role: person.role,
    action: "patient_read",
    subject_kind: "patient",
    subject_id: "0197f0a2-6f31-7c55-9a4e-2d84f1b6c901",
    patient_id: `patient-${1 + (seq % 2)}`,
    patient_number: `P-00000${1 + (seq % 2)}`,
    details: {},
    ...change,
  };
}

const plain = { patient_id: null, patient_number: null, subject_kind: null, subject_id: null };

/** A trail as a few days of work leave it. */
function written(): AuditRowView[] {
  return Array.from({ length: 230 }, (_, at) => {
    const seq = at + 1;
    if (seq === 1) return auditRow(seq, { ...plain, action: "clinic_created" });
    if (seq % 10 === 3) return auditRow(seq, { ...plain, action: "signed_in", details: { second_factor: true } });
    if (seq % 10 === 7) return auditRow(seq, { action: "patient_changed", details: CHANGE });
    if (seq % 10 === 8) return auditRow(seq, { action: "image_imported", subject_kind: "image", details: { bytes: 48_211, sha256: "3f7a9c" } });
    return auditRow(seq);
  });
}

/** What the fake core has in its audit trail. */
export class FakeAudit {
  rows: AuditRowView[] = written();
  verification: AuditVerification = { intact: true, rows: 230, first_fault: null, fault: null };
  /** Whether the save dialog is answered with a place. */
  saves = true;
}

function fits(row: AuditRowView, filter: AuditFilterRequest): boolean {
  const day = (text: string) => new Date(`${text}T00:00:00`);
  const until = filter.to === null ? null : day(filter.to);
  until?.setDate(until.getDate() + 1);
  const at = new Date(row.at);
  return (
    (filter.from === null || at >= day(filter.from)) &&
    (until === null || at < until) &&
    (filter.actor === null || row.actor === filter.actor) &&
    (filter.actions.length === 0 || filter.actions.includes(row.action)) &&
    (filter.patient_id === null || row.patient_id === filter.patient_id)
  );
}

/** The commands that look into the audit trail, with the answers of the real core. */
export function auditHandlers(clinic: FakeClinic, open: () => SessionView) {
  const { audit } = clinic;
  const only = (...roles: Role[]): void => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
  };
  const newest = (): AuditRowView[] => [...audit.rows].sort((a, b) => b.seq - a.seq);
  return {
    audit_search: ({ filter, before, limit }) => {
      only("administrator", "auditor");
      const found = newest().filter((row) => fits(row, filter) && (before === null || row.seq < before));
      return {
        rows: found.slice(0, limit),
        more: found.length > limit,
        actors: PEOPLE.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name)),
      };
    },
    audit_verify: () => (only("administrator", "auditor"), audit.verification),
    audit_export: ({ format }) => {
      only("administrator", "auditor");
      const path = format === "csv" ? "Documents/audit-trail.csv" : "Documents/audit-trail.jsonl";
      return audit.saves ? { saved: true, path } : { saved: false, path: null };
    },
    access_log_read: ({ patient_id, limit }) => {
      only("administrator", "clinician", "auditor");
      return newest().filter((row) => row.patient_id === patient_id).slice(0, limit);
    },
  } satisfies Partial<Handlers>;
}
