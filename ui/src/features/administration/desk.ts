import { createContext } from "svelte";
import type { DraftSlot } from "$components";
import { type BreakGlassView, call, type PatientId, type RecoverySheetView, type SettingPlace, type UserRow } from "$ipc";
import type { PasswordAskSnippet } from "./asks";
import { Loaded } from "./loaded.svelte";
import { standingOf } from "./standing";

/** A part of the administration with a form that settings are changed by. */
export type FormPart = Exclude<SettingPlace, "nowhere" | "settings">;

/** What only the window around the administration can do. */
export type Hands = {
  /** Sign-in name of whoever sits here. */
  email: () => string;
  passwordAsk: () => PasswordAskSnippet;
  /** What waits for an administrator may have changed. */
  onChanged: () => void | Promise<void>;
  /** A new recovery sheet is in force and has to be kept. */
  onSheet: (sheet: RecoverySheetView) => void;
  /** The keys are new and the session has ended. */
  onKeysChanged: (sheet: RecoverySheetView) => void;
  /** Opens another part of the administration. */
  onOpenPart: (name: FormPart) => void;
  onOpenPatient: (id: PatientId) => void;
  /** Where the typed text of a form outlives a lock, and another row of its list. */
  slotOf: (part: FormPart | "templates" | "assistant", form: string) => DraftSlot;
};

/** What the parts of the administration share: lists that more than one shows, and the window's hands. */
export class AdministrationDesk {
  readonly users: Loaded<UserRow[]> = new Loaded(() => call("user_list"));
  readonly looks: Loaded<BreakGlassView[]> = new Loaded(() => call("break_glass_list"));
  readonly hands: Hands;

  constructor(hands: Hands) {
    this.hands = hands;
  }

  get usersWaiting(): number {
    return this.users.value?.filter((user) => standingOf(user) === "waiting").length ?? 0;
  }

  get looksWaiting(): number {
    return this.looks.value?.filter((look) => look.reviewed_at === null).length ?? 0;
  }

  async load(): Promise<void> {
    await Promise.all([this.users.load(), this.looks.load()]);
  }

  /** Loads a list again, and how much waits. */
  async reload(list: { load: () => Promise<void> }): Promise<void> {
    await Promise.all([list.load(), this.hands.onChanged()]);
  }
}

export const [administrationDesk, provideDesk] = createContext<AdministrationDesk>();
