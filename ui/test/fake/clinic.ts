import type {
  Analysis,
  AppError,
  ErrorCode,
  ImageRecord,
  JobView,
  Lesion,
  LesionView,
  PatientDetails,
  PatientPageView,
  PatientView,
  ReportRecord,
  Role,
  SessionView,
  Stage,
} from "../../src/ipc/generated";
import { FakeAccount } from "./account";
import { FakeAdministration } from "./administration";
import { FakeAudit } from "./audit";
import { CROWD, details, type Flavour, NOW, RECOVERY_GROUPS, SESSION, summary } from "./samples";

export const fail = (code: ErrorCode, info: Record<string, unknown> = {}): AppError => ({ code, message: code, details: info });

/** What the fake core knows; tests reach in and change it. */
export class FakeClinic {
  stage: Stage = "signed_in";
  session: SessionView | null = structuredClone(SESSION);
  password = "correct horse battery staple";
  readonly account = new FakeAccount();
  readonly administration = new FakeAdministration();
  readonly audit = new FakeAudit();
  /** A slip was issued and may be saved. */
  slipWaits = false;
  /** The recovery sheet in force. */
  sheet: readonly string[] = RECOVERY_GROUPS;
  patients: PatientView[] = [];
  lesions: Lesion[] = [];
  images: ImageRecord[] = [];
  analyses: Analysis[] = [];
  jobs: JobView[] = [];
  reports: ReportRecord[] = [];
  /** How the next analysis turns out. */
  flavour: Flavour = { band: "malignant", gate: "confident" };
  #next = 1;

  id(kind: string): string {
    return `${kind}-${this.#next++}`;
  }

  setRole(role: Role): void {
    if (this.session) this.session = { ...this.session, role };
  }

  addPatient(from: PatientDetails = details()): PatientView {
    const changed_at = (given: boolean) => ({ given, changed_at: given ? NOW : null });
    const patient: PatientView = {
      ...from,
      age: new Date(NOW).getUTCFullYear() - Number(from.date_of_birth.slice(0, 4)),
      id: this.id("patient"),
      number: `P-${String(this.patients.length + 1).padStart(6, "0")}`,
      photo_consent_record: changed_at(from.photo_consent),
      ai_consent_record: changed_at(from.ai_consent),
      registered_at: NOW,
      version: 1,
    };
    this.patients.push(patient);
    return patient;
  }

  addCrowd(): void {
    for (const person of CROWD) this.addPatient(person);
  }

  addLesion(patient: PatientView, change: Partial<Lesion> = {}): Lesion {
    const lesion: Lesion = {
      id: this.id("lesion"),
      patient_id: patient.id,
      created_at: NOW,
      label: `L${this.lesions.length + 1}`,
      site: "back",
      laterality: "left",
      note: "",
      ...change,
    };
    this.lesions.push(lesion);
    return lesion;
  }

  lesionView(lesion: Lesion): LesionView {
    const of = <T extends { lesion_id: string }>(list: T[]) => list.filter((entry) => entry.lesion_id === lesion.id).reverse();
    return {
      lesion,
      images: of(this.images),
      analyses: of(this.analyses).map(summary),
      jobs: of(this.jobs).filter((job) => job.state !== "COMPLETED"),
    };
  }

  /** Whether whoever signed in sees the results of a patient, by role or by an emergency look. */
  sees(patientId: string): boolean {
    const { session } = this;
    if (session === null) return false;
    if (session.role === "administrator" || session.role === "clinician") return true;
    return this.administration.looks.some(
      (look) => look.user_id === session.user_id && look.patient_id === patientId && Date.parse(look.until) > Date.now(),
    );
  }

  page(id: string): PatientPageView {
    const patient = this.patients.find((candidate) => candidate.id === id);
    if (!patient) throw fail("not_found");
    const clinical = this.sees(id);
    return {
      patient,
      clinical,
      lesions: clinical ? this.lesions.filter((l) => l.patient_id === id).map((l) => this.lesionView(l)) : [],
      reports: clinical ? this.reports.filter((r) => r.patient_id === id).reverse() : [],
    };
  }
}
