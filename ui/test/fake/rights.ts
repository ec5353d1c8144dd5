import type { HoldView, PatientEraseRequest, SubjectExportRequest } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { NOW } from "./samples";

const SHORTEST = 12;
const problem = (field: string, code: string, limit?: number) => fail("invalid_input", { problems: [{ field, code, ...(limit === undefined ? {} : { limit }) }] });

/** Holds, exports and erasures as the core keeps them. */
export class FakeRights {
  readonly holds = new Map<string, HoldView>();
  readonly exported: SubjectExportRequest[] = [];
  readonly erased: PatientEraseRequest[] = [];
  /** Where the save dialog says; nothing when it is cancelled. */
  place: string | null = "/media/stick/P-000001-record.zip";
  clean = true;
}

type Names = "hold_read" | "hold_set" | "hold_lift" | "subject_export" | "patient_erase";

export function rightsHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
  told: (what: string, id: string) => void,
): Pick<Handlers, Names> {
  const { rights } = clinic;
  const known = (id: string, ...roles: string[]) => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
    const patient = clinic.patients.find((candidate) => candidate.id === id);
    if (!patient) throw fail("not_found");
    return patient;
  };
  const again = (password: string) => {
    if (password !== clinic.password) throw fail("invalid_credentials");
  };
  return {
    hold_read: ({ patient_id }) => (known(patient_id, "administrator", "clinician"), rights.holds.get(patient_id) ?? null),
    hold_set: ({ patient_id, details }) => {
      known(patient_id, "administrator");
      if (details.until !== null && details.until < NOW.slice(0, 10)) throw problem("until", "too_long_ago");
      const hold = { ...details, set_by: open().user_name, set_at: NOW };
      rights.holds.set(patient_id, hold);
      clinic.bannerHolds.set(patient_id, { until: details.until });
      told("patient", patient_id);
      return hold;
    },
    hold_lift: ({ patient_id }) => {
      known(patient_id, "administrator");
      if (!rights.holds.delete(patient_id)) throw fail("not_found");
      clinic.bannerHolds.delete(patient_id);
      told("patient", patient_id);
      return null;
    },
    subject_export: (request) => {
      known(request.patient_id, "administrator", "clinician");
      if (request.passphrase !== null && request.passphrase.length < SHORTEST) throw problem("passphrase", "too_short", SHORTEST);
      if (request.passphrase !== request.passphrase_repeat) throw problem("passphrase_repeat", "mismatch");
      again(request.password);
      if (rights.place !== null) rights.exported.push(request);
      return { saved: rights.place !== null, path: rights.place };
    },
    patient_erase: (request) => {
      const patient = known(request.patient_id, "administrator");
      if (request.number.trim() !== patient.number) throw problem("number", "mismatch");
      again(request.password);
      if (clinic.bannerHolds.has(patient.id)) throw fail("patient_on_hold");
      clinic.patients.splice(clinic.patients.indexOf(patient), 1);
      rights.erased.push(request);
      told("patient", patient.id);
      return { files: 6, clean: rights.clean };
    },
  };
}
