import { ownTextLanguage, TEXT_LANGUAGES } from "$i18n";
import {
  type AnalysisId,
  type AppError,
  call,
  type ProposalUse,
  type ReportProposalView,
  type ReportTextOptions,
  type TextLanguage,
  type TextSource,
  type TextStanding,
  toAppError,
} from "$ipc";

/** A proposed text that a conclusion began with. */
export type Held = { id: string; source: TextSource; text: string; accepted: boolean };

/** What is chosen where the language model writes; no template has such a key. */
export const BY_MODEL = "language_model";

/** Proposes texts for the conclusion of a report, and knows where the one in the form came from. */
export class Proposing {
  options = $state.raw<ReportTextOptions | null>(null);
  failure = $state.raw<AppError | null>(null);
  by = $state("");
  language = $state<TextLanguage>(ownTextLanguage());
  busy = $state(false);
  stopping = $state(false);
  held = $state.raw<Held | null>(null);
  readonly #analysis: AnalysisId;

  constructor(analysis: AnalysisId, held: Held | null) {
    this.#analysis = analysis;
    this.held = held;
  }

  /** The languages of what is chosen. */
  get languages(): readonly TextLanguage[] {
    if (this.by === BY_MODEL) return TEXT_LANGUAGES;
    return this.options?.templates.find(({ key }) => key === this.by)?.languages ?? [];
  }

  get asking(): boolean {
    return this.busy && this.by === BY_MODEL;
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      this.options = await call("report_text_options");
      this.choose(this.options.templates[0]?.key ?? BY_MODEL);
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  choose(by: string): void {
    this.by = by;
    if (!this.languages.includes(this.language)) this.language = this.languages[0] ?? "en";
  }

  /** The conclusion, as it stands when the answer comes, with a proposed text in it; null when there is none. */
  async propose(conclusion: () => string): Promise<string | null> {
    this.failure = null;
    [this.busy, this.stopping] = [true, false];
    try {
      const proposal = await this.#ask();
      const typed = conclusion();
      // A blank at the end may be the one before the next word.
      const kept = this.held === null ? typed : without(typed, this.held.text);
      this.held = { ...proposal, accepted: false };
      return kept.trim() === "" ? proposal.text : `${kept}\n\n${proposal.text}`;
    } catch (reason) {
      this.failure = toAppError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }

  #ask(): Promise<ReportProposalView> {
    const about = { analysis_id: this.#analysis, language: this.language };
    return this.by === BY_MODEL ? call("report_text_ask", about) : call("report_text_propose", { ...about, template: this.by });
  }

  /** The model is not waited for any longer; the question then ends as a failure of its own. */
  async stop(): Promise<void> {
    if (!this.asking || this.stopping) return;
    this.stopping = true;
    try {
      await call("report_text_ask_cancel");
    } catch (reason) {
      this.failure = toAppError(reason);
      this.stopping = false;
    }
  }

  accept(): void {
    if (this.held) this.held = { ...this.held, accepted: true };
  }

  /** Takes the text that is turned down out of the conclusion, as it stands when the core has noted it. */
  async refuse(conclusion: () => string, write: (text: string) => void): Promise<void> {
    const { held } = this;
    if (held === null) return;
    this.failure = null;
    try {
      await call("report_text_refuse", { id: held.id });
      this.held = null;
      write(without(conclusion(), held.text));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  /** As the core will judge it when the conclusion is saved. */
  standing(conclusion: string): TextStanding | null {
    if (this.held === null || conclusion.trim() === "") return null;
    if (!conclusion.includes(this.held.text.trim())) return "edited";
    return this.held.accepted ? "accepted" : "unread";
  }

  /** What is saved with the conclusion. */
  use(conclusion: string): ProposalUse | null {
    if (this.held === null || conclusion.trim() === "") return null;
    return { id: this.held.id, accepted: this.held.accepted };
  }
}

function without(conclusion: string, proposed: string | undefined): string {
  const text = proposed?.trim() ?? "";
  return text === "" ? conclusion.trim() : conclusion.replace(text, "").trim();
}
