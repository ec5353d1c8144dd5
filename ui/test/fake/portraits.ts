import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";

/** Portraits as the core keeps them: an edition a picture, none without consent. */
export function portraitHandlers(
  clinic: FakeClinic,
  open: () => { role: string },
  told: (what: string, id: string) => void,
  bytes: Uint8Array,
): Pick<Handlers, "portrait_save" | "portrait_remove"> {
  const patient = (id: string) => {
    if (open().role === "auditor") throw fail("not_permitted");
    const found = clinic.patients.find((candidate) => candidate.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  return {
    portrait_save: ({ patient_id }) => {
      if (!patient(patient_id).photo_consent) throw fail("consent_missing", { consent: "photo" });
      if (bytes[0] !== 0xff) throw fail("image_format_unsupported");
      const edition = Math.max(0, ...clinic.portraits.values()) + 1;
      clinic.portraits.set(patient_id, edition);
      told("patient", patient_id);
      return { edition };
    },
    portrait_remove: ({ patient_id }) => {
      if (!clinic.portraits.delete(patient(patient_id).id)) throw fail("not_found");
      told("patient", patient_id);
      return null;
    },
  };
}
