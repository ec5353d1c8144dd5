import type {
  LanguageModelSettingsView,
  ProposalUse,
  ReportProposalView,
  ReportTemplatesView,
  ReportTemplateView,
  TemplateFault,
  TextLanguage,
  TextOrigin,
  TextSource,
} from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

type Names =
  | "report_text_options" | "report_text_propose" | "report_text_ask" | "report_text_ask_cancel" | "report_text_refuse"
  | "report_template_list" | "report_template_save" | "report_template_restore" | "report_template_remove" | "report_template_try"
  | "language_model_settings_read" | "language_model_settings_update" | "language_model_test";

const LANGUAGES = ["en", "de", "es"] as const;

const program = (): ReportTemplateView[] =>
  ["standard", "short", "course"].map((key) => ({
    key,
    version: 1,
    name: key,
    state: "built_in",
    texts: { en: `# ${key}\n[always]\nNo diagnosis.`, de: "[always]\nKeine Diagnose.", es: "[always]\nNo es un diagnóstico." },
    of_program: true,
  }));

/** Templates, proposals and the language model as the core has them; tests reach in and change it. */
export class FakeReportTexts {
  templates = program();
  model: LanguageModelSettingsView = { enabled: false, url: "", model: "", has_key: false, patience_seconds: 30 };
  readonly proposals = new Map<string, ReportProposalView & { refused: boolean }>();
  readonly origins = new Map<string, TextOrigin>();
  /** What the language model answers; a reason where it fails. */
  answer: { text: string } | { reason: string } = { text: "Asymmetric lesion in the highest band." };
  /** Until it is called, the language model is silent. */
  silent: ((stopped: boolean) => void) | null = null;
  hangs = false;
  #made = 0;

  propose(source: TextSource, text: string): ReportProposalView {
    const proposal = { id: `proposal-${++this.#made}`, source, text, refused: false };
    this.proposals.set(proposal.id, proposal);
    return proposal;
  }

  /** Where the conclusion of a report came from, as the core judges it. */
  take(report: string, conclusion: string, use: ProposalUse | null): void {
    const proposal = use && this.proposals.get(use.id);
    if (use && (!proposal || proposal.refused)) throw fail("not_found");
    if (!use || !proposal || conclusion === "") this.origins.delete(report);
    else {
      const verbatim = conclusion.includes(proposal.text.trim());
      this.origins.set(report, { proposal_id: use.id, source: proposal.source, standing: verbatim ? (use.accepted ? "accepted" : "unread") : "edited" });
    }
  }

  view(): ReportTemplatesView {
    return {
      templates: this.templates.filter(({ state }) => state !== "removed"),
      topics: [
        { name: "band", words: ["benign", "suspicious", "malignant"] },
        { name: "decision", words: ["none", "reassure", "monitor", "biopsy", "refer"] },
      ],
      placeholders: ["class", "probability", "diameter"],
    };
  }
}

/** The mistakes that the fake knows: an unknown placeholder, and a text that may be empty. */
function faultsIn(text: string): TemplateFault[] {
  const lines = text.split("\n");
  const unknown = lines.flatMap((line, at) =>
    [...line.matchAll(/\{([a-z_]+)\}/g)].map(([, word = ""]) => ({ line: at + 1, kind: "unknown_placeholder" as const, word })),
  );
  const found = unknown.filter(({ word }) => !["class", "probability", "diameter"].includes(word));
  return found.length === 0 && text.trim() === "[always]" ? [{ line: 0, kind: "may_be_empty", word: "" }] : found;
}

export function reportTextHandlers(clinic: FakeClinic, open: () => NonNullable<FakeClinic["session"]>): Pick<Handlers, Names> {
  const texts = clinic.reportTexts;
  const may = (...roles: string[]) => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
  };
  const clinical = () => may("administrator", "clinician");
  const found = (key: string, version: number): ReportTemplateView => {
    const template = texts.templates.find((one) => one.key === key);
    if (!template) throw fail("not_found");
    if (template.version !== version) throw fail("conflict");
    return template;
  };
  const languagesOf = (template: ReportTemplateView): TextLanguage[] => LANGUAGES.filter((language) => template.texts[language] !== "");
  return {
    report_text_options: () => {
      clinical();
      const templates = texts.view().templates.map((one) => ({ key: one.key, name: one.name, state: one.state, languages: languagesOf(one) }));
      return { templates, language_model: texts.model.enabled ? texts.model.model : null };
    },
    report_text_propose: ({ template: key, language }) => {
      clinical();
      const template = texts.templates.find((one) => one.key === key);
      if (!template) throw fail("not_found");
      const source = { kind: "template" as const, key, name: template.name, version: template.version, language };
      return texts.propose(source, `Proposed by ${key} in ${language}.`);
    },
    report_text_ask: async ({ language }) => {
      clinical();
      if (!texts.model.enabled) throw fail("language_model_failed", { reason: "off" });
      if (texts.hangs && (await new Promise<boolean>((done) => (texts.silent = done)))) throw fail("language_model_failed", { reason: "cancelled" });
      if ("reason" in texts.answer) throw fail("language_model_failed", { reason: texts.answer.reason, status: 500 });
      return texts.propose({ kind: "language_model", model: texts.model.model, host: "localhost", language }, texts.answer.text);
    },
    report_text_ask_cancel: () => {
      clinical();
      texts.silent?.(true);
      return null;
    },
    report_text_refuse: ({ id }) => {
      clinical();
      const proposal = texts.proposals.get(id);
      if (!proposal) throw fail("not_found");
      proposal.refused = true;
      return null;
    },
    report_template_list: () => (may("administrator"), texts.view()),
    report_template_save: ({ key, version, name, texts: typed }) => {
      may("administrator");
      const faults = LANGUAGES.flatMap((language) => faultsIn(typed[language]).map((fault) => ({ ...fault, language })));
      if (faults.length > 0) {
        const problems = [...new Set(faults.map(({ language }) => language))].map((field) => ({ field, code: "bad_format" }));
        throw fail("invalid_input", { problems, faults });
      }
      if (key === null) texts.templates.push({ key: clinic.id("template"), version: 1, name, state: "own", texts: typed, of_program: false });
      else Object.assign(found(key, version), { version: version + 1, name, state: "own", texts: typed });
      return texts.view();
    },
    report_template_restore: ({ key, version }) => {
      may("administrator");
      const original = program().find((one) => one.key === key);
      Object.assign(found(key, version), original, { version: version + 1 });
      return texts.view();
    },
    report_template_remove: ({ key, version }) => {
      may("administrator");
      Object.assign(found(key, version), { version: version + 1, state: "removed" });
      return texts.view();
    },
    report_template_try: ({ text, language, band }) => {
      may("administrator");
      const faults = faultsIn(text);
      return faults.length > 0 ? { text: null, faults } : { text: `Tried in ${language} on ${band}.`, faults };
    },
    language_model_settings_read: () => (may("administrator"), texts.model),
    language_model_settings_update: ({ key, ...settings }) => {
      may("administrator");
      if (settings.url !== "" && !/^https?:\/\//.test(settings.url)) throw fail("invalid_input", { problems: [{ field: "url", code: "bad_format" }] });
      return (texts.model = { ...settings, has_key: key === null ? texts.model.has_key : key !== "" });
    },
    language_model_test: () => {
      may("administrator");
      if ("reason" in texts.answer) throw fail("language_model_failed", { reason: texts.answer.reason });
      return null;
    },
  };
}
