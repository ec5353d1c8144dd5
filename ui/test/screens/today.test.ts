import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PatientView, VisitState } from "../../src/ipc/generated";
import { TODAY } from "../fake/today";
import { CROWD } from "../fake/samples";
import { picture, World } from "../world";

const flat = (element: HTMLElement | undefined): string => (element?.textContent ?? "").replaceAll(/\s+/g, " ").trim();

describe("today", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  function visit(patient: PatientView, state: VisitState, change: Partial<World["clinic"]["today"]["visits"][number]> = {}) {
    const { clinic } = world;
    const arrived = ["arrived", "in_room", "done"].includes(state) ? "2026-11-20T10:05:00Z" : null;
    const made = {
      id: clinic.id("visit"),
      patient_id: patient.id,
      day: TODAY,
      planned_at: null,
      clinician_id: null,
      room: "",
      note: "",
      state,
      arrived_at: arrived,
      in_room_at: state === "in_room" ? "2026-11-20T10:25:00Z" : null,
      closed_at: ["done", "cancelled", "did_not_attend"].includes(state) ? "2026-11-20T10:28:00Z" : null,
      version: 1,
      ...change,
    };
    clinic.today.visits.push(made);
    return made;
  }

  const patients = () => CROWD.map((person) => world.clinic.addPatient(person));
  const states = () => world.all("queue-row").map((row) => row.dataset.state);

  async function open(): Promise<void> {
    await world.open();
    await world.click("nav-today");
    await world.at("queue-day");
  }

  it("registers a walk-in and puts it into the queue by keyboard alone", async () => {
    world.clinic.setRole("front_desk");
    await open();
    await world.until(() => expect(document.body.textContent).toContain("Nobody in the queue yet"));
    await world.accessible();
    const { user } = world;
    await user.keyboard("{Control>}n{/Control}");
    await world.at("family-name");
    await user.keyboard("Okonkwo{Tab}Adaeze{Tab}1971-03-09{Control>}{Enter}{/Control}");
    await world.at("queue-table");
    expect(world.host.calledWith("visit_add")).toHaveLength(1);
    expect(states()).toEqual(["arrived"]);
    expect(flat(world.all("queue-row")[0])).toContain("P-000001");
    await world.accessible();
  });

  it("lists who is seen to in order, with waiting time, note and photographs", async () => {
    const [a, b, c, d, e] = patients() as [PatientView, PatientView, PatientView, PatientView, PatientView];
    visit(e, "done");
    visit(d, "expected", { planned_at: "2026-11-20T11:00:00Z" });
    visit(c, "arrived", { note: "Mole bleeds", arrived_at: "2026-11-20T10:10:00Z" });
    visit(b, "arrived", { arrived_at: "2026-11-20T08:00:00Z" });
    visit(a, "in_room");
    await open();
    await world.until(() => expect(states()).toEqual(["in_room", "arrived", "arrived", "expected", "done"]));
    const waits = world.all("queue-waited").map((cell) => flat(cell));
    expect(waits).toEqual(["20 min", "2 h 30 min", "20 min", "", "23 min"]);
    expect(flat(world.all("queue-row")[2])).toContain("Mole bleeds");
    expect(flat(await world.at("queue-count-arrived"))).toBe("2 Arrived");
    await world.accessible();
  });

  it("moves a visit by keys and takes a wrong step back", async () => {
    const [patient] = patients() as [PatientView];
    visit(patient, "expected");
    await open();
    const row = await world.at("queue-open");
    row.focus();
    const pause = () => new Promise((done) => setTimeout(done, 200));
    for (const [key, state] of [
      ["a", "arrived"],
      ["r", "in_room"],
      ["d", "done"],
      ["z", "in_room"],
    ] as const) {
      await pause();
      await world.user.keyboard(key);
      await world.until(() => expect(states()).toEqual([state]));
    }
    // A key that leads nowhere from here does nothing.
    await pause();
    await world.user.keyboard("n");
    await pause();
    expect(states()).toEqual(["in_room"]);
    expect(world.host.calledWith("visit_move").map(({ step }) => step)).toEqual(["arrive", "enter_room", "finish", "take_back"]);
  });

  it("is no command when a scanner types over a row", async () => {
    const [, second] = patients() as [PatientView, PatientView];
    visit(second, "expected");
    await open();
    (await world.at("queue-open")).focus();
    await world.user.keyboard("P-000002{Enter}");
    expect(await world.text("scan-name")).toContain(second.family_name);
    await world.accessible();
    await world.click("scan-arrive");
    await world.until(() => expect(states()).toEqual(["arrived"]));
    expect(world.host.calledWith("visit_move").map(({ step }) => step)).toEqual(["arrive"]);
  });

  it("finds a scanned patient from anywhere and says when there is none", async () => {
    const [first] = patients() as [PatientView];
    await world.open();
    const search = await world.at<HTMLInputElement>("patient-search");
    await world.user.type(search, "P-000001{Enter}");
    expect(await world.text("scan-visit")).toContain("No visit today");
    expect(search.value).toBe("");
    await world.click("scan-open");
    expect(await world.text("patient-number")).toBe(first.number);
    await world.user.keyboard("P-999999{Enter}");
    expect(await world.text("scan-nobody")).toContain("P-999999");
    await world.accessible();
  });

  it("adds somebody who is here, and somebody for later", async () => {
    const [first, second] = patients() as [PatientView, PatientView];
    await open();
    await world.user.keyboard("{F2}");
    await world.type("visit-patient", first.family_name);
    await world.at("visit-patient-row");
    await world.accessible();
    await world.user.keyboard("{ArrowDown}{Enter}");
    await world.type("visit-note", "Wound check");
    await world.accessible();
    await world.click("visit-add");
    await world.until(() => expect(states()).toEqual(["arrived"]));
    await world.click("queue-add");
    await world.type("visit-patient", second.family_name);
    await world.click("visit-patient-row");
    await world.click("visit-later");
    await world.type("visit-planned", "half past");
    await world.click("visit-add");
    await world.until(() => expect(document.activeElement?.id).toBe("visit-planned"));
    await world.type("visit-planned", "1130");
    await world.click("visit-add");
    await world.until(() => expect(states()).toEqual(["arrived", "expected"]));
    expect(world.host.calledWith("visit_add").map(({ arrived, entry }) => [arrived, entry.planned])).toEqual([
      [true, null],
      [false, "11:30"],
    ]);
  });

  it("shows who stayed over midnight and counts who never came", async () => {
    const [first, second] = patients() as [PatientView, PatientView];
    visit(first, "arrived", { day: "2026-11-19", arrived_at: "2026-11-19T23:30:00Z" });
    visit(second, "expected", { day: "2026-11-18" });
    await open();
    expect(await world.text("queue-earlier")).toContain("19");
    expect(await world.text("queue-unclosed")).toContain("One visit of an earlier day");
    expect(flat(world.all("queue-waited")[0])).toBe("11 h 00 min");
    await world.click("queue-unclosed-show");
    await world.until(() => expect(states()).toEqual(["expected"]));
    await world.click("queue-back");
    await world.until(() => expect(states()).toEqual(["arrived"]));
    await world.click("queue-before");
    await world.until(() => expect(world.host.calledWith("queue_read").at(-1)?.day).toBe("2026-11-19"));
  });

  it("takes photographs in at the desk, changes the visit and saves the slip", async () => {
    world.clinic.setRole("front_desk");
    const [first] = patients() as [PatientView];
    first.photo_consent = true;
    visit(first, "arrived");
    await open();
    await world.click("queue-open");
    await world.at("visit-panel");
    await world.accessible();
    await world.user.upload(await world.at("desk-file-input"), [picture("one.jpg", 1, 2, 3, 4), picture("two.jpg", 1, 2), picture("three.jpg", 1, 2, 3, 4)]);
    await world.until(() => expect(world.all("desk-photo-entry").map((entry) => entry.dataset.state)).toEqual(["added", "refused", "known"]));
    expect(await world.text("desk-photos-waiting")).toContain("1 photograph waits");
    await world.accessible();
    await world.type("visit-note", "Left forearm");
    await world.click("visit-save");
    await world.until(() => expect(world.clinic.today.visits[0]?.note).toBe("Left forearm"));
    await world.click("visit-slip");
    await world.until(() => expect(world.clinic.today.slips).toBe(1));
    await world.click("visit-step-enter_room");
    await world.until(() => expect(states()).toEqual(["in_room"]));
  });

  it("keeps what was typed over a lock", async () => {
    const [first] = patients() as [PatientView];
    visit(first, "arrived");
    await open();
    await world.user.keyboard("{ArrowDown}{Enter}");
    await world.type("visit-note", "Left forearm, half");
    await world.until(() => expect(world.host.calledWith("draft_keep").length).toBeGreaterThan(0));
    await world.click("lock");
    await world.type("sign-in-password", world.clinic.password);
    await world.user.keyboard("{Enter}");
    expect(await world.text("draft-kept")).not.toBe("");
    expect((await world.at<HTMLTextAreaElement>("visit-note")).value).toBe("Left forearm, half");
    await world.click("visit-save");
    await world.until(() => expect(world.clinic.today.visits[0]?.note).toBe("Left forearm, half"));
    expect(world.host.calledWith("draft_keep").at(-1)?.body).toBeNull();
  });

  it("tells at the end of a photograph that was refused after the visit was closed", async () => {
    const [first] = patients() as [PatientView];
    const arrived = visit(first, "arrived");
    await open();
    await world.click("queue-open");
    let refuse = (): void => undefined;
    world.host.answers.desk_photo_add = () => new Promise((_, no) => (refuse = () => no({ code: "image_unreadable", message: "", details: {} })));
    await world.user.upload(await world.at("desk-file-input"), [picture("one.jpg", 1, 2, 3, 4), picture("two.jpg", 4, 3, 2, 1)]);
    await world.until(() => expect(world.host.calledWith("desk_photo_add")).toHaveLength(1));
    await world.user.keyboard("{Escape}");
    await world.until(() => expect(world.all("visit-panel")).toHaveLength(0));
    refuse();
    // The one that waited behind it still goes to the visit it was meant for.
    await world.until(() => expect(world.host.calledWith("desk_photo_add").map(({ visit_id }) => visit_id)).toEqual([arrived.id, arrived.id]));
    await world.until(() => expect(world.all("toast").map(({ textContent }) => textContent).join()).toContain("A photograph from the front desk was rejected"));
  });

  it("says that a visit was changed since the typing began, and takes either", async () => {
    const [first] = patients() as [PatientView];
    visit(first, "arrived");
    await open();
    await world.user.keyboard("{ArrowDown}{Enter}");
    await world.type("visit-note", "Left forearm");
    await world.until(() => expect(world.host.calledWith("draft_keep").length).toBeGreaterThan(0));
    await world.click("lock");
    const [stored] = world.clinic.today.visits;
    if (stored) Object.assign(stored, { note: "Came with her daughter", room: "3", version: stored.version + 1 });
    await world.type("sign-in-password", world.clinic.password);
    await world.user.keyboard("{Enter}");
    expect(await world.text("visit-overtaken")).toContain("Came with her daughter");
    expect((await world.at<HTMLTextAreaElement>("visit-note")).value).toBe("Left forearm");
    // Nobody typed in the room: it is the stored one, and no matter of choice.
    expect((await world.at<HTMLInputElement>("visit-room")).value).toBe("3");
    expect(await world.text("visit-overtaken")).not.toContain("Room");
    await world.accessible();
    await world.click("visit-take-theirs");
    await world.until(() => expect((document.getElementById("visit-note") as HTMLTextAreaElement).value).toBe("Came with her daughter"));
    expect(world.all("visit-overtaken")).toHaveLength(0);
  });

  it("tells when somebody else was faster", async () => {
    const [first] = patients() as [PatientView];
    const made = visit(first, "arrived");
    await open();
    await world.at("queue-step");
    Object.assign(made, { state: "in_room", in_room_at: "2026-11-20T10:29:00Z", version: 2 });
    await world.click("queue-step");
    expect(await world.text("failure")).toContain("Someone else changed");
    expect(states()).toEqual(["in_room"]);
  });

  it("lets the auditor read and nothing else", async () => {
    world.clinic.setRole("auditor");
    const [first] = patients() as [PatientView];
    visit(first, "arrived", { note: "Mole bleeds" });
    await open();
    await world.click("queue-open");
    expect(await world.text("visit-panel")).toContain("Mole bleeds");
    for (const hook of ["queue-add", "queue-step", "visit-save", "visit-slip", "visit-step-finish", "desk-photos-add"]) {
      expect(world.all(hook), hook).toHaveLength(0);
    }
    await world.accessible();
  });

  it("holds forty visits", async () => {
    for (let number = 0; number < 40; number++) {
      const person = CROWD[number % CROWD.length];
      if (person) visit(world.clinic.addPatient(person), "expected", { planned_at: new Date(Date.UTC(2026, 10, 20, 8, number * 10)).toISOString() });
    }
    await open();
    await world.until(() => expect(world.all("queue-row")).toHaveLength(40));
    const rows = world.all("queue-open");
    rows[0]?.focus();
    await world.user.keyboard("{End}");
    expect(document.activeElement).toBe(rows[39]);
    await world.user.keyboard("{ArrowUp}");
    expect(document.activeElement).toBe(rows[38]);
  });

  it("gives waiting photographs to a lesion, or discards them with a reason", async () => {
    const patient = world.clinic.addPatient();
    const made = visit(patient, "arrived");
    const lesion = world.clinic.addLesion(patient);
    await open();
    await world.click("queue-open");
    await world.user.upload(await world.at("desk-file-input"), [picture("one.jpg", 1, 2, 3, 4), picture("two.jpg", 9, 2, 3, 4)]);
    await world.until(() => expect(world.clinic.today.photos).toHaveLength(2));
    expect(world.clinic.today.photos[0]?.visit_id).toBe(made.id);
    await world.click("visit-open-patient");
    await world.until(() => expect(world.all("waiting-photo")).toHaveLength(2));
    await world.accessible();
    await world.choose(`waiting-lesion-${world.clinic.today.photos[0]?.id}`, lesion.id);
    await world.user.click(world.all("waiting-assign")[0] as HTMLElement);
    await world.until(() => expect(world.all("waiting-photo")).toHaveLength(1));
    expect(world.host.calledWith("desk_photo_assign")[0]).toMatchObject({ lesion_id: lesion.id, kind: "dermoscopic" });
    await world.click("waiting-discard");
    await world.click("waiting-discard-save");
    await world.until(() => expect(document.activeElement?.id).toBe("reason"));
    await world.accessible();
    await world.type("reason", "Another patient");
    await world.click("waiting-discard-save");
    await world.until(() => expect(world.all("waiting-photo")).toHaveLength(0));
  });

  it("shows the front desk no waiting photograph", async () => {
    world.clinic.setRole("front_desk");
    world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    expect(world.host.calledWith("desk_photo_list")).toHaveLength(0);
  });
});
