import type { DerivedCounts, DerivedRunView, DerivedTally, DerivedView, SessionView } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";

export const counts = (change: Partial<DerivedCounts> = {}): DerivedCounts => ({ looked: 0, stale: 0, made: 0, without_model: 0, without_consent: 0, failed: 0, ...change });

/** What a pass over derived data would find. */
export class FakeDerived {
  found: DerivedTally = {
    pictures: counts({ looked: 1204, stale: 3, failed: 1 }),
    heatmaps: counts({ looked: 860, stale: 2, without_model: 14, without_consent: 1 }),
    directions: counts({ looked: 40, stale: 40 }),
  };
  current: DerivedRunView | null = null;
  lastLook: DerivedRunView | null = null;
  lastMake: DerivedRunView | null = null;
  #begun = 0;

  begin(purpose: DerivedRunView["purpose"], name: string): void {
    this.#begun += 1;
    this.current = {
      purpose,
      state: "running",
      problem: null,
      kind: "heatmaps",
      done: 1500,
      total: 2104,
      tally: { ...this.found, directions: counts() },
      asked_by_name: name,
      began_at: new Date(Date.parse(NOW) + this.#begun * 60_000).toISOString(),
      ended_at: null,
    };
  }

  /** The pass that is open comes to its end. */
  end(change: Partial<DerivedRunView> = {}): void {
    if (this.current === null) return;
    const tally = structuredClone(this.found);
    if (this.current.purpose === "make") for (const kind of Object.values(tally)) kind.made = kind.stale;
    const ended: DerivedRunView = { ...this.current, state: "finished", done: 2104, tally, ended_at: this.current.began_at, ...change };
    if (ended.purpose === "look") this.lastLook = ended;
    else this.lastMake = ended;
    this.current = null;
  }
}

export function derivedHandlers(
  clinic: FakeClinic,
  open: () => SessionView,
  changed: (what: string) => void,
): Pick<Handlers, "derived_read" | "derived_start" | "derived_cancel"> {
  const { derived } = clinic;
  const view = (): DerivedView => {
    if (open().role !== "administrator") throw fail("not_permitted");
    return { model: clinic.model ?? open().model, current: derived.current, last_look: derived.lastLook, last_make: derived.lastMake };
  };
  return {
    derived_read: view,
    derived_start: ({ purpose }) => {
      const session = open();
      view();
      if (derived.current) throw fail("busy");
      derived.begin(purpose, session.user_name);
      changed("derived");
      return view();
    },
    derived_cancel: () => {
      view();
      if (derived.current === null) throw fail("not_found");
      derived.end({ state: "cancelled", tally: derived.current.tally, done: derived.current.done });
      changed("derived");
      return view();
    },
  };
}
