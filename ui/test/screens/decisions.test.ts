import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analysis, image } from "../fake/samples";
import type { Role } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { World } from "../world";

describe("checklists and decisions", () => {
  let world: World;
  let reading: string;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    const photo = image("image-1", lesion.id, patient.id);
    world.clinic.images.push(photo);
    const made = analysis("analysis-1", lesion.id, patient.id, [photo.id], { band: "malignant", gate: "confident" });
    world.clinic.analyses.push(made);
    reading = made.id;
  });
  afterEach(() => world.close());

  const kept = () => world.clinic.decisions;

  async function at(tab: "reading" | "checklists" | "decision" | "readings", role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openLesion("Okonkwo");
    await world.click(`tab-${tab}`);
  }

  async function answer(name: string, value: number): Promise<void> {
    await world.click(`checklist-${name}-${value}`);
  }

  describe("a checklist", () => {
    it("is ticked by the clinician alone, sums live and is kept", async () => {
      kept().proposals = [
        { kind: "abcd", item: "colours", value: 3, basis: { measure: "colours", present: ["light_brown", "dark_brown", "black"] } },
        { kind: "abcd", item: "border", value: 4, basis: { measure: "border", eighths: 4 } },
      ];
      await at("checklists");
      expect(await world.text("checklist-colours-proposal")).toMatch(/^Proposed from the picture: 3 \(.*light brown.*black\)$/i);
      expect(document.querySelectorAll("input[type=radio]:checked")).toHaveLength(0);
      expect(await world.text("checklist-verdict")).toBe("Not yet complete (4 to go), so no verdict");
      await world.accessible();
      await answer("asymmetry", 2);
      await answer("border", 4);
      await answer("colours", 3);
      await world.until(() => expect(document.body.textContent).toContain("4.5 of 8.9"));
      expect(await world.text("checklist-verdict")).toMatch(/1 to go.*no verdict/);
      await answer("structures", 2);
      await world.until(() => expect(document.body.textContent).toContain("Highly suspicious of melanoma"));
      await world.accessible();
      await world.click("checklist-save");
      await world.until(() => expect(kept().filled).toHaveLength(1));
      expect(world.host.calledWith("checklist_save")[0]).toMatchObject({ analysis_id: reading, kind: "abcd", previous: null });
      expect(document.body.textContent).toContain("version 1");
      await world.click("checklist-sources");
      expect(await world.text("checklist-sources")).toMatch(/1\.3 A.*Stolz.*1994/);
    });

    it("is answered by number keys within its groups", async () => {
      await at("checklists");
      await world.choose("checklist-kind", "seven_point");
      (await world.at("checklist-veil-1")).focus();
      await world.user.keyboard("1");
      expect((await world.at<HTMLInputElement>("checklist-veil-1")).checked).toBe(true);
      await world.user.keyboard("0");
      expect((await world.at<HTMLInputElement>("checklist-veil-0")).checked).toBe(true);
      expect(document.activeElement?.id).toBe("checklist-veil-0");
      await world.accessible();
    });

    it("keeps the ticks of each list until they are saved, and none afterwards", async () => {
      await at("checklists");
      await answer("asymmetry", 1);
      await world.choose("checklist-kind", "seven_point");
      await answer("veil", 1);
      await world.choose("checklist-kind", "abcd");
      expect((await world.at<HTMLInputElement>("checklist-asymmetry-1")).checked).toBe(true);
      await world.click("tab-reading");
      await world.click("tab-checklists");
      await world.until(() => expect(world.all("draft-kept")).toHaveLength(1));
      await world.choose("checklist-kind", "abcd");
      await world.click("checklist-save");
      await world.until(() => expect(kept().filled).toHaveLength(1));
      await world.until(() => expect(world.all("draft-kept")).toHaveLength(0));
      expect((await world.at<HTMLButtonElement>("checklist-save")).disabled).toBe(true);
      await world.choose("checklist-kind", "seven_point");
      expect((await world.at<HTMLInputElement>("checklist-veil-1")).checked).toBe(true);
    });

    it("stays as it is once a report printed it, and shows a colleague's answers after a conflict", async () => {
      await at("checklists");
      await answer("asymmetry", 1);
      world.host.answers.checklist_save = () => {
        throw fail("conflict");
      };
      await world.click("checklist-save");
      await world.at("checklist-conflict");
      delete world.host.answers.checklist_save;
      expect((await world.at<HTMLInputElement>("checklist-asymmetry-1")).checked).toBe(true);
      await world.click("checklist-theirs");
      expect((await world.at<HTMLInputElement>("checklist-asymmetry-1")).checked).toBe(false);
      await answer("asymmetry", 1);
      await world.click("checklist-save");
      await world.until(() => expect(kept().filled).toHaveLength(1));
      for (const list of kept().filled) list.printed = true;
      await world.click("tab-reading");
      await world.click("tab-checklists");
      await world.at("checklist-printed");
      expect((await world.at<HTMLFieldSetElement>("checklist-asymmetry")).disabled).toBe(true);
      expect(world.all("checklist-save")).toHaveLength(0);
      await world.accessible();
    });
  });

  describe("reading first", () => {
    beforeEach(() => {
      kept().readFirst = true;
      kept().unseen.add(reading);
    });

    it("asks for an impression in the place of the reading and shows it afterwards", async () => {
      await at("reading");
      await world.at("impression-card");
      expect(world.all("result-band")).toHaveLength(0);
      await world.accessible();
      await world.click("impression-commit");
      expect(document.activeElement?.id).toBe("impression-term");
      await world.choose("impression-term", "nv");
      await world.click("impression-confidence-moderate");
      await world.accessible();
      await world.click("impression-commit");
      await world.at("result-band");
      expect(world.host.calledWith("impression_commit")[0]?.entry).toEqual({
        impression: { term: "nv", text: "", malignancy: null },
        confidence: "moderate",
        note: "",
      });
      await world.click("tab-decision");
      expect(await world.text("committed-impression")).toContain("Another malignancy group than the reading");
      await world.accessible();
    });

    it("tells nothing elsewhere on the screen", async () => {
      await at("decision");
      await world.at("decision-withheld");
      await world.click("tab-readings");
      await world.at("readings-withheld");
      expect(document.body.textContent).not.toMatch(/malignan/i);
      await world.accessible();
      await world.click("give-impression");
      await world.at("impression-card");
    });
  });

  describe("a decision", () => {
    it("needs a reason for doing less than the reading recommends", async () => {
      await at("decision");
      await world.choose("decision-term", "nv");
      await world.click("decision-confidence-high");
      await world.click("decision-plan-reassure");
      await world.at("decision-less");
      await world.click("decision-save");
      expect(document.activeElement?.id).toBe("override-reason");
      await world.accessible();
      await world.type("override-reason", "Unchanged for twenty years");
      await world.click("decision-save");
      expect(await world.text("decision-override")).toContain("Unchanged for twenty years");
      await world.click("decision-change");
      await world.click("decision-plan-monitor");
      await world.type("months", "70");
      await world.click("decision-save");
      expect(document.activeElement?.id).toBe("months");
      await world.type("months", "3");
      await world.click("decision-save");
      await world.until(() => expect(kept().decisions).toHaveLength(2));
      expect(kept().decisions[0]?.entry.plan).toEqual({ kind: "monitor", months: 3 });
      await world.until(() => expect(world.all("decision")).toHaveLength(2));
      expect(world.all("decision")[1]?.textContent).toContain("replaced");
      await world.accessible();
    });

    it("leads a biopsy to the form of the specimen with what was decided", async () => {
      await at("decision");
      await world.choose("decision-term", "mel");
      await world.click("decision-confidence-high");
      await world.click("decision-plan-biopsy");
      await world.click("decision-save");
      expect((await world.at<HTMLSelectElement>("impression")).value).toBe("malignant");
      expect((await world.at<HTMLTextAreaElement>("impression-text")).value).toBe("Melanoma");
      await world.accessible();
    });

    it("leads a referral to a letter", async () => {
      await at("decision");
      await world.choose("decision-term", "other");
      await world.click("decision-confidence-low");
      await world.click("decision-plan-refer");
      await world.click("decision-save");
      expect(document.activeElement?.id).toBe("decision-text");
      await world.type("decision-text", "Amelanotic nodule");
      await world.click("decision-save");
      await world.type("recipient", "Dr Brandt");
      await world.type("findings", "Pink nodule");
      await world.type("question", "Excision?");
      await world.accessible();
      await world.click("referral-save");
      await world.until(() => expect(world.all("letter")).toHaveLength(1));
      await world.click("letter-export");
      expect(world.host.calledWith("referral_export")).toHaveLength(1);
      await world.accessible();
    });

    it("keeps what was typed beside a decision that came first", async () => {
      await at("decision");
      await world.choose("decision-term", "mel");
      await world.click("decision-confidence-high");
      await world.click("decision-plan-biopsy");
      await world.type("decision-note", "Ask about the family");
      world.host.answers.decision_save = () => {
        throw fail("conflict");
      };
      await world.click("decision-save");
      await world.at("decision-conflict");
      expect((await world.at<HTMLTextAreaElement>("decision-note")).value).toBe("Ask about the family");
      await world.accessible();
    });

    it("keeps what was typed over a lock", async () => {
      await at("decision");
      await world.choose("decision-term", "mel");
      await world.type("decision-note", "Ask about the family");
      await world.until(() => {
        const last = world.host.calledWith("draft_keep").at(-1);
        expect(JSON.stringify(last?.body)).toContain("Ask about the family");
      });
    });

    it("hears that a reading was wrong, and that back", async () => {
      await at("decision");
      await world.click("feedback-open");
      await world.choose("feedback-term", "blue_naevus");
      await world.type("feedback-words", "Steel blue for years");
      await world.accessible();
      await world.click("feedback-send");
      expect(await world.text("feedback-said")).toMatch(/Reported as wrong.*Blue naevus.*Steel blue/);
      expect(kept().feedback.get(reading)?.entry.correct?.term).toBe("blue_naevus");
      await world.click("feedback-back");
      await world.at("feedback-open");
    });
  });

  it("of the front desk there are none", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    expect(document.querySelector("[data-testid=tab-decision]")).toBeNull();
  });

  it("an administrator sets that an impression comes first", async () => {
    world.clinic.setRole("administrator");
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-security");
    await world.click("read-first-on");
    await world.accessible();
    await world.click("read-first-save");
    await world.until(() => expect(kept().readFirst).toBe(true));
  });

  it("a set of cases is counted, asked for with the password and saved", async () => {
    world.clinic.setRole("clinician");
    await world.open();
    await world.click("nav-history");
    await world.click("case-set-open");
    expect(await world.text("case-set-count")).toMatch(/Cases: 0.*2 cases stay out/);
    await world.accessible();
    await world.type("password", "wrong");
    await world.click("case-set-submit");
    await world.until(() => expect(document.getElementById("password-error")).not.toBeNull());
    await world.type("password", world.clinic.password);
    await world.click("case-set-submit");
    expect(await world.text("case-set-saved")).toContain("case-set.zip");
    await world.accessible();
  });
});
