export type Toast = { id: number; text: string; tone: "done" | "error" };

const SHOWN_MS = 6_000;

/** Short notes about what has just been done; they say nothing of a patient but a number. */
class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  say(text: string, tone: Toast["tone"] = "done"): void {
    const id = this.#next++;
    this.list.push({ id, text, tone });
    // An error stays until it is dismissed: it may be the only trace of what went wrong.
    if (tone === "done") setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  clear(): void {
    this.list = [];
  }
}

export const toasts = new Toasts();
