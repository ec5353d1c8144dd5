import type { SimilarCase } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

const NEARNESS = ["near", "fair", "fair", "far"] as const;

/** Other lesions with a reading, in the order they came; the second one was examined under the microscope. */
export function similarHandlers(clinic: FakeClinic, open: () => { role: string }): Pick<Handlers, "similar_read" | "similar_open"> {
  const guard = (id: string) => {
    const { role } = open();
    if (role !== "administrator" && role !== "clinician") throw fail("not_permitted");
    const asked = clinic.analyses.find((analysis) => analysis.id === id);
    if (!asked) throw fail("not_found");
    return asked;
  };
  const ageOf = (patientId: string): SimilarCase["age"] => {
    const born = clinic.patients.find((patient) => patient.id === patientId)?.date_of_birth ?? "1960-01-01";
    const from = Math.floor((2026 - Number(born.slice(0, 4))) / 10) * 10;
    return from >= 90 ? { from: 90, to: null } : { from, to: from + 9 };
  };
  return {
    similar_read: ({ id }) => {
      const asked = guard(id);
      const others = clinic.lesions.filter((lesion) => lesion.id !== asked.lesion_id);
      const cases = others.flatMap((lesion): SimilarCase[] => {
        const newest = clinic.analyses.filter((analysis) => analysis.lesion_id === lesion.id).at(-1);
        const image = newest?.image_ids[0];
        if (!newest || !image) return [];
        const { gate, band, label } = newest.assessment;
        return [
          {
            image_id: image,
            same_patient: lesion.patient_id === asked.patient_id,
            distance: 0,
            nearness: null,
            gate,
            band,
            label,
            histology: null,
            age: ageOf(lesion.patient_id),
            site: lesion.site,
          },
        ];
      });
      const shown = cases.slice(0, 8).map((entry, index) => ({
        ...entry,
        distance: 0.05 + index * 0.07,
        nearness: NEARNESS[Math.min(index, 3)] ?? null,
        histology: index === 1 ? { behaviour: "malignant" as const, name: "Superficial spreading melanoma" } : null,
      }));
      return { cases: shown, compared: 1_284, filling: false };
    },
    similar_open: ({ analysis_id, image_id }) => {
      guard(analysis_id);
      const found = clinic.analyses.filter((analysis) => analysis.image_ids.includes(image_id)).at(-1);
      if (!found) throw fail("not_found");
      return { patient_id: found.patient_id, lesion_id: found.lesion_id, analysis_id: found.id };
    },
  };
}
