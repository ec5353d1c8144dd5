import { mount } from "svelte";
import App from "../src/app/App.svelte";
import "../src/design/index.css";
import { OWN_RECORD } from "./fake/account";
import { backup } from "./fake/backups";
import { furnishWork } from "./fake/busy";
import { analysis, details, image, POOR } from "./fake/samples";
import { furnishMany } from "./fake/many";
import { furnishReports, KEY_ID, report, sign } from "./fake/reports";
import { furnishQueue } from "./fake/today";
import { furnishTray } from "./fake/tray";
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
  furnishTray(clinic, patient.id);
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
  add(back.id, { imported_at: "2026-08-10T09:20:00Z" });
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
  clinic.reports.push(
    report("report-1", 1, patient.id, newest, {
      conclusion: "Asymmetric lesion with an atypical network. Excision arranged for next week.",
    }),
  );
}

clinic.decisions.proposals = [
  { kind: "abcd", item: "asymmetry", value: 2, basis: { measure: "asymmetry", axes: 2 } },
  { kind: "abcd", item: "border", value: 4, basis: { measure: "border", eighths: 4 } },
  { kind: "abcd", item: "colours", value: 3, basis: { measure: "colours", present: ["light_brown", "dark_brown", "black"] } },
  { kind: "abcd", item: "structures", value: 3, basis: { measure: "texture", entropy: 5.4 } },
  { kind: "weighted_seven_point", item: "diameter", value: 1, basis: { measure: "diameter", mm: 8.4, at_least: false } },
];

const visits = Number(wish.get("visits") ?? 0);

if (wish.get("stage") === "first_run") clinic.stage = "first_run";
else if (wish.get("stage") === "sign_in") clinic.stage = "sign_in";
else if (wish.get("empty") === null) furnish();
furnishMany(clinic, Number(wish.get("many") ?? 0));
furnishQueue(clinic, visits);
furnishReports(clinic, Number(wish.get("reports") ?? 0));
if (wish.get("report") !== null) {
  sign(clinic, "report-1");
  if (wish.get("report") === "amended") sign(clinic, "report-1", "addendum", "Histology is in: melanoma in situ, excised with a margin of 5 mm.");
  if (wish.get("report") === "withdrawn") sign(clinic, "report-1", "withdrawn", "Written for another lesion.");
  if (wish.get("report") === "altered") clinic.reportDesk.altered.add("report-1");
}
const verdicts = ["genuine", "altered", "key_retired", "unknown"] as const;
const verdict = verdicts.find((known) => known === wish.get("verdict"));
if (verdict) {
  const claim = { number: "R-2026-00001", edition: 1, signed_at: "2026-11-20T11:00:00Z", signer_name: "Dr. Ines Halloran", key_id: KEY_ID, key_retired_at: verdict === "key_retired" ? "2026-11-19T09:00:00Z" : null };
  const known = verdict !== "unknown";
  clinic.reportDesk.verdict = { chosen: true, verdict, claim: known ? claim : null, now: known ? { id: "report-1", state: "signed", editions: 2 } : null };
}
furnishWork(clinic, Number(wish.get("work") ?? 0));
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
if (wish.get("first") !== null) {
  clinic.decisions.readFirst = true;
  const newest = clinic.analyses.findLast(({ lesion_id }) => lesion_id === clinic.lesions[0]?.id);
  if (newest) clinic.decisions.unseen.add(newest.id);
}
if (clinic.session && wish.get("waiting") !== null) clinic.session.waiting = 3;
if (wish.get("model") === "none" && clinic.session) {
  clinic.session.model = { identity: null, problem: "model_unavailable" };
}
if (wish.get("drafting") !== null) {
  clinic.reportTexts.model = { enabled: true, url: "http://localhost:11434/v1", model: "house-8b", has_key: true, patience_seconds: 30 };
  clinic.reportTexts.hangs = wish.get("drafting") === "hangs";
}
if (wish.get("pacs") !== null) {
  Object.assign(clinic.dicom.pacs, { enabled: true, host: "pacs.house.example", port: 11_112, called_title: "HOSPITAL" });
  if (wish.get("pacs") === "web") Object.assign(clinic.dicom.pacs, { way: "dicomweb", url: "http://pacs.house.example/dicom-web", access: "password", user: "lentigo" });
  clinic.dicom.outcomes = [{ state: "stored", status: 0 }, { state: "refused", status: 0xa700 }, { state: "not_accepted", status: null }];
}
clinic.backups.there = [backup("backup-3"), backup("backup-2", { made_at: "2026-11-19T12:00:00Z" }), backup("backup-1", { made_at: "2026-11-13T12:00:00Z" })];
if (wish.get("backup") !== null) {
  clinic.backups.folder = "/media/ada/Backup drive";
  clinic.backups.hold = wish.get("backup") === "running";
  if (wish.get("backup") === "late") clinic.backups.standing = "late";
  clinic.backups.sameDisk = wish.get("backup") === "late";
}
if (wish.get("consent") === "none") {
  const patient = clinic.addPatient(details({ family_name: "Quill", given_names: "Ada", photo_consent: false, ai_consent: false }));
  clinic.addLesion(patient);
}

const target = document.getElementById("app");
if (target) mount(App, { target });
