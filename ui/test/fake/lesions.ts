import type { CodedTerm, Lesion, LesionView } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

const TERMS: Partial<Record<Lesion["site"], CodedTerm>> = {
  back: { scheme: "SCT", code: "66643007", meaning: "Skin of back" },
  chest: { scheme: "SCT", code: "244106003", meaning: "Skin of anterior surface of thorax" },
};
const SKIN: CodedTerm = { scheme: "SCT", code: "39937001", meaning: "Skin" };
const SIDES: Partial<Record<Lesion["laterality"], CodedTerm>> = {
  left: { scheme: "SCT", code: "7771000", meaning: "Left" },
  right: { scheme: "SCT", code: "24028007", meaning: "Right" },
};

/** What the core derives of a lesion: its identity and its codes. */
export function termsOf(lesion: Lesion): Pick<LesionView, "uid" | "site_term" | "side_term"> {
  const digits = [...lesion.id].map((letter) => letter.charCodeAt(0)).join("");
  return { uid: `2.25.${digits}`, site_term: TERMS[lesion.site] ?? SKIN, side_term: SIDES[lesion.laterality] ?? null };
}

type Names = "lesion_update" | "lesion_move" | "lesion_close" | "lesion_reopen";

/** Changes of lesions, with the version that guards each. */
export function lesionHandlers(clinic: FakeClinic, open: () => { role: string }, told: (id: string) => void): Pick<Handlers, Names> {
  const change = (id: string, version: number, by: (lesion: Lesion) => Partial<Lesion>): LesionView => {
    const { role } = open();
    if (role !== "administrator" && role !== "clinician") throw fail("not_permitted");
    const lesion = clinic.lesions.find((entry) => entry.id === id);
    if (!lesion) throw fail("not_found");
    if (lesion.version !== version) throw fail("conflict");
    Object.assign(lesion, by(lesion), { version: version + 1 });
    told(id);
    return clinic.lesionView(lesion);
  };
  return {
    lesion_update: ({ id, version, details, place }) => change(id, version, () => ({ ...details, place })),
    lesion_move: ({ id, version, place }) => change(id, version, () => ({ place })),
    lesion_close: ({ id, version, closure }) =>
      change(id, version, (lesion) => {
        if (lesion.closure) throw fail("conflict");
        return { closure };
      }),
    lesion_reopen: ({ id, version }) => change(id, version, () => ({ closure: null })),
  };
}
