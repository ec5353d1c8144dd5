import type {
  Analysis,
  AnalysisView,
  AppError,
  BannerHold,
  BreakGlassView,
  ComparisonView,
  Disagreement,
  ErrorCode,
  ImageRecord,
  JobView,
  Lesion,
  LesionOutline,
  LesionView,
  PatientDetails,
  PatientPageView,
  PatientView,
  ReportRecord,
  Role,
  SessionView,
  Stage,
  TimelineEventView,
} from "../../src/ipc/generated";
import { FakeAccount } from "./account";
import { FakeAdministration } from "./administration";
import { FakeAssistant } from "./assistant";
import { FakeAudit } from "./audit";
import { FakeBackups } from "./backups";
import { FakeModels } from "./models";
import { FakeDecisions } from "./decisions";
import { FakeDicom } from "./dicom";
import { FakeLibrary } from "./library";
import { FakeReportTexts } from "./report-texts";
import { FakeFollowUp } from "./follow-up";
import { outline } from "./outlines";
import { FakeRegistry } from "./registry";
import { FakeReports } from "./reports";
import { FakeDataExport } from "./data-export";
import { FakeDerived } from "./derived";
import { FakeHealth } from "./health";
import { FakeInsight } from "./insight";
import { FakeMigration } from "./migration";
import { FakeRights } from "./rights";
import { FakeBatches } from "./batches";
import { FakeHistory } from "./history";
import { FakePerformance } from "./performance";
import { termsOf } from "./lesions";
import { FakeToday } from "./today";
import { FakeTray } from "./tray";
import { CROWD, details, type Flavour, NOW, RECOVERY_GROUPS, SESSION, summary } from "./samples";

export const fail = (code: ErrorCode, info: Record<string, unknown> = {}): AppError => ({ code, message: code, details: info });

/** What the fake core knows; tests reach in and change it. */
export class FakeClinic {
  stage: Stage = "signed_in";
  session: SessionView | null = structuredClone(SESSION);
  password = "correct horse battery staple";
  readonly account = new FakeAccount();
  readonly administration = new FakeAdministration();
  readonly assistant = new FakeAssistant();
  readonly audit = new FakeAudit();
  readonly backups = new FakeBackups();
  readonly models = new FakeModels();
  readonly followUp = new FakeFollowUp();
  readonly registry = new FakeRegistry();
  readonly today = new FakeToday();
  readonly tray = new FakeTray();
  timeline: TimelineEventView[] = [];
  readonly batches = new FakeBatches();
  readonly history = new FakeHistory();
  readonly performance = new FakePerformance();
  /** What the core says of photographs that may not show one lesion. */
  disagreement: Disagreement | null = null;
  /** Editions of portraits, by patient. */
  readonly portraits = new Map<string, number>();
  /** Retention holds beside the names, by patient. */
  readonly bannerHolds = new Map<string, BannerHold>();
  readonly rights = new FakeRights();
  readonly dicom = new FakeDicom();
  readonly dataExport = new FakeDataExport();
  readonly health = new FakeHealth();
  readonly derived = new FakeDerived();
  readonly insight = new FakeInsight();
  /** The model, while readings are switched off. */
  model: SessionView["model"] | null = null;
  readonly migration = new FakeMigration();
  /** A slip was issued and may be saved. */
  slipWaits = false;
  /** The recovery sheet in force. */
  sheet: readonly string[] = RECOVERY_GROUPS;
  patients: PatientView[] = [];
  lesions: Lesion[] = [];
  images: ImageRecord[] = [];
  analyses: Analysis[] = [];
  jobs: JobView[] = [];
  /** Outlines of images, where they are not the usual one; null for a reading from before there were any. */
  readonly outlines = new Map<string, LesionOutline | null>();
  readonly decisions = new FakeDecisions();
  /** By earlier and later photograph. */
  readonly comparisons = new Map<string, ComparisonView>();
  reports: ReportRecord[] = [];
  readonly reportDesk = new FakeReports();
  readonly reportTexts = new FakeReportTexts();
  readonly library = new FakeLibrary();
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
      training_consent_record: changed_at(from.training_consent),
      merged_into: null,
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
      place: null,
      closure: null,
      version: 1,
      ...change,
    };
    this.lesions.push(lesion);
    return lesion;
  }

  lesionView(lesion: Lesion): LesionView {
    const of = <T extends { lesion_id: string }>(list: T[]) => list.filter((entry) => entry.lesion_id === lesion.id).reverse();
    return {
      lesion,
      ...termsOf(lesion),
      images: of(this.images),
      analyses: of(this.analyses).filter(({ id }) => !this.decisions.hides(id)).map(summary),
      withheld: of(this.analyses)
        .filter(({ id }) => this.decisions.hides(id))
        .map(({ id, analysed_at, image_ids }) => ({ id, analysed_at, image_ids })),
      jobs: of(this.jobs).filter((job) => job.state !== "COMPLETED"),
    };
  }

  analysisView(id: string): AnalysisView {
    const found = this.analyses.find((one) => one.id === id);
    if (!found) throw fail("not_found");
    return {
      analysis: found,
      images: found.image_ids.flatMap((wanted) => this.images.filter((entry) => entry.id === wanted)),
      outlines: found.image_ids.flatMap((wanted) => this.outlines.get(wanted) ?? (this.outlines.has(wanted) ? [] : [outline(wanted)])),
      disagreement: this.disagreement,
      disclaimer:
        "Decision support, not a diagnosis. The figures come from an automated reading of photographs and do not replace examination, dermoscopy or histology. The treating clinician decides.",
    };
  }

  /** Whether whoever signed in sees the results of a patient, by role or by an emergency look. */
  sees(patientId: string): boolean {
    const { session } = this;
    if (session === null) return false;
    if (session.role === "administrator" || session.role === "clinician") return true;
    return this.runningLooks(patientId).length > 0;
  }

  /** Emergency looks of whoever is signed in. */
  runningLooks(patientId: string): BreakGlassView[] {
    const { session } = this;
    return this.administration.looks.filter(
      (look) =>
        look.user_id === session?.user_id &&
        look.patient_id === patientId &&
        look.ended_at === null &&
        Date.parse(look.until) > Date.now(),
    );
  }

  page(id: string): PatientPageView {
    const patient = this.patients.find((candidate) => candidate.id === id);
    if (!patient) throw fail("not_found");
    const clinical = this.sees(id);
    return {
      patient,
      clinical,
      look_until: this.runningLooks(id).map((look) => look.until).sort().at(-1) ?? null,
      lesions: clinical ? this.lesions.filter((l) => l.patient_id === id).map((l) => this.lesionView(l)) : [],
      merges: clinical ? this.registry.mergesOf(id) : [],
      portrait: patient.photo_consent ? (this.portraits.get(id) ?? null) : null,
      hold: this.bannerHolds.get(id) ?? null,
      reports: clinical ? this.reports.filter((r) => r.patient_id === id).reverse() : [],
    };
  }
}
