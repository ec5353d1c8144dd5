import { fieldProblem, LONGEST_QUESTION } from "./question";
import { m, ownTextLanguage } from "$i18n";
import {
  type AppError,
  type AssistantCleared,
  type AssistantConversation,
  type AssistantConversationId,
  type AssistantExchange,
  call,
  toAppError,
} from "$ipc";

/** One's own conversations with the assistant, and the one that is open. */
export class Conversations {
  list = $state.raw<AssistantConversation[] | null>(null);
  /** Null while a new one waits for its first question. */
  open = $state<AssistantConversationId | null>(null);
  exchanges = $state.raw<AssistantExchange[]>([]);
  busy = $state(false);
  failure = $state.raw<AppError | null>(null);
  /** What is wrong with the question, in words. */
  problem = $state<string>();
  /** What was answered last, for those who hear the window. */
  heard = $state("");
  /** Which conversation the screen was turned to last: an answer to an earlier one is not shown in it. */
  #turn = 0;
  /** Calls that the core has not answered yet. */
  #under = 0;

  get current(): AssistantConversation | undefined {
    return this.list?.find(({ id }) => id === this.open);
  }

  async load(): Promise<void> {
    await this.#try(async () => {
      this.list = await call("assistant_list");
    }, null);
  }

  begin(): void {
    this.#turn += 1;
    this.open = null;
    this.exchanges = [];
    this.failure = null;
    this.problem = undefined;
    this.heard = "";
  }

  async show(id: AssistantConversationId): Promise<void> {
    const turn = ++this.#turn;
    await this.#try(async () => {
      const { conversation, exchanges } = await call("assistant_read", { id });
      if (turn !== this.#turn) return;
      this.begin();
      this.open = conversation.id;
      this.exchanges = exchanges;
    });
  }

  /** Asks; false when the question was refused and has to stay where it was typed. */
  async ask(question: string): Promise<boolean> {
    const count = [...question.trim()].length;
    this.problem = undefined;
    if (count === 0) this.problem = m.problem_required();
    else if (count > LONGEST_QUESTION) this.problem = m.problem_too_long_limit({ limit: LONGEST_QUESTION });
    if (this.problem !== undefined) return false;
    const turn = this.#turn;
    return this.#try(async () => {
      const { conversation, exchange } = await call("assistant_ask", { conversation_id: this.open, question, language: ownTextLanguage() });
      this.list = [conversation, ...(this.list ?? []).filter(({ id }) => id !== conversation.id)];
      if (turn !== this.#turn) return;
      this.open = conversation.id;
      this.exchanges = [...this.exchanges, exchange];
      const { urgent, text } = exchange.answer;
      this.heard = urgent ? `${m.assistant_urgent()}. ${text}` : text;
    });
  }

  /** Takes one conversation away, or all; nothing when it did not work. */
  async clear(id: AssistantConversationId | null): Promise<AssistantCleared | undefined> {
    let cleared: AssistantCleared | undefined;
    await this.#try(async () => {
      cleared = await call("assistant_clear", { id });
      this.list = id === null ? [] : (this.list ?? []).filter((one) => one.id !== id);
      if (id === null || id === this.open) this.begin();
    });
    return cleared;
  }

  /** What goes wrong is told only while the screen is where it was asked; null where it concerns every turn. */
  async #try(work: () => Promise<void>, turn: number | null = this.#turn): Promise<boolean> {
    [this.busy, this.failure] = [true, null];
    this.#under += 1;
    try {
      await work();
      return true;
    } catch (reason) {
      if (turn !== null && turn !== this.#turn) return false;
      const error = toAppError(reason);
      this.problem = fieldProblem(error);
      if (this.problem === undefined) this.failure = error;
      return false;
    } finally {
      this.#under -= 1;
      this.busy = this.#under > 0;
    }
  }
}
