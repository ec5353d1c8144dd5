import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import type { BreakGlassView, Role, SessionView } from "./types";

export const SLIP_CODE = "7QWRK-M3X9D-T5HVA-2PNZB";

/** Patient slips and emergency looks, with the answers of the real core. */
export function patientAccessHandlers(clinic: FakeClinic, open: () => SessionView) {
  const only = (...roles: Role[]): SessionView => {
    const session = open();
    if (!roles.includes(session.role)) throw fail("not_permitted");
    return session;
  };
  const problem = (field: string, code: string, limit: number) => fail("invalid_input", { problems: [{ field, code, limit }] });
  const patient = (id: string) => {
    const found = clinic.patients.find((candidate) => candidate.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  return {
    patient_view_issue: ({ patient_id, hours }) => {
      only("administrator", "clinician");
      if (hours < 1 || hours > 72) throw problem("hours", "not_allowed", 72);
      const { number, photo_consent } = patient(patient_id);
      if (!photo_consent) throw fail("consent_missing", { consent: "photo" });
      clinic.slipWaits = true;
      return {
        patient_number: number,
        code: SLIP_CODE,
        expires_at: new Date(Date.now() + hours * 3_600_000).toISOString(),
        pictures: clinic.images.filter((image) => image.patient_id === patient_id).length,
        reports: clinic.reports.filter((report) => report.patient_id === patient_id).length,
      };
    },
    patient_slip_save: () => {
      only("administrator", "clinician");
      if (!clinic.slipWaits) throw fail("not_found");
      return { saved: true, path: "Documents/patient-slip.pdf" };
    },
    break_glass_open: ({ patient_id, reason, minutes }) => {
      const { user_id, user_name } = only("front_desk", "auditor");
      const length = [...reason.trim()].length;
      if (length < 10) throw problem("reason", "too_short", 10);
      if (length > 500) throw problem("reason", "too_long", 500);
      if (minutes < 1 || minutes > 60) throw problem("minutes", "not_allowed", 60);
      const look: BreakGlassView = {
        id: clinic.id("look"),
        user_id,
        user_name,
        patient_id,
        patient_number: patient(patient_id).number,
        reason: reason.trim(),
        opened_at: new Date().toISOString(),
        until: new Date(Date.now() + minutes * 60_000).toISOString(),
        ended_at: null,
        uses: 0,
        reviewed_by: null,
        reviewed_at: null,
        review_note: null,
      };
      clinic.administration.looks.push(look);
      return look;
    },
    break_glass_end: ({ patient_id }) => {
      only("front_desk", "auditor");
      const running = clinic.runningLooks(patient_id);
      if (running.length === 0) throw fail("not_found");
      for (const look of running) look.ended_at = new Date().toISOString();
      return null;
    },
  } satisfies Partial<Handlers>;
}
