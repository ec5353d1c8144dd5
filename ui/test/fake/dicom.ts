import type { DicomSelection, DicomSendView, PacsNode, PacsSettingsView } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";

/** DICOM out and the PACS as the core has them. */
export class FakeDicom {
  pacs: PacsNode = {
    enabled: false,
    way: "dimse",
    host: "",
    port: 104,
    called_title: "",
    calling_title: "LENTIGO",
    tls: false,
    url: "",
    access: "open",
    user: "",
    patience_seconds: 15,
  };
  secret = "";
  /** Fingerprint of what is trusted in place of the system's certificates. */
  certificate: string | null = null;
  /** Where the save dialog says; nothing when it is cancelled. */
  place: string | null = "/media/stick/P-000001-dicom.zip";
  readonly exported: DicomSelection[] = [];
  readonly sent: DicomSelection[] = [];
  damaged = 0;
  /** What becomes of each object; those beyond the list are stored. */
  outcomes: Pick<DicomSendView["objects"][number], "state" | "status">[] = [];
  error: DicomSendView["error"] = null;
}

const FINGERPRINT = "3F:9A:41:07:C2:5E:88:1B:D0:64:F7:2C:95:AE:13:70:6B:D8:02:EF:54:B1:9C:3E:77:20:8D:FA:16:C4:5B:E9";

/** The title of a PACS, or the machine that its URL names. */
const named = ({ way, called_title, url }: PacsNode): string => (way === "dimse" ? called_title : url === "" ? "" : new URL(url).hostname);

type Names =
  | "patient_dicom_export"
  | "patient_dicom_send"
  | "patient_dicom_send_cancel"
  | "pacs_status_read"
  | "pacs_settings_read"
  | "pacs_settings_update"
  | "pacs_test";

export function dicomHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
  progress: (step: { done: number; of: number }) => void,
): Pick<Handlers, Names> {
  const { dicom } = clinic;
  const may = (...roles: string[]) => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
  };
  const shown = (): PacsSettingsView => ({ node: dicom.pacs, has_secret: dicom.secret !== "", certificate: dicom.certificate });
  const clinical = () => may("administrator", "clinician");
  const plan = ({ patient_id, lesion_ids, reports, readings }: DicomSelection) => {
    const patient = clinic.patients.find(({ id }) => id === patient_id);
    if (!patient) throw fail("not_found");
    if (!patient.photo_consent) throw fail("consent_missing", { consent: "photo" });
    const going = (id: string) => {
      const lesion = clinic.lesions.find((one) => one.id === id);
      return lesion?.patient_id === patient_id && lesion.closure?.reason !== "entered_in_error" && (lesion_ids?.includes(id) ?? true);
    };
    const read = clinic.analyses.filter((one) => going(one.lesion_id));
    const told = read.filter(({ id }) => !clinic.decisions.hides(id));
    const labels = {
      photograph: clinic.images.filter((one) => going(one.lesion_id)).map((one) => one.lesion_id),
      reading: readings ? told.map((one) => one.lesion_id) : [],
      report: reports ? clinic.reports.filter((one) => told.some(({ id }) => id === one.analysis_id)).map((one) => one.number) : [],
    };
    if (labels.photograph.length === 0) throw fail("not_found");
    return { labels, withheld: read.length - told.length };
  };
  return {
    patient_dicom_export: ({ selection, password }) => {
      clinical();
      const { labels, withheld } = plan(selection);
      if (password !== clinic.password) throw fail("invalid_credentials");
      if (dicom.place === null) return { saved: false, path: null, counts: null };
      dicom.exported.push(selection);
      const { damaged, place } = dicom;
      const counts = { photographs: labels.photograph.length - damaged, reports: labels.report.length, readings: labels.reading.length, withheld, damaged };
      return { saved: true, path: place, counts };
    },
    patient_dicom_send: ({ selection }) => {
      clinical();
      if (!dicom.pacs.enabled) throw fail("pacs_failed", { reason: "off" });
      const { labels, withheld } = plan(selection);
      dicom.sent.push(selection);
      const name = (id: string) => clinic.lesions.find((lesion) => lesion.id === id)?.label ?? id;
      const objects = (["photograph", "reading", "report"] as const)
        .flatMap((kind) => labels[kind].map((label) => ({ kind, label: name(label) })))
        .map((object, at) => ({ ...object, ...(dicom.outcomes[at] ?? { state: "stored" as const, status: 0 }) }));
      objects.forEach((_, at) => progress({ done: at + 1, of: objects.length }));
      const stored = objects.filter(({ state }) => state === "stored" || state === "stored_with_warning").length;
      return { objects, stored, withheld, error: dicom.error };
    },
    patient_dicom_send_cancel: () => (clinical(), null),
    pacs_status_read: () => (clinical(), { enabled: dicom.pacs.enabled, name: named(dicom.pacs) }),
    pacs_settings_read: () => (may("administrator"), shown()),
    pacs_settings_update: ({ node, secret, certificate }) => {
      may("administrator");
      const refuse = (field: string, code: string) => fail("invalid_input", { problems: [{ field, code }] });
      if (node.called_title.includes("\\")) throw refuse("called_title", "not_allowed");
      if (secret && /^http:\/\/(?!localhost|127\.)/.test(node.url)) throw refuse("secret", "not_allowed");
      if (certificate && !certificate.includes("BEGIN CERTIFICATE")) throw refuse("certificate", "bad_format");
      dicom.pacs = node;
      dicom.secret = node.access === "open" ? "" : (secret ?? dicom.secret);
      if (certificate !== null) dicom.certificate = certificate === "" ? null : FINGERPRINT;
      return shown();
    },
    pacs_test: () => {
      may("administrator");
      if (!dicom.pacs.enabled) throw fail("pacs_failed", { reason: "off" });
      return null;
    },
  };
}
