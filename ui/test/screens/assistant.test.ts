import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { render, screen } from "@testing-library/svelte";
import AssistantScreen from "../../src/features/assistant/AssistantScreen.svelte";
import { Conversations } from "../../src/features/assistant/conversations.svelte";
import { fail } from "../fake/clinic";
import { World } from "../world";

describe("the assistant", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const rules = (): (string | undefined)[] => world.all("answer").map((one) => one.dataset.rule);

  async function enters(): Promise<void> {
    await world.open();
    await world.click("nav-assistant");
    await world.at("assistant-question");
  }

  async function asks(question: string): Promise<void> {
    const before = world.all("answer").length;
    await world.type("assistant-question", question);
    await world.user.keyboard("{Enter}");
    await world.until(() => expect(world.all("answer")).toHaveLength(before + 1));
  }

  it("begins with examples, and says that no names belong here", async () => {
    await enters();
    await world.at("assistant-begin");
    expect(document.body.textContent).toContain("do not write names of patients");
    await world.at("conversations-none");
    expect(document.activeElement?.id).toBe("assistant-question");
    await world.accessible();
    await world.user.click(world.all("assistant-example")[0] as HTMLElement);
    await world.until(() => expect(rules()).toEqual(["accuracy"]));
    expect(world.all("conversation-row")).toHaveLength(1);
  });

  it("leaves what is typed when an example is asked, or more is typed while it answers", async () => {
    await enters();
    await world.type("assistant-question", "Half a");
    await world.user.click(world.all("assistant-example")[0] as HTMLElement);
    await world.until(() => expect(rules()).toEqual(["accuracy"]));
    expect((await world.at<HTMLTextAreaElement>("assistant-question")).value).toBe("Half a");
  });

  it("gives an answer to the conversation that asked, not to the one that is open by then", async () => {
    await enters();
    let answer = (): void => undefined;
    const waits = new Promise<void>((done) => (answer = done));
    world.host.answers.assistant_ask = async ({ question, language }) => {
      await waits;
      return world.clinic.assistant.ask(null, question, language);
    };
    await world.type("assistant-question", "hello");
    await world.user.keyboard("{Enter}");
    await world.user.keyboard("{Control>}{Shift>}o{/Shift}{/Control}");
    answer();
    await world.until(() => expect(world.all("conversation-row")).toHaveLength(1));
    expect(world.all("answer")).toHaveLength(0);
    expect(await world.text("assistant-heard")).toBe("");
    await world.at("assistant-begin");
  });

  it("tells what went wrong to the conversation that asked, and waits for each answer", async () => {
    const asked: ((refused: boolean) => void)[] = [];
    world.host.answers.assistant_ask = async ({ question, language }) => {
      const refused = await new Promise<boolean>((done) => asked.push(done));
      if (refused) throw fail("internal");
      return world.clinic.assistant.ask(null, question, language);
    };
    const conversations = new Conversations();
    const first = conversations.ask("hello");
    conversations.begin();
    const second = conversations.ask("how accurate");
    asked[0]?.(true);
    expect(await first).toBe(false);
    expect(conversations.failure).toBeNull();
    expect(conversations.busy).toBe(true);
    asked[1]?.(false);
    expect(await second).toBe(true);
    expect(conversations.busy).toBe(false);
    expect(conversations.exchanges).toHaveLength(1);
  });

  it("marks an urgent answer by sign and word, and is heard", async () => {
    await enters();
    await asks("is it melanoma or psoriasis");
    expect(await world.text("answer-urgent")).toBe("Urgent");
    expect((await world.at("answer-urgent")).querySelector("svg")).not.toBeNull();
    expect(await world.text("assistant-heard")).toMatch(/^Urgent\. A lesion suspected/);
    expect(await world.text("answer-disclaimer")).toContain("not a diagnosis");
    expect((await world.at<HTMLTextAreaElement>("assistant-question")).value).toBe("");
    await world.accessible();
  });

  it("leaves the disclaimer out of greetings alone, and tells what it took a word for", async () => {
    await enters();
    await asks("hello");
    expect(world.all("answer-disclaimer")).toHaveLength(0);
    await asks("psoriasys");
    expect(world.all("answer-disclaimer")).toHaveLength(1);
    expect(await world.text("answer-understood")).toBe("Understood “psoriasys” as “psoriasis”.");
  });

  it("refuses an empty question, and one of 10,000 characters, which stays where it is", async () => {
    await enters();
    await world.click("assistant-ask");
    expect(await world.text("assistant-question-error")).toBe("This is needed.");
    const field = await world.at<HTMLTextAreaElement>("assistant-question");
    field.focus();
    await world.user.paste("x".repeat(10_000));
    expect(await world.text("assistant-question-error")).toBe("10,000 of at most 2,000 characters");
    await world.click("assistant-ask");
    expect(field.value).toHaveLength(10_000);
    expect(world.host.calledWith("assistant_ask")).toEqual([]);
    expect(world.all("answer")).toHaveLength(0);
    await world.accessible();
  });

  it("keeps conversations, goes on with one, and clears one or all with the count", async () => {
    await enters();
    await asks("hello");
    await asks("backup");
    await world.user.keyboard("{Control>}{Shift>}o{/Shift}{/Control}");
    await world.at("assistant-begin");
    await asks("cancer");
    expect(world.all("conversation-row")).toHaveLength(2);
    await world.user.click(world.all("conversation-row")[1] as HTMLElement);
    await world.until(() => expect(rules()).toEqual(["hello", "backup"]));
    await world.click("conversation-clear");
    await world.accessible();
    await world.click("clear-confirm");
    await world.until(() => expect(document.body.textContent).toContain("Cleared: conversations 1, questions 2"));
    expect(world.all("conversation-row")).toHaveLength(1);
    await world.click("conversations-clear");
    await world.click("clear-confirm");
    await world.until(() => expect(document.body.textContent).toContain("Cleared: conversations 1, questions 1"));
    await world.at("conversations-none");
    expect(world.clinic.assistant.conversations).toEqual([]);
  });

  it("leads to the screens that it names", async () => {
    await enters();
    await asks("backup");
    await world.click("answer-screen");
    await world.until(() => expect(document.querySelector("main")?.dataset.screen).toBe("administration"));
  });

  it("leads to articles where there is a library", async () => {
    const opened: string[] = [];
    const slot = { taken: null, at: 0, keep: () => undefined, drop: () => undefined };
    render(AssistantScreen, { slot, onArticle: (slug) => void opened.push(slug), onScreen: () => undefined });
    await asks("cancer");
    const link = screen.getByTestId("answer-article");
    expect(link.textContent).toBe("Article: Melanoma");
    await world.user.click(link);
    expect(opened).toEqual(["melanoma"]);
  });

  it("keeps a question that a lock interrupted", async () => {
    await enters();
    await world.type("assistant-question", "what is rosa");
    await world.click("lock");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    expect((await world.at<HTMLTextAreaElement>("assistant-question")).value).toBe("what is rosa");
  });

  it("says when the conversations cannot be read", async () => {
    await world.open();
    world.host.answers.assistant_list = () => Promise.reject({ code: "storage_failed", message: "", details: {} });
    await world.click("nav-assistant");
    await world.at("failure");
    delete world.host.answers.assistant_list;
    await world.click("retry");
    await world.at("assistant-begin");
  });
});

describe("the rules of the assistant", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    world.clinic.setRole("administrator");
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-assistant");
    await world.at("rules-source");
  });
  afterEach(() => world.close());

  const sheet = (key: string) => world.clinic.assistant.sheets.find((one) => one.key === key);
  const source = async (text: string): Promise<void> => {
    const field = await world.at<HTMLTextAreaElement>("rules-source");
    await world.user.clear(field);
    field.focus();
    await world.user.paste(text);
  };

  it("are changed, restored, added and removed", async () => {
    await world.accessible();
    await source("[[rule]]\nname = \"hello\"\n");
    await world.click("rules-save");
    await world.until(() => expect(sheet("talk")).toMatchObject({ version: 2, state: "own" }));
    await world.click("rules-end");
    await world.click("rules-end-confirm");
    await world.until(() => expect(sheet("talk")).toMatchObject({ version: 3, state: "built_in" }));
    await world.click("rules-new");
    await world.type("name", "Ours");
    await world.click("rules-save");
    await world.until(() => expect(world.all("rules-row")).toHaveLength(5));
    await world.click("rules-end");
    await world.click("rules-end-confirm");
    await world.until(() => expect(world.all("rules-row")).toHaveLength(4));
  });

  it("name the line of a mistake, lead there, and leave the old rules in place", async () => {
    await source("[[rule]]\nname = \"a\"\narticles = [\"measles\"]\n");
    await world.click("rules-save");
    expect(await world.text("rules-fault")).toBe("Line 3");
    expect(document.body.textContent).toContain("The library has no article “measles”.");
    await world.accessible();
    await world.click("rules-fault");
    const field = await world.at<HTMLTextAreaElement>("rules-source");
    await world.until(() => expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("articles = [\"measles\"]"));
    expect(sheet("talk")).toMatchObject({ version: 1, state: "built_in" });
  });

  it("can be tried before they are saved", async () => {
    await world.type("trial-question", "melanoma");
    await world.click("rules-try");
    await world.until(async () => expect(await world.text("rules-tried")).toContain("Rule “melanoma” of the sheet Skin conditions"));
    await world.accessible();
    expect(world.clinic.assistant.conversations).toEqual([]);
  });
});
