import type { Snippet } from "svelte";
import type { FormWork } from "$components";

/** A form that asks for one's own password before something that cannot be undone. */
export type PasswordAsk = {
  id: string;
  work: FormWork;
  lead: string;
  submitLabel: string;
  onSubmit: (password: string) => void | Promise<void>;
  onCancel: () => void;
};
export type PasswordAskSnippet = Snippet<[PasswordAsk]>;
