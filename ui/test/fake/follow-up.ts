import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";
import type {
  Behaviour,
  BiopsyView,
  CallRow,
  CaseNoteView,
  ContactView,
  MorphologyView,
  RecallPlan,
  RecallView,
  Role,
  SafetyNetItem,
  SafetyNetKind,
  SafetyNetList,
  SessionView,
  SpecimenDetails,
} from "./types";

type KeptNote = CaseNoteView & { patient_id: string };

/** Recalls, biopsies and notes as the core keeps them, whoever asks. */
export class FakeFollowUp {
  recalls: RecallView[] = [];
  biopsies: BiopsyView[] = [];
  notes: KeptNote[] = [];
  /** Entries of the safety net beside those that follow from the rest. */
  net: Partial<Record<SafetyNetKind, SafetyNetItem[]>> = {};
}

export const MORPHOLOGIES: MorphologyView[] = [
  { code: "8090/3", name: "Basal cell carcinoma", behaviour: "malignant" },
  { code: "8720/0", name: "Melanocytic naevus", behaviour: "benign" },
  { code: "8743/3", name: "Superficial spreading melanoma", behaviour: "malignant" },
];
const KINDS = ["unsigned_report", "unread_reading", "unread_histology", "pending_histology", "overdue_recall", "undecided_reading"] as const;
const BEHAVIOURS: Record<string, Behaviour> = { "0": "benign", "1": "uncertain", "2": "in_situ", "3": "malignant" };

/** A day so many days from now. */
export function day(from_now: number): string {
  const date = new Date();
  date.setDate(date.getDate() + from_now);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

const nextOn = (recall: RecallView): string => recall.booked_for ?? recall.due_on;
const aged = (recall: RecallView): RecallView => ({ ...recall, overdue: recall.closed_at === null && nextOn(recall) < day(0) });

export function recall(id: string, patient_id: string, change: Partial<RecallView> = {}): RecallView {
  return {
    id,
    patient_id,
    lesion_id: null,
    due_on: day(30),
    interval: { count: 1, unit: "months" },
    booked_for: null,
    state: "due",
    overdue: false,
    reason: "Atypical network, compare",
    desk_text: "Skin check",
    responsible: "user-1",
    responsible_name: "Dr. Ines Halloran",
    planned_by_name: "Dr. Ines Halloran",
    planned_at: NOW,
    closed_by_name: null,
    closed_at: null,
    closing_note: "",
    contacts: [],
    version: 1,
    ...change,
  };
}

export function biopsy(id: string, image: { id: string; patient_id: string; lesion_id: string }, change: Partial<BiopsyView> = {}): BiopsyView {
  return {
    id,
    patient_id: image.patient_id,
    lesion_id: image.lesion_id,
    details: {
      kind: "punch",
      taken_on: day(-9),
      taken_by: "user-1",
      site_image_id: image.id,
      specimen_number: `H-${id}`,
      impression: "benign",
      impression_text: "Irritated naevus",
    },
    taken_by_name: "Dr. Ines Halloran",
    state: "taken",
    sent_to: "",
    sent_on: null,
    waiting_days: 9,
    editions: [],
    read_by_name: null,
    read_at: null,
    withdrawn_by_name: null,
    withdrawn_at: null,
    withdrawn_reason: "",
    version: 1,
    ...change,
  };
}

export function note(id: string, patient_id: string, change: Partial<CaseNoteView> = {}): KeptNote {
  return {
    id,
    patient_id,
    audience: "all",
    text: "Needs a lift to get here",
    follows: null,
    author: "user-1",
    author_name: "Dr. Ines Halloran",
    written_at: NOW,
    done_by_name: null,
    done_at: null,
    struck_by_name: null,
    struck_at: null,
    strike_reason: "",
    may_strike: true,
    ...change,
  };
}

export function followUpHandlers(clinic: FakeClinic, open: () => SessionView, changed: (patientId: string) => void) {
  const kept = clinic.followUp;
  const only = (...roles: Role[]): SessionView => {
    const session = open();
    if (!roles.includes(session.role)) throw fail("not_permitted");
    return session;
  };
  const clinical = () => only("administrator", "clinician");
  const desk = () => only("administrator", "clinician", "front_desk");
  const found = <T extends { id: string }>(list: T[], id: string): T => {
    const entry = list.find((candidate) => candidate.id === id);
    if (!entry) throw fail("not_found");
    return entry;
  };
  const at = <T extends { id: string; version: number }>(list: T[], id: string, version: number): T => {
    const entry = found(list, id);
    if (entry.version !== version) throw fail("conflict");
    entry.version += 1;
    return entry;
  };
  const problem = (field: string, code: string) => fail("invalid_input", { problems: [{ field, code }] });
  const told = <T extends { patient_id: string }>(entry: T): T => {
    changed(entry.patient_id);
    return entry;
  };
  const redacted = (entry: RecallView): RecallView =>
    clinic.sees(entry.patient_id) ? aged(entry) : { ...aged(entry), lesion_id: null, reason: null, closing_note: null };
  const settled = (plan: RecallPlan): Partial<RecallView> => {
    if (plan.responsible === "") throw problem("responsible", "not_allowed");
    const days = { weeks: 7, months: 30, years: 365 };
    const due_on = plan.due_on ?? day((plan.interval?.count ?? 0) * days[plan.interval?.unit ?? "months"]);
    if (due_on < day(-30)) throw problem("due_on", "too_long_ago");
    const { lesion_id, interval, reason, desk_text, responsible } = plan;
    return { due_on, lesion_id, interval, reason, desk_text, responsible };
  };
  const specimen = (details: SpecimenDetails, own: string | null): SpecimenDetails => {
    const taken = kept.biopsies.some((other) => other.id !== own && other.details.specimen_number === details.specimen_number);
    if (taken) throw problem("specimen_number", "already_used");
    return details;
  };
  const patientOf = (id: string) => found(clinic.patients, id);
  const row = (entry: RecallView): CallRow => {
    const { family_name, given_names, number, phone, email } = patientOf(entry.patient_id);
    const { id, version, patient_id, due_on, booked_for, state, desk_text, responsible_name, contacts } = entry;
    const person = { family_name, given_names, patient_number: number, phone, email };
    return { id, version, patient_id, ...person, due_on, booked_for, state, overdue: aged(entry).overdue, desk_text, responsible_name, attempts: contacts.length, last: contacts[0] ?? null };
  };
  const waits = (id: string, patient_id: string, lesion_id: string | null, since: string, label: string): SafetyNetItem => {
    const { family_name, given_names, number: patient_number } = patientOf(patient_id);
    const age_days = Math.round((Date.parse(day(0)) - Date.parse(since)) / 86_400_000);
    return { id, patient_id, patient_number, family_name, given_names, lesion_id, responsible_name: "Dr. Ines Halloran", since, age_days, label, band: null, gate: null };
  };
  const lists = (): SafetyNetList[] =>
    KINDS.map((kind) => {
      const live = kept.biopsies.filter((entry) => entry.withdrawn_at === null);
      const own: Partial<Record<SafetyNetKind, SafetyNetItem[]>> = {
        unread_histology: live.filter(({ state }) => state === "result").map((b) => waits(b.id, b.patient_id, b.lesion_id, day(-1), b.details.specimen_number)),
        pending_histology: live.filter(({ editions }) => editions.length === 0).map((b) => waits(b.id, b.patient_id, b.lesion_id, b.details.taken_on, b.details.specimen_number)),
        overdue_recall: kept.recalls.filter((r) => aged(r).overdue).map((r) => waits(r.id, r.patient_id, r.lesion_id, nextOn(r), r.reason ?? "")),
      };
      const items = [...(own[kind] ?? []), ...(kept.net[kind] ?? [])];
      return { kind, total: items.length, items };
    });
  const counted = (kind: SafetyNetKind) => lists().find((list) => list.kind === kind)?.total ?? 0;

  return {
    follow_up_read: ({ patient_id }) => {
      const { role, user_id } = open();
      patientOf(patient_id);
      const sees = clinic.sees(patient_id);
      const of = <T extends { patient_id: string }>(list: T[]) => list.filter((entry) => entry.patient_id === patient_id);
      const plans = role === "administrator" || role === "clinician";
      return {
        clinical: sees,
        recalls: of(kept.recalls).map(redacted),
        biopsies: sees ? of(kept.biopsies) : [],
        notes: of(kept.notes).filter((entry) => sees || entry.audience !== "clinicians" || entry.author === user_id),
        colleagues: plans ? [{ id: "user-1", name: "Dr. Ines Halloran" }, { id: "user-2", name: "Bo Lindqvist" }] : [],
        today: day(0),
      };
    },
    recall_plan: ({ patient_id, plan }) => {
      clinical();
      const entry = recall(clinic.id("recall"), patientOf(patient_id).id, settled(plan));
      kept.recalls.push(entry);
      return told(entry);
    },
    recall_change: ({ id, version, plan }) => {
      clinical();
      return told(Object.assign(at(kept.recalls, id, version), settled(plan)));
    },
    recall_contact: ({ id, version, entry }) => {
      const { user_name: by_name } = desk();
      if (entry.booked_for !== null && entry.booked_for < day(0)) throw problem("booked_for", "too_long_ago");
      const called = at(kept.recalls, id, version);
      const contact: ContactView = { at: new Date(Date.now() + called.contacts.length).toISOString(), by_name, ...entry };
      called.contacts = [contact, ...called.contacts];
      if (entry.outcome === "booked") Object.assign(called, { state: "booked", booked_for: entry.booked_for });
      return redacted(told(called));
    },
    recall_unbook: ({ id, version }) => {
      desk();
      return redacted(told(Object.assign(at(kept.recalls, id, version), { state: "due" as const, booked_for: null })));
    },
    recall_close: ({ id, version, end, note: closing_note }) => {
      const { user_name } = clinical();
      return told(Object.assign(at(kept.recalls, id, version), { state: end, closing_note, closed_at: NOW, closed_by_name: user_name }));
    },
    call_list: ({ month, limit, offset }) => {
      desk();
      const left = month >= `${day(0).slice(0, 7)}-01`;
      const rows = kept.recalls
        .filter((entry) => entry.closed_at === null && nextOn(entry).slice(0, 7) <= month.slice(0, 7) && (left || nextOn(entry).slice(0, 7) === month.slice(0, 7)))
        .sort((a, b) => nextOn(a).localeCompare(nextOn(b)));
      const overdue = kept.recalls.filter((entry) => aged(entry).overdue).length;
      return { month, today: day(0), rows: rows.slice(offset, offset + limit).map(row), total: rows.length, overdue };
    },
    biopsy_take: ({ lesion_id, details }) => {
      clinical();
      const image = found(clinic.images, details.site_image_id);
      if (image.lesion_id !== lesion_id) throw fail("not_found");
      const entry = biopsy(clinic.id("biopsy"), image, { details: specimen(details, null), waiting_days: 0 });
      kept.biopsies.unshift(entry);
      return told(entry);
    },
    biopsy_change: ({ id, version, details }) => {
      clinical();
      const free = specimen(details, id);
      return told(Object.assign(at(kept.biopsies, id, version), { details: free }));
    },
    biopsy_send: ({ id, version, sent_to, sent_on }) => {
      clinical();
      return told(Object.assign(at(kept.biopsies, id, version), { state: "sent" as const, sent_to, sent_on }));
    },
    biopsy_withdraw: ({ id, version, reason }) => {
      const { user_name } = clinical();
      const gone = { withdrawn_reason: reason, withdrawn_at: NOW, withdrawn_by_name: user_name, waiting_days: null };
      return told(Object.assign(at(kept.biopsies, id, version), gone));
    },
    histology_enter: ({ id, version, details }) => {
      const { user_name } = clinical();
      const code = details.morphology;
      const behaviour = code === null ? details.behaviour : BEHAVIOURS[/^\d{4}\/(\d)$/.exec(code)?.[1] ?? ""];
      if (!behaviour) throw problem(code === null ? "behaviour" : "morphology", "bad_format");
      const found_one = at(kept.biopsies, id, version);
      const said = found_one.details.impression;
      const edition = {
        ...details,
        edition: found_one.editions.length + 1,
        morphology_name: MORPHOLOGIES.find((known) => known.code === code)?.name ?? null,
        behaviour,
        entered_by_name: user_name,
        entered_at: NOW,
        analysis_id: "analysis-1",
        reading: "malignant" as const,
        reading_name: "Melanoma",
        reading_agreement: behaviour === "malignant" ? ("agrees" as const) : ("disagrees" as const),
        impression_agreement: said === null ? ("not_comparable" as const) : said === behaviour ? ("agrees" as const) : ("disagrees" as const),
      };
      return told(Object.assign(found_one, { state: "result" as const, waiting_days: null, read_at: null, read_by_name: null, editions: [edition, ...found_one.editions] }));
    },
    histology_acknowledge: ({ id, version }) => {
      const { user_name } = clinical();
      return told(Object.assign(at(kept.biopsies, id, version), { state: "read" as const, read_at: NOW, read_by_name: user_name }));
    },
    morphology_list: () => (clinical(), MORPHOLOGIES),
    case_note_write: ({ patient_id, entry }) => {
      const { user_id, user_name } = desk();
      const written = note(clinic.id("note"), patientOf(patient_id).id, { ...entry, author: user_id, author_name: user_name });
      kept.notes.unshift(written);
      return told(written);
    },
    case_note_done: ({ id, done }) => {
      const { user_name } = desk();
      return told(Object.assign(found(kept.notes, id), { done_at: done ? NOW : null, done_by_name: done ? user_name : null }));
    },
    case_note_strike: ({ id, reason }) => {
      const { user_name } = desk();
      return told(Object.assign(found(kept.notes, id), { struck_at: NOW, struck_by_name: user_name, strike_reason: reason, may_strike: false }));
    },
    safety_net_read: ({ limit }) => {
      clinical();
      return { lists: lists().map((list) => ({ ...list, items: list.items.slice(0, limit) })), today: day(0) };
    },
    safety_net_count: () => {
      clinical();
      const counts = {
        unsigned_reports: counted("unsigned_report"),
        unread_readings: counted("unread_reading"),
        unread_histology: counted("unread_histology"),
        pending_histology: counted("pending_histology"),
        overdue_recalls: counted("overdue_recall"),
        undecided_readings: counted("undecided_reading"),
      };
      return { ...counts, total: Object.values(counts).reduce((sum, one) => sum + one, 0) };
    },
  } satisfies Partial<Handlers>;
}
