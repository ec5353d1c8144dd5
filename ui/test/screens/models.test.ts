import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelFilesView } from "../../src/ipc/generated";
import { comparison, trial } from "../fake/models";
import { World } from "../world";

const PASSWORD = "correct horse battery staple";

const chosen = (change: Partial<ModelFilesView> = {}): ModelFilesView => ({
  network: "resnet50.onnx",
  bytes: 94_000_000,
  card: "resnet50.card.json",
  novelty: null,
  outline: trial().outline,
  refusal: null,
  form: null,
  ...change,
});

const FORM: ModelFilesView["form"] = {
  name: "",
  version: "1",
  trained_on: "",
  licence: "",
  input_name: "image",
  width: 224,
  height: 224,
  layout: "nchw",
  channels: "rgb",
  crop: "centre_square",
  scale: 0.00392,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  output_name: "logits",
  output: "logits",
  labels: [
    { code: "", name: "", malignancy: "benign" },
    { code: "", name: "", malignancy: "benign" },
  ],
  temperature: 1,
  inconclusive_below: 0.6,
  strong_at: 0.8,
  suspicious_sum_at: 0.2,
  malignant_sum_at: 0.5,
};

describe("versions of the classifier", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const models = () => world.clinic.models;

  async function at(): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-models");
    await world.at("models-table");
  }

  async function confirm(): Promise<void> {
    await world.type("models_password", PASSWORD);
    await world.click("models-confirm-go");
  }

  it("are added with their card, tried out, compared and put in use", async () => {
    models().picked = chosen();
    await at();
    expect(await world.text("models-state")).toContain("In use");
    await world.accessible();
    await world.click("models-add");
    await world.click("models-choose");
    expect(await world.text("models-files")).toContain("resnet50.card.json");
    await world.click("models-upload");
    await world.until(() => expect(document.querySelector("[data-testid=models-state]")?.textContent).toContain("Candidate"));
    expect(world.all("models-activate")).toHaveLength(0);
    await world.click("models-check");
    expect(await world.text("models-facts")).toContain("Operator set 18");
    expect(await world.text("models-no-novelty")).toContain("absent");
    expect(world.all("models-activate")).toHaveLength(0);
    await world.click("models-compare");
    expect(await world.text("models-comparison")).toContain("Same leading class in 1 of 2 pictures");
    await world.until(() => expect(world.all("models-recall-row")).toHaveLength(2));
    expect(document.body.textContent).toContain("below the floor: will not be named");
    await world.accessible();
    await world.click("models-activate");
    expect(await world.text("models-will-not-name")).toContain("It will not name");
    await world.accessible();
    await world.type("models_password", "something else");
    await world.click("models-confirm-go");
    await world.until(() => expect(document.getElementById("models_password")?.getAttribute("aria-invalid")).toBe("true"));
    await confirm();
    await world.until(() => expect(document.querySelector("[data-testid=models-state]")?.textContent).toContain("In use"));
    expect(document.body.textContent).toContain("not named: recall below the floor");
    await world.click("models-roll-back");
    await confirm();
    await world.until(() => expect(document.querySelector("[data-testid=models-state]")?.textContent).toContain("The one before"));
    expect(document.getElementById("models-history")?.textContent).toContain("back to Shipped with Lentigo");
  });

  it("say why one is refused", async () => {
    const made = models().add();
    models().refusal = { reason: "operators", names: ["FoldSpace", "GridWarp"], expected: null, found: null };
    await at();
    await world.until(() => expect(world.all("models-show")).toHaveLength(2));
    (world.all("models-show")[1] as HTMLElement).click();
    await world.click("models-check");
    expect(await world.text("models-refusal")).toContain("FoldSpace, GridWarp");
    expect(await world.text("models-state")).toContain("Refused");
    expect(made.trial).toBeNull();
    await world.accessible();
  });

  it("refuse a file at the first look", async () => {
    models().picked = chosen({ card: null, outline: null, refusal: { reason: "lfs_pointer", names: [], expected: null, found: null } });
    await at();
    await world.click("models-add");
    await world.click("models-choose");
    expect(await world.text("models-refused")).toContain("git lfs pull");
    expect(world.all("models-upload")).toHaveLength(0);
  });

  it("take a card from a form", async () => {
    models().picked = chosen({ card: null, form: FORM });
    await at();
    await world.click("models-add");
    await world.click("models-choose");
    await world.type("card_mean", "0.5 0.5");
    await world.click("models-upload");
    for (const field of ["card_name", "card_mean", "card_code_0"]) {
      expect(document.getElementById(field)?.getAttribute("aria-invalid")).toBe("true");
    }
    await world.accessible();
    await world.type("card_name", "typed");
    await world.type("card_mean", "0.5 0.5 0.5");
    await world.type("card_code_0", "nv");
    await world.type("card_code_1", "mel");
    await world.choose("card_nature_1", "malignant");
    await world.choose("card_output", "softmax");
    await world.click("models-upload");
    await world.until(() => expect(world.host.calledWith("model_upload")).toHaveLength(1));
    const sent = world.host.calledWith("model_upload")[0]?.form;
    expect(sent).toMatchObject({ name: "typed", mean: [0.5, 0.5, 0.5], output: "softmax", width: 224 });
    expect(sent?.labels[1]).toEqual({ code: "mel", name: "mel", malignancy: "malignant" });
  });

  it("stop a comparison, and say when one is stale", async () => {
    models().add({ state: "checked", trial: trial(), comparison: comparison(0.5) });
    models().hold = true;
    await at();
    await world.until(() => expect(world.all("models-show")).toHaveLength(2));
    (world.all("models-show")[1] as HTMLElement).click();
    await world.at("models-stale");
    expect(world.all("models-activate")).toHaveLength(0);
    await world.click("models-compare");
    await world.until(() => expect(document.body.textContent).toContain("2 of 7 pictures"));
    await world.accessible();
    await world.until(() => expect(models().held).not.toBeNull());
    await world.click("models-compare-stop");
    await world.at("models-compare");
    await world.at("models-stale");
  });

  it("retire one, and say when nothing can be read", async () => {
    models().add({ state: "checked", trial: trial() });
    const [shipped] = models().versions;
    if (shipped) shipped.problem = "model_unavailable";
    models().analysesOn = false;
    await at();
    await world.at("models-problem");
    await world.at("models-off");
    await world.until(() => expect(world.all("models-show")).toHaveLength(2));
    (world.all("models-show")[1] as HTMLElement).click();
    await world.click("models-retire");
    await confirm();
    await world.until(() => expect(document.querySelector("[data-testid=models-state]")?.textContent).toContain("Retired"));
    expect(world.all("models-check")).toHaveLength(0);
  });

  it("are held against photographs with histology", async () => {
    await at();
    expect(await world.text("golden-count")).toContain("1");
    await world.click("golden-open");
    await world.until(() => expect(world.all("golden-image")).toHaveLength(2));
    await world.accessible();
    await world.choose("golden-image-golden-2", "mel");
    await world.until(() => expect(world.host.calledWith("golden_image_mark")).toEqual([{ image_id: "image-golden-2", true_class: "mel" }]));
    await world.until(() => expect(document.querySelector("[data-testid=golden-count]")?.textContent).toContain("2"));
  });
});
