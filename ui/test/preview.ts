import { mount } from "svelte";
import App from "../src/app/App.svelte";
import "../src/design/index.css";
import { OWN_RECORD } from "./fake/account";
import { analysis, details, image, POOR } from "./fake/samples";
import { furnishQueue } from "./fake/today";
import { FakeHost } from "./fake-host";

// The real window runs with frozen prototypes; what breaks under them must break here too.
Object.freeze(Object.prototype);

const wish = new URLSearchParams(location.search);
const host = new FakeHost().install("/vault/");
const { clinic } = host;
host.pace = 700;

function furnish(): void {
  clinic.addCrowd();
  const patient = clinic.addPatient();
  const back = clinic.addLesion(patient, { note: "Noticed by the partner in spring, darker since.", place: { view: "back", x: 0.42, y: 0.31 } });
  const calf = clinic.addLesion(patient, { label: "mole left calf", site: "lower_leg", place: { view: "back", x: 0.4, y: 0.8 } });
  clinic.addLesion(patient, { label: "L3", site: "face", laterality: "midline" });
  clinic.addLesion(patient, { label: "L4", site: "chest", place: { view: "front", x: 0.62, y: 0.27 } });
  clinic.addLesion(patient, {
    label: "L5",
    site: "chest",
    place: { view: "front", x: 0.63, y: 0.275 },
    closure: { reason: "excised", on: "2026-10-02", note: "" },
  });
  clinic.addLesion(patient, { label: "L6", site: "cheek", laterality: "left", place: { view: "head_left", x: 0.4, y: 0.62 } });
  clinic.addLesion(patient, { label: "L7", site: "thigh", laterality: "right", place: { view: "front", x: 0.62, y: 0.6 } });
  const views = ["front", "back", "back", "head_left", "hand_right_dorsal", "foot_left_dorsal"] as const;
  for (let count = 0; count < Number(wish.get("lesions") ?? 0); count++) {
    const [across, down] = [(count * 37) % 100, (count * 61) % 100];
    clinic.addLesion(patient, { place: { view: views[count % 6] ?? "back", x: 0.36 + across / 380, y: 0.2 + down / 480 } });
  }
  const add = (lesion: string, change = {}) => {
    const made = image(clinic.id("image"), lesion, patient.id, change);
    clinic.images.push(made);
    return made.id;
  };
  const [first, second] = [add(back.id), add(back.id, { quality: POOR, kind: "clinical" })];
  const third = add(calf.id, { kind: "clinical" });
  const read = (lesion: string, ids: string[], flavour: Parameters<typeof analysis>[4]) => {
    const made = analysis(clinic.id("analysis"), lesion, patient.id, ids, flavour);
    clinic.analyses.push(made);
    return made.id;
  };
  read(back.id, [first], { band: "benign", gate: "confident" });
  read(back.id, [first], { band: "benign", gate: "inconclusive" });
  read(back.id, [second], { band: "suspicious", gate: "out_of_distribution" });
  read(back.id, [first], { band: "suspicious", gate: "uncertain", override: true });
  const newest = read(back.id, [second, first], { band: "malignant", gate: "confident" });
  read(calf.id, [third], { band: "suspicious", gate: "confident" });
  clinic.reports.push({
    id: "report-1",
    number: "R-2026-00001",
    patient_id: patient.id,
    analysis_id: newest,
    conclusion: "Asymmetric lesion with an atypical network. Excision arranged for next week.",
    created_at: "2026-11-20T11:00:00Z",
  });
}

const visits = Number(wish.get("visits") ?? 0);

if (wish.get("stage") === "first_run") clinic.stage = "first_run";
else if (wish.get("stage") === "sign_in") clinic.stage = "sign_in";
else if (wish.get("empty") === null) furnish();
furnishQueue(clinic, visits);
if (clinic.stage !== "signed_in") clinic.session = null;
const roles = ["front_desk", "auditor", "clinician"] as const;
const role = roles.find((known) => known === wish.get("role"));
if (role) clinic.setRole(role);
if (wish.get("factor") !== null) {
  clinic.account.secondFactor = true;
  if (clinic.session) clinic.session.second_factor = true;
}
if (wish.get("duty") !== null && clinic.session) clinic.session.duty = "choose_password";
if (wish.get("stage") === "second_factor" || wish.get("stage") === "patient_view") {
  clinic.stage = wish.get("stage") as typeof clinic.stage;
  clinic.session = null;
  clinic.account.viewing = { record: OWN_RECORD, ends_in_seconds: 600, idle_seconds: 120 };
}
if (clinic.session && wish.get("waiting") !== null) clinic.session.waiting = 3;
if (wish.get("model") === "none" && clinic.session) {
  clinic.session.model = { identity: null, problem: "model_unavailable" };
}
if (wish.get("consent") === "none") {
  const patient = clinic.addPatient(details({ family_name: "Quill", given_names: "Ada", photo_consent: false, ai_consent: false }));
  clinic.addLesion(patient);
}

const target = document.getElementById("app");
if (target) mount(App, { target });
