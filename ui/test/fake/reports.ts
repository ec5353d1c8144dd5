import type {
  AnalysisId,
  LetterheadView,
  PaperSize,
  ReportEdition,
  ReportRecord,
  ReportRow,
  ReportVerdict,
  ReportView,
  SessionView,
  SharePackView,
} from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { pdf } from "./pdf";
import { NOW } from "./samples";

type Names =
  | "report_create" | "report_update" | "report_discard" | "report_read" | "report_list" | "report_sign" | "report_amend"
  | "report_pdf" | "report_export" | "report_share" | "share_pack_open" | "share_pack_pdf" | "report_verify" | "report_verify_code"
  | "signing_key_read" | "signing_key_save" | "letterhead_read" | "letterhead_update" | "letterhead_preview" | "logo_save" | "logo_remove";

export const KEY_ID = "3f7a 90c2 1be4 d856";
const PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
export const CODE = "LENTIGO1:R-2026-00001:1:20261120T110000Z:c2lnbmF0dXJl";

/** What the fake core knows of reports beyond their records; tests reach in and change it. */
export class FakeReports {
  readonly editions = new Map<string, ReportEdition[]>();
  /** Reports whose rows somebody changed by hand. */
  readonly altered = new Set<string>();
  letterhead: LetterheadView = {
    letterhead: { clinic_name: "", lines: ["12 Harbour Street", "Seaham SR7 7DX", "0191 496 0123"], paper: "a4" },
    logo: null,
  };
  keyMade = false;
  /** What the dialog brings next; null when it is closed. */
  verdict: ReportVerdict | null = null;
  packPassphrase = "quiet herons at noon";
  pack: SharePackView | null = {
    opened: true,
    clinic_name: "Quay Clinic",
    expires_at: "2026-12-20T10:30:00Z",
    reports: [
      { number: "R-2026-00417", edition: 2, signed_at: NOW, signer_name: "Dr. Tomas Weld" },
      { number: "R-2026-00398", edition: 1, signed_at: "2026-10-02T09:00:00Z", signer_name: "Dr. Tomas Weld" },
    ],
  };
  packExpired: string | null = null;
}

/** A draft on a reading. */
export function report(id: string, number: number, patient_id: string, analysis_id: AnalysisId, change: Partial<ReportRecord> = {}): ReportRecord {
  return {
    id,
    number: `R-2026-${String(number).padStart(5, "0")}`,
    patient_id,
    analysis_id,
    conclusion: "Excision arranged.",
    created_at: "2026-11-20T11:00:00Z",
    state: "draft",
    version: 1,
    editions: 0,
    signed_at: null,
    ...change,
  };
}

/** Signs a report without a dialog. */
export function sign(clinic: FakeClinic, id: string, kind: ReportEdition["kind"] = "signed", text = ""): void {
  const found = clinic.reports.find((one) => one.id === id);
  if (!found) throw fail("not_found");
  const before = clinic.reportDesk.editions.get(id) ?? [];
  const edition: ReportEdition = { edition: before.length + 1, kind, text, meaning: "author", signer_name: "Dr. Ines Halloran", signed_at: NOW, key_id: KEY_ID };
  clinic.reportDesk.editions.set(id, [...before, edition]);
  clinic.reportDesk.keyMade = true;
  Object.assign(found, { state: kind === "withdrawn" ? "withdrawn" : "signed", editions: before.length + 1, signed_at: found.signed_at ?? NOW });
}

export function reportHandlers(
  clinic: FakeClinic,
  open: () => SessionView,
  told: (what: string, id: string) => void,
  bytes: Uint8Array,
): Pick<Handlers, Names> {
  const desk = clinic.reportDesk;
  const problem = (field: string, code: string, limit?: number) => fail("invalid_input", { problems: [{ field, code, limit }] });
  const clinical = (): boolean => ["administrator", "clinician"].includes(open().role);
  const find = (id: string, reads = true): ReportRecord => {
    if (reads && !clinical()) throw fail("not_permitted");
    open();
    const found = clinic.reports.find((one) => one.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  const draft = (id: string, version: number): ReportRecord => {
    const found = find(id);
    if (found.state !== "draft") throw fail("report_locked");
    if (found.version !== version) throw fail("conflict");
    return found;
  };
  const prove = (password: string, code: string | null): void => {
    if (password !== clinic.password) throw fail("invalid_credentials");
    if (open().second_factor && code !== clinic.account.digits) throw fail("second_factor_wrong");
  };
  const view = (found: ReportRecord): ReportView => ({
    report: found,
    author_name: "Dr. Ines Halloran",
    lesion_id: clinic.analyses.find(({ id }) => id === found.analysis_id)?.lesion_id ?? "",
    editions: desk.editions.get(found.id) ?? [],
    intact: !desk.altered.has(found.id),
    text_origin: clinic.reportTexts.origins.get(found.id) ?? null,
    proposed_text: clinic.reportTexts.proposals.get(clinic.reportTexts.origins.get(found.id)?.proposal_id ?? "")?.text ?? null,
  });
  const rowOf = (found: ReportRecord): ReportRow => {
    const patient = clinic.patients.find(({ id }) => id === found.patient_id);
    const { id, number, state, editions, created_at, signed_at, patient_id } = found;
    return {
      id, number, state, editions, created_at, signed_at, patient_id,
      file_name: `${number}-${patient?.number ?? ""}.pdf`,
      patient_number: patient?.number ?? "",
      family_name: patient?.family_name ?? "",
      given_names: patient?.given_names ?? "",
      lesion_id: view(found).lesion_id,
    };
  };
  const paged = (found: ReportRecord, paper: PaperSize): ArrayBuffer => {
    const editions = (desk.editions.get(found.id) ?? []).slice(1);
    const pages = [
      [`Report ${found.number}`, "Harbour Street Dermatology", "", found.conclusion, "", "Decision support, not a diagnosis."],
      ["Measures and checklists", "Area 38.2 mm2", "Asymmetry 2 of 2", "Page 2"],
      ...(editions.length > 0 ? [["Later editions", ...editions.map(({ edition, kind, text }) => `${edition}. ${kind}: ${text}`)]] : []),
    ];
    const marks = { draft: "DRAFT", withdrawn: "WITHDRAWN", signed: "", discarded: "" };
    return pdf(pages, { paper, mark: marks[found.state] });
  };
  const handedOut = (id: string, print: boolean): ReportRecord => {
    const found = find(id, false);
    if (!clinical() && (found.state !== "signed" || !print)) throw fail("not_permitted");
    if (desk.altered.has(id)) throw fail("report_altered");
    return found;
  };
  const verdict = (): ReportVerdict => desk.verdict ?? { chosen: false, verdict: "unknown", claim: null, now: null };
  return {
    report_create: ({ analysis_id, conclusion, proposal }) => {
      open();
      const patient_id = clinic.analyses.find(({ id }) => id === analysis_id)?.patient_id;
      if (patient_id === undefined) throw fail("not_found");
      const made = report(clinic.id("report"), clinic.reports.length + 1, patient_id, analysis_id, { conclusion, created_at: NOW });
      clinic.reportTexts.take(made.id, conclusion, proposal);
      clinic.reports.push(made);
      told("report", made.id);
      return made;
    },
    report_update: ({ id, version, conclusion, proposal }) => {
      const found = draft(id, version);
      clinic.reportTexts.take(id, conclusion, proposal);
      return Object.assign(found, { conclusion, version: version + 1 });
    },
    report_discard: ({ id, version }) => {
      draft(id, version).state = "discarded";
      return null;
    },
    report_read: ({ id }) => view(find(id)),
    report_list: ({ text, state, from, to, before, limit }) => {
      open();
      const wanted = text.toLowerCase();
      const rows = clinic.reports
        .filter((one) => (state === null ? one.state !== "discarded" : one.state === state))
        .map(rowOf)
        .filter((row) => [row.number, row.file_name, row.patient_number, row.family_name, row.given_names].join(" ").toLowerCase().includes(wanted))
        .filter((row) => from === null || row.created_at.slice(0, 10) >= from)
        .filter((row) => to === null || row.created_at.slice(0, 10) <= to)
        .sort((a, b) => (b.created_at + b.number).localeCompare(a.created_at + a.number))
        .filter((row) => before === null || row.created_at + row.number < before.at + before.number);
      const reports = rows.slice(0, limit);
      const last = reports.at(-1);
      return { reports, next: rows.length > limit && last ? { at: last.created_at, number: last.number } : null };
    },
    report_sign: ({ id, version, meaning, password, code }) => {
      const found = draft(id, version);
      if (clinic.reportTexts.origins.get(id)?.standing === "unread") throw fail("report_text_unread");
      prove(password, code);
      sign(clinic, id);
      const first = desk.editions.get(id)?.[0];
      if (first) first.meaning = meaning;
      return view(found);
    },
    report_amend: ({ id, editions, amendment, text, password, code }) => {
      const found = find(id);
      if (found.state !== "signed") throw fail("report_locked");
      if (found.editions !== editions) throw fail("conflict");
      prove(password, code);
      sign(clinic, id, amendment === "addendum" ? "addendum" : "withdrawn", text);
      return view(found);
    },
    report_pdf: ({ id, paper, print }) => paged(handedOut(id, print), paper),
    report_export: ({ id, paper, named }) => {
      const found = handedOut(id, true);
      const name = named ? `-${rowOf(found).family_name}` : "";
      return { saved: true, path: `Documents/${found.number}${name}-${paper}.pdf` };
    },
    report_share: ({ ids, passphrase, passphrase_repeat }) => {
      if (ids.some((id) => find(id).state !== "signed")) throw problem("ids", "not_allowed");
      if (passphrase !== passphrase_repeat) throw problem("passphrase_repeat", "mismatch");
      return { saved: true, path: "Documents/reports.lentigo-share" };
    },
    share_pack_open: ({ passphrase }) => {
      open();
      if (desk.pack === null) return { opened: false, clinic_name: "", expires_at: null, reports: [] };
      if (passphrase !== desk.packPassphrase) throw fail("passphrase_wrong");
      if (desk.packExpired !== null) throw fail("share_expired", { expired_at: desk.packExpired });
      return desk.pack;
    },
    share_pack_pdf: ({ place }) => pdf([[`Report ${desk.pack?.reports[place]?.number ?? ""}`, "Quay Clinic", "", "Benign naevus."]]),
    report_verify: () => verdict(),
    report_verify_code: ({ text }) => (text === CODE ? verdict() : { chosen: true, verdict: "unknown", claim: null, now: null }),
    signing_key_read: () => ({ key: desk.keyMade ? { id: KEY_ID, public: PUBLIC_KEY, made_at: "2026-11-20T11:00:00Z" } : null }),
    signing_key_save: () => ({ saved: true, path: "Documents/clinic-key.txt" }),
    letterhead_read: () => desk.letterhead,
    letterhead_update: (letterhead) => {
      if (letterhead.lines.length > 6) throw problem("lines", "not_allowed");
      return (desk.letterhead = { ...desk.letterhead, letterhead });
    },
    letterhead_preview: ({ clinic_name, lines, paper }) =>
      pdf([[clinic_name || open().clinic_name, ...lines, "", "Sample of a report. The quick brown fox jumps over the lazy dog."]], { paper }),
    logo_save: () => {
      if (bytes[0] !== 0xff) throw fail("image_format_unsupported");
      return (desk.letterhead = { ...desk.letterhead, logo: (desk.letterhead.logo ?? 0) + 1 });
    },
    logo_remove: () => (desk.letterhead = { ...desk.letterhead, logo: null }),
  };
}

/** Many reports of several patients in every state; one with a long name, one altered. */
export function furnishReports(clinic: FakeClinic, count: number): void {
  const analysisId = clinic.analyses[0]?.id ?? "";
  for (let at = 0; at < count; at++) {
    const patient = clinic.patients[at % Math.max(1, clinic.patients.length)];
    if (!patient) return;
    const day = String(20 - (at % 18)).padStart(2, "0");
    const made = report(clinic.id("report"), clinic.reports.length + 1, patient.id, analysisId, { created_at: `2026-11-${day}T0${at % 9}:30:00Z` });
    clinic.reports.push(made);
    if (at % 4 !== 3) sign(clinic, made.id);
    if (at % 4 === 1) sign(clinic, made.id, "addendum", "Histology is in: melanoma in situ.");
    if (at % 8 === 2) sign(clinic, made.id, "withdrawn", "Written for another lesion.");
  }
}
