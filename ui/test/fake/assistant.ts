import type {
  AssistantAnswer,
  AssistantConversation,
  AssistantExchange,
  AssistantSheetsView,
  AssistantSheetView,
  RuleFault,
  TextLanguage,
} from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";

type Names =
  | "assistant_ask" | "assistant_list" | "assistant_read" | "assistant_clear"
  | "assistant_sheet_list" | "assistant_sheet_save" | "assistant_sheet_restore" | "assistant_sheet_remove" | "assistant_sheet_try";

const LONGEST = 2000;
const MOST = 200;
const ARTICLES = ["acne", "eczema", "melanoma", "psoriasis"];

const TALK = `# Greetings, and what is said when no other rule fits.
[[rule]]
name = "hello"
kind = "greeting"
words.en = ["hello", "hi"]
answer.en = "Hello."

[[rule]]
name = "otherwise"
kind = "otherwise"
answer.en = "I have no rule for that."
`;

const program = (): AssistantSheetView[] =>
  ["talk", "conditions", "readings", "program"].map((key) => ({
    key,
    version: 1,
    name: key,
    state: "built_in",
    source: key === "talk" ? TALK : `[[rule]]\nname = "${key}"\nwords.en = ["${key}"]\nanswer.en = "One."\n`,
    of_program: true,
    unread: false,
  }));

const plain = (rule: string, text: string): AssistantAnswer => ({
  text,
  language: "en",
  sheet: "conditions",
  rule,
  urgent: false,
  disclaimer: true,
  understood: [],
  links: [],
  also: [],
});

/** What the fake answers; the real rules are tested with the real core. */
function answerTo(question: string, language: TextLanguage): AssistantAnswer {
  const asked = question.toLowerCase();
  const of = (): AssistantAnswer => {
    if (/\b(hello|hi)\b/.test(asked)) return { ...plain("hello", "Hello. I answer questions about skin conditions."), sheet: "talk", disclaimer: false };
    if (/\b(melanoma?|cancer)\b/.test(asked)) {
      return {
        ...plain("melanoma", "A lesion suspected of melanoma should be seen by a dermatologist without delay.\n\nWhat speaks for it: asymmetry and change."),
        urgent: true,
        links: [{ kind: "article", slug: "melanoma" }],
        also: /psoriasis/.test(asked) ? [{ kind: "article", slug: "psoriasis" }] : [],
      };
    }
    if (/psoriasys/.test(asked)) return { ...plain("psoriasis", "Psoriasis is not contagious."), understood: [{ typed: "psoriasys", meant: "psoriasis" }], links: [{ kind: "article", slug: "psoriasis" }] };
    if (/accura|genau|precisi/.test(asked)) return { ...plain("accuracy", "The figures stand in the card:\n- The first class was right in 78.8 %."), sheet: "readings", links: [{ kind: "screen", desk: "model" }] };
    if (/backup/.test(asked)) return { ...plain("backup", "Administrators make backups."), sheet: "program", links: [{ kind: "screen", desk: "backup" }] };
    return { ...plain("otherwise", "I have no rule for that. Try other words."), sheet: "talk" };
  };
  return { ...of(), language };
}

/** The mistakes that the fake knows: no rule at all, and an article that the library has not. */
function faultsIn(source: string): RuleFault[] {
  if (!source.includes("[[rule]]")) return [{ line: 1, kind: "bad_syntax", word: "expected a rule" }];
  return source.split("\n").flatMap((line, at) =>
    [...line.matchAll(/articles = \["([a-z-]+)"\]/g)]
      .filter(([, word = ""]) => !ARTICLES.includes(word))
      .map(([, word = ""]) => ({ line: at + 1, kind: "unknown_article" as const, word })),
  );
}

/** Conversations and sheets of rules as the core has them; tests reach in and change them. */
export class FakeAssistant {
  sheets = program();
  conversations: { conversation: AssistantConversation; exchanges: AssistantExchange[] }[] = [];
  #made = 0;

  begin(question: string): FakeAssistant["conversations"][number] {
    const conversation = { id: `conversation-${++this.#made}`, title: question.slice(0, 80), questions: 0, started_at: NOW, last_at: NOW };
    const begun = { conversation, exchanges: [] };
    this.conversations.unshift(begun);
    return begun;
  }

  ask(id: string | null, question: string, language: TextLanguage) {
    const found = id === null ? this.begin(question) : this.conversations.find(({ conversation }) => conversation.id === id);
    if (!found) throw fail("not_found");
    if (found.exchanges.length >= MOST) throw fail("invalid_input", { problems: [{ field: "conversation_id", code: "too_long", limit: MOST }] });
    const exchange = { number: found.exchanges.length + 1, question, answer: answerTo(question, language), asked_at: NOW };
    found.exchanges.push(exchange);
    found.conversation = { ...found.conversation, questions: found.exchanges.length };
    return { conversation: found.conversation, exchange };
  }

  view(): AssistantSheetsView {
    return {
      sheets: this.sheets.filter(({ state }) => state !== "removed"),
      articles: ARTICLES,
      screens: ["today", "model", "backup"],
      figures: ["accuracy", "lock_minutes"],
    };
  }
}

export function assistantHandlers(clinic: FakeClinic, open: () => { role: string }): Pick<Handlers, Names> {
  const { assistant } = clinic;
  const administers = (): void => {
    if (open().role !== "administrator") throw fail("not_permitted");
  };
  const found = (key: string, version: number): AssistantSheetView => {
    const sheet = assistant.sheets.find((one) => one.key === key && one.state !== "removed");
    if (!sheet) throw fail("not_found");
    if (sheet.version !== version) throw fail("conflict");
    return sheet;
  };
  return {
    assistant_ask: ({ conversation_id, question, language }) => {
      open();
      const asked = question.trim();
      if (asked === "") throw fail("invalid_input", { problems: [{ field: "question", code: "required" }] });
      if (asked.length > LONGEST) throw fail("invalid_input", { problems: [{ field: "question", code: "too_long", limit: LONGEST }] });
      return assistant.ask(conversation_id, asked, language);
    },
    assistant_list: () => (open(), assistant.conversations.map(({ conversation }) => conversation)),
    assistant_read: ({ id }) => {
      open();
      const one = assistant.conversations.find(({ conversation }) => conversation.id === id);
      if (!one) throw fail("not_found");
      return structuredClone(one);
    },
    assistant_clear: ({ id }) => {
      open();
      const gone = assistant.conversations.filter(({ conversation }) => id === null || conversation.id === id);
      if (id !== null && gone.length === 0) throw fail("not_found");
      assistant.conversations = assistant.conversations.filter((one) => !gone.includes(one));
      return { conversations: gone.length, questions: gone.reduce((sum, { exchanges }) => sum + exchanges.length, 0) };
    },
    assistant_sheet_list: () => (administers(), assistant.view()),
    assistant_sheet_save: ({ key, version, name, source }) => {
      administers();
      const faults = faultsIn(source);
      if (faults.length > 0) throw fail("invalid_input", { problems: [{ field: "source", code: "bad_format" }], faults });
      if (key === null) assistant.sheets.push({ key: clinic.id("sheet"), version: 1, name, state: "own", source, of_program: false, unread: false });
      else Object.assign(found(key, version), { version: version + 1, name, state: "own", source });
      return assistant.view();
    },
    assistant_sheet_restore: ({ key, version }) => {
      administers();
      const built = program().find((one) => one.key === key);
      if (!built) throw fail("not_found");
      Object.assign(found(key, version), { ...built, version: version + 1 });
      return assistant.view();
    },
    assistant_sheet_remove: ({ key, version }) => {
      administers();
      Object.assign(found(key, version), { version: version + 1, state: "removed" });
      return assistant.view();
    },
    assistant_sheet_try: ({ source, question, language }) => {
      administers();
      const faults = faultsIn(source);
      return faults.length > 0 || question === "" ? { answer: null, faults } : { answer: answerTo(question, language), faults };
    },
  };
}
