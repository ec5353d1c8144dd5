import type { TimelineContent, TimelineEventView, TimelineKind } from "./types";
import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";

const PLAIN: TimelineKind[] = ["visit", "recall", "contact", "consent"];

const kindOf = ({ kind }: TimelineContent): TimelineKind => (kind === "reading_withheld" ? "reading" : kind);

/** The line of a patient as the core reads it: pages of what tests put into `clinic.timeline`. */
export function timelineHandlers(clinic: FakeClinic, open: () => unknown): Pick<Handlers, "timeline_read"> {
  return {
    timeline_read: ({ patient_id, kinds, lesion_id, before, limit }) => {
      open();
      if (!clinic.patients.some((patient) => patient.id === patient_id)) throw fail("not_found");
      const clinical = clinic.sees(patient_id);
      const place = ({ at, key }: { at: string; key: string }) => `${at} ${key}`;
      const found = clinic.timeline
        .filter(({ content }) => kinds.length === 0 || kinds.includes(kindOf(content)))
        .filter(({ content }) => clinical || PLAIN.includes(kindOf(content)))
        .filter((event) => lesion_id === null || event.lesion_id === lesion_id)
        .filter((event) => before === null || place(event) < place(before))
        .sort((a, b) => (place(a) < place(b) ? 1 : -1));
      const events: TimelineEventView[] = found.slice(0, limit);
      const last = events.at(-1);
      return { events, next: found.length > limit && last ? { at: last.at, key: last.key } : null, clinical };
    },
  };
}

type Content = TimelineEventView["content"];

/** An event at an instant. */
export function event(at: string, content: Content, change: Partial<TimelineEventView> = {}): TimelineEventView {
  const key = `${content.kind}:${at}`;
  return { key, at, day: at.slice(0, 10), whole_day: false, lesion_id: null, by_name: "Dr. Ines Halloran", content, ...change };
}

export function reading(
  id: string,
  band: "benign" | "suspicious" | "malignant",
  malignant_sum: number,
  before: Extract<Content, { kind: "reading" }>["before"] = null,
): Content {
  const label = { code: "mel", name: "Melanoma", malignancy: "malignant" } as const;
  const model = { model_name: "lentigo-lesion", model_version: "1.0.0" };
  return { kind: "reading", id, band, urgency: "appointment", gate: "confident", label, malignant_sum, ...model, before };
}
