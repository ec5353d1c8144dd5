import { SvelteMap } from "svelte/reactivity";
import type { BreakGlassView, PatientId, UserId } from "$ipc";

/**
 * When the emergency looks opened at this window end. As in the core a look belongs to one person and one
 * patient and outlasts a lock; all that is kept are two numbers and a time.
 */
class EmergencyLooks {
  #ends = new SvelteMap<string, number>();

  note(look: Pick<BreakGlassView, "user_id" | "patient_id" | "until">): void {
    for (const [key, end] of this.#ends) if (end <= Date.now()) this.#ends.delete(key);
    this.#ends.set(keyOf(look.user_id, look.patient_id), Date.parse(look.until));
  }

  /** In milliseconds since 1970; null where this window does not know. */
  until(user: UserId, patient: PatientId): number | null {
    return this.#ends.get(keyOf(user, patient)) ?? null;
  }
}

const keyOf = (user: UserId, patient: PatientId): string => `${user} ${patient}`;

export const emergencyLooks = new EmergencyLooks();
