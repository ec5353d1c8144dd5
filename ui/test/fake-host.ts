import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { accountHandlers } from "./fake/account";
import { administrationHandlers } from "./fake/administration";
import { assistantHandlers } from "./fake/assistant";
import { auditHandlers } from "./fake/audit";
import { backupHandlers } from "./fake/backups";
import { modelHandlers } from "./fake/models";
import { batchHandlers } from "./fake/batches";
import type { Commands, FieldProblem } from "./fake/types";
import { FakeClinic, fail } from "./fake/clinic";
import { comparisonHandlers } from "./fake/comparisons";
import { dataExportHandlers } from "./fake/data-export";
import { decisionHandlers } from "./fake/decisions";
import { derivedHandlers } from "./fake/derived";
import { dicomHandlers } from "./fake/dicom";
import { followUpHandlers } from "./fake/follow-up";
import { healthHandlers } from "./fake/health";
import { historyHandlers } from "./fake/history";
import { insightHandlers } from "./fake/insight";
import { lesionHandlers } from "./fake/lesions";
import { libraryHandlers } from "./fake/library";
import { migrationHandlers } from "./fake/migration";
import { patientAccessHandlers } from "./fake/patient-access";
import { performanceHandlers } from "./fake/performance";
import { portraitHandlers } from "./fake/portraits";
import { registryHandlers, rowOf } from "./fake/registry";
import { reportTextHandlers } from "./fake/report-texts";
import { reportHandlers } from "./fake/reports";
import { rightsHandlers } from "./fake/rights";
import { analysis, GOOD, image, MODEL_VIEW, NOW, POOR, RECOVERY_GROUPS } from "./fake/samples";
import { similarHandlers } from "./fake/similar";
import { timelineHandlers } from "./fake/timeline";
import { todayHandlers } from "./fake/today";
import { trayHandlers } from "./fake/tray";
import { viewerHandlers } from "./fake/viewer";

type Name = keyof Commands;
export type Handlers = { [K in Name]: (request: Commands[K]["request"]) => Commands[K]["answer"] | Promise<Commands[K]["answer"]> };
type Internals = {
  invoke: (cmd: string, args?: unknown, options?: { headers?: Record<string, string> }) => Promise<unknown>;
  runCallback: (id: number, data: unknown) => void;
  convertFileSrc: (path: string, protocol: string) => string;
};
const internals = () => (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;

/** A core in memory with the border of the real one; for tests and for looking at screens. */
export class FakeHost {
  readonly clinic = new FakeClinic();
  readonly calls: { name: string; request: unknown }[] = [];
  /** Milliseconds between two reports of an analysis; null holds it until `step` is called. */
  pace: number | null = 0;
  /** An analysis does not end before this does. */
  gate: Promise<void> = Promise.resolve();
  /** Replaces single answers. */
  readonly answers: Partial<Handlers> = {};
  #progress: ((job: unknown) => void) | null = null;

  install(pictures = "vault://localhost/"): this {
    mockIPC(() => undefined, { shouldMockEvents: true });
    const events = internals().invoke;
    internals().convertFileSrc = () => pictures;
    internals().invoke = async (cmd, args, options) => {
      if (cmd.startsWith("plugin:event|")) return events(cmd, args);
      return this.#answer(cmd as Name, args, options?.headers);
    };
    return this;
  }

  uninstall(): void {
    clearMocks();
  }

  emit(event: "record_changed" | "session_locked", payload: unknown): void {
    void internals().invoke("plugin:event|emit", { event, payload });
  }

  calledWith<K extends Name>(name: K): Commands[K]["request"][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.request as Commands[K]["request"]);
  }

  async #answer(name: Name, args: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const given = (args ?? {}) as { request?: unknown; progress?: { id: number } };
    const header = headers["x-lentigo-request"];
    // What crosses the border is JSON, whatever the window holds it in.
    const request = JSON.parse(header === undefined ? JSON.stringify(given.request ?? null) : decodeURIComponent(header));
    this.calls.push({ name, request });
    if (given.progress) {
      const { id } = given.progress;
      let index = 0;
      this.#progress = (message) => internals().runCallback(id, { index: index++, message: structuredClone(message) });
    }
    const bytes = args instanceof Uint8Array ? args : new Uint8Array();
    const answer = this.answers[name] ?? this.#handlers(bytes)[name];
    return structuredClone(await (answer as (request: unknown) => unknown)(request));
  }

  #open(): NonNullable<FakeClinic["session"]> {
    if (this.clinic.session === null) throw fail("session_locked");
    return this.clinic.session;
  }

  #changed(what: string, id: string): void {
    queueMicrotask(() => this.emit("record_changed", { what, id }));
  }

  async #run(job: Commands["job_read"]["answer"]): Promise<void> {
    const steps = ["opening", "decoding", "checking", "classifying", "explaining", "outlining", "saving"] as const;
    for (const [index, step] of steps.entries()) {
      if (this.pace === null) return;
      await new Promise((done) => setTimeout(done, this.pace ?? 0));
      if (job.state === "CANCELLED") return;
      Object.assign(job, { state: "PROCESSING", step, fraction: (index + 1) / (steps.length + 1) });
      this.#progress?.(job);
    }
    await this.gate;
    const patient = this.clinic.lesions.find((lesion) => lesion.id === job.lesion_id)?.patient_id ?? "";
    const made = analysis(this.clinic.id("analysis"), job.lesion_id, patient, job.image_ids, this.clinic.flavour);
    this.clinic.analyses.push(made);
    this.clinic.decisions.unseen.add(made.id);
    Object.assign(job, { state: "COMPLETED", step: "done", fraction: 1, analysis_id: made.id });
    this.#progress?.(job);
    this.#changed("analysis", made.id);
  }

  #handlers(bytes: Uint8Array): Handlers {
    const { clinic } = this;
    const find = <T extends { id: string }>(list: T[], id: string): T => {
      this.#open();
      const found = list.find((entry) => entry.id === id);
      if (!found) throw fail("not_found");
      return found;
    };
    return {
      app_ready: () => null,
      ...accountHandlers(clinic, () => this.#open(), () => this.#blankSession()),
      ...administrationHandlers(clinic, () => this.#open(), bytes),
      ...auditHandlers(clinic, () => this.#open()),
      ...backupHandlers(clinic, () => this.#open(), (step) => this.#progress?.(step), (what) => this.#changed(what, "")),
      ...derivedHandlers(clinic, () => this.#open(), (what) => this.#changed(what, "")),
      ...modelHandlers(clinic, () => this.#open(), (step) => this.#progress?.(step)),
      ...libraryHandlers(clinic, () => this.#open()),
      ...dicomHandlers(clinic, () => this.#open(), (step) => this.#progress?.(step)),
      ...patientAccessHandlers(clinic, () => this.#open()),
      ...followUpHandlers(clinic, () => this.#open(), (id) => this.#changed("follow_up", id)),
      ...registryHandlers(clinic, () => this.#open()),
      app_status: () => ({
        stage: clinic.stage,
        session: clinic.session,
        version: "0.1.0",
        password_min_length: 15,
        password_min_length_with_factor: 8,
      }),
      password_judge: ({ password, context, second_factor }) => {
        const personal = context.some((word) => word.length > 3 && password.toLowerCase().includes(word.toLowerCase()));
        const score = Math.min(4, Math.floor(password.length / 5));
        const problems = [
          ...(password.length < (second_factor ? 8 : 15) ? (["too_short"] as const) : []),
          ...(personal ? (["personal"] as const) : []),
          ...(score < 2 ? (["guessable"] as const) : []),
        ];
        return { score, acceptable: problems.length === 0, problems };
      },
      clinic_create: ({ clinic_name, full_name, email, password }) => {
        clinic.password = password;
        clinic.session = { ...this.#blankSession(), clinic_name, user_name: full_name, email };
        clinic.stage = "signed_in";
        return { session: clinic.session, recovery_sheet: { clinic_name, created_at: NOW, groups: RECOVERY_GROUPS } };
      },
      patient_create: ({ details }) => {
        this.#open();
        const problems: FieldProblem[] = [];
        if (details.email !== "" && !details.email.includes("@")) problems.push({ field: "email", code: "bad_format" });
        if (problems.length > 0) throw fail("invalid_input", { problems });
        const patient = clinic.addPatient(details);
        this.#changed("patient", patient.id);
        return patient;
      },
      patient_update: ({ id, version, details }) => {
        const patient = find(clinic.patients, id);
        if (patient.version !== version) throw fail("conflict");
        return Object.assign(patient, details, { version: version + 1 });
      },
      patient_read: ({ id }) => (this.#open(), clinic.page(id)),
      patient_search: ({ text, limit, offset }) => {
        this.#open();
        const plain = (value: string) => value.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
        const words = plain(text).split(/\s+/).filter(Boolean);
        const rows = clinic.patients.filter((p) => p.merged_into === null &&
          words.every((word) => plain(`${p.family_name} ${p.given_names} ${p.number} ${p.phone} ${p.date_of_birth}`).includes(word)),
        );
        return { total: rows.length, more: false, rows: rows.slice(offset, offset + limit).map(rowOf) };
      },
      lesion_create: ({ patient_id, details, place = null }) =>
        clinic.lesionView(clinic.addLesion(find(clinic.patients, patient_id), { ...details, place: place ?? null })),
      ...lesionHandlers(clinic, () => this.#open(), (id) => this.#changed("lesion", id)),
      ...portraitHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id), bytes),
      ...dataExportHandlers(clinic, () => this.#open()),
      ...migrationHandlers(clinic, () => this.#open(), (step) => this.#progress?.(step)),
      ...rightsHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id)),
      ...batchHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id)),
      ...comparisonHandlers(clinic, () => this.#open()),
      ...decisionHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id)),
      ...healthHandlers(clinic, () => this.#open()),
      ...historyHandlers(clinic, () => this.#open()),
      ...performanceHandlers(clinic, () => this.#open()),
      ...insightHandlers(clinic, () => this.#open()),
      ...similarHandlers(clinic, () => this.#open()),
      ...timelineHandlers(clinic, () => this.#open()),
      ...viewerHandlers(clinic, () => this.#open()),
      ...todayHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id), bytes),
      ...trayHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id), bytes),
      image_import: ({ lesion_id, kind }) => {
        const lesion = find(clinic.lesions, lesion_id);
        if (bytes.length === 0) throw fail("image_empty");
        if (bytes.length < 4) throw fail("image_too_small", { min_side: 224, width: 96, height: 80 });
        const sha256 = [...bytes.slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("").padEnd(64, "0");
        const known = clinic.images.find((entry) => entry.sha256 === sha256 && entry.lesion_id === lesion_id);
        if (known) return { image: known, already_stored: true };
        const quality = bytes[0] === 7 ? POOR : GOOD;
        const stored = image(clinic.id("image"), lesion_id, lesion.patient_id, { kind, sha256, quality });
        clinic.images.push(stored);
        this.#changed("image", stored.id);
        return { image: stored, already_stored: false };
      },
      analysis_start: ({ image_ids }) => {
        const first = find(clinic.images, image_ids[0] ?? "");
        const job: Commands["job_read"]["answer"] = {
          id: clinic.id("job"),
          lesion_id: first.lesion_id,
          image_ids,
          state: "PENDING",
          step: "queued",
          fraction: 0,
          analysis_id: null,
          error: null,
          created_at: NOW,
        };
        clinic.jobs.push(job);
        void this.#run(job);
        return job;
      },
      analysis_cancel: ({ id }) => Object.assign(find(clinic.jobs, id), { state: "CANCELLED" as const }),
      job_read: ({ id }) => find(clinic.jobs, id),
      analysis_read: ({ id }) => {
        const found = find(clinic.analyses, id);
        if (!clinic.sees(found.patient_id)) throw fail("not_permitted");
        if (clinic.decisions.hides(id)) throw fail("impression_required", { analysis_id: id });
        clinic.decisions.unseen.delete(id);
        return clinic.analysisView(id);
      },
      model_read: () => {
        if (this.#open().model.identity === null) throw fail("model_unavailable");
        return MODEL_VIEW;
      },
      ...assistantHandlers(clinic, () => this.#open()),
      ...reportTextHandlers(clinic, () => this.#open()),
      ...reportHandlers(clinic, () => this.#open(), (what, id) => this.#changed(what, id), bytes),
    };
  }

  #blankSession(): NonNullable<FakeClinic["session"]> {
    return new FakeClinic().session as NonNullable<FakeClinic["session"]>;
  }
}
