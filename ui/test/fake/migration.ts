import type { ImportMapping, ImportRow, ImportSource, ImportView } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

type Names = Extract<keyof Handlers, `import_${string}`> & `import_${"open" | "read" | "plan" | "rows" | "decide" | "start" | "cancel" | "close" | "result_save"}`;

const NOTHING: ImportView = { stage: "nothing", source: null, mapping: null, date_orders: [], outcomes: null, progress: null, results: null };

const row = (index: number, family_name: string, change: Partial<ImportRow> = {}): ImportRow => ({
  index,
  lines: [index + 2],
  number: `A-${index + 1}`,
  family_name,
  given_names: "Maria",
  date_of_birth: "1971-03-09",
  lesions: 1,
  photographs: 2,
  outcome: "new",
  remarks: [],
  found: null,
  may_be_same: false,
  decision: null,
  result: null,
  ...change,
});

const COLUMNS = [
  { name: "Patienten-Nr.", samples: ["A-1", "A-2"] },
  { name: "Name", samples: ["Lindenhoff"] },
  { name: "Vorname", samples: ["Maria"] },
  { name: "geb.", samples: ["09.03.1971"] },
  { name: "Bild", samples: ["IMG_1.jpg"] },
];

const SOURCES: Record<ImportSource["kind"], ImportSource> = {
  clinic: {
    kind: "clinic", name: "clinic-tables.zip", clinic: "Harbour Dermatology", made_at: "2026-10-01T08:00:00Z", tables: [],
    people: 5, photographs: 9, left: [{ what: "reports", count: 3 }],
  },
  folder: {
    kind: "folder", name: "old records", clinic: null, made_at: null,
    tables: [{ file: "patients.csv", encoding: "windows1252", delimiter: ";", rows: 5, columns: COLUMNS }],
    people: 5, photographs: 9, left: [],
  },
  fhir: { kind: "fhir", name: "bundle.json", clinic: null, made_at: null, tables: [], people: 5, photographs: 1, left: [{ what: "Encounter", count: 12 }] },
};

/** Records of elsewhere, as the core compares and imports them. */
export class FakeMigration {
  /** What the dialog gives; nothing when it is closed. */
  chosen = true;
  view: ImportView = NOTHING;
  rows: ImportRow[] = [];
  readonly mappings: ImportMapping[] = [];
  /** Holds an import until it is let go on or cancelled. */
  gate: (() => void) | null = null;
  held = false;
  cancelled = false;
  savedTo: string | null = "/media/stick/import-result.csv";

  found(): ImportRow[] {
    const here = { patient_id: "patient-1", number: "P-000001", family_name: "Okonkwo", given_names: "Adaeze", date_of_birth: "1971-03-09" };
    return [
      row(0, "Lindenhoff"),
      row(1, "Okonkwo", { outcome: "same", found: here }),
      row(2, "Okonkvo", { outcome: "doubtful", found: here, may_be_same: true, remarks: [{ word: "like_somebody", detail: null }] }),
      row(3, "", { outcome: "refused", lesions: 0, photographs: 0, remarks: [{ word: "field_missing", detail: "family_name" }] }),
      row(4, "محمد", { remarks: [{ word: "photograph_outside", detail: "../../etc/passwd" }] }),
    ];
  }

  outcomes(): NonNullable<ImportView["outcomes"]> {
    const count = (outcome: ImportRow["outcome"]) => this.rows.filter((one) => one.outcome === outcome).length;
    const undecided = this.rows.filter((one) => one.outcome === "doubtful" && one.decision === null).length;
    return { new: count("new"), same: count("same"), doubtful: count("doubtful"), undecided, refused: count("refused") };
  }

  finish(): void {
    for (const one of this.rows) {
      if (one.outcome === "new") one.result = this.cancelled ? "not_reached" : "created";
      else if (one.outcome === "same") one.result = "unchanged";
      else if (one.outcome === "refused") one.result = "refused";
      else one.result = one.decision === "same" ? "added" : one.decision === "new" ? "created" : "skipped";
    }
    const count = (result: ImportRow["result"]) => this.rows.filter((one) => one.result === result).length;
    const results = {
      created: count("created"), added: count("added"), unchanged: count("unchanged"), skipped: count("skipped"),
      refused: count("refused"), failed: 0, not_reached: count("not_reached"), lesions: 2, photographs: 4,
    };
    this.view = { ...this.view, stage: "ended", results };
  }
}

export function migrationHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
  progress: (step: { done: number; of: number }) => void,
): Pick<Handlers, Names> {
  const { migration } = clinic;
  const may = () => {
    if (open().role !== "administrator") throw fail("not_permitted");
  };
  return {
    import_open: ({ kind, passphrase }) => {
      may();
      if (passphrase === "wrong") throw fail("passphrase_wrong");
      if (!migration.chosen) return migration.view;
      const proposed = kind === "folder" ? [["number", "family_name", "given_names", null, "photographs"] as const] : [];
      migration.view = {
        ...NOTHING,
        stage: "opened",
        source: SOURCES[kind],
        mapping: kind === "clinic" ? null : { tables: proposed.map((columns) => [...columns]), dates: null, consents_on_file: false },
        date_orders: kind === "folder" ? ["day_first", "month_first"] : [],
      };
      return migration.view;
    },
    import_read: () => (may(), migration.view),
    import_plan: (mapping) => {
      may();
      const kind = migration.view.source?.kind;
      if (kind === "folder") {
        const missing = (["family_name", "given_names", "date_of_birth"] as const).filter((field) => !mapping.tables[0]?.includes(field));
        const problems = [...missing, ...(mapping.dates === null ? ["dates"] : [])].map((field) => ({ field, code: "required" }));
        if (problems.length > 0) throw fail("invalid_input", { problems });
      }
      migration.mappings.push(mapping);
      migration.rows = migration.found();
      migration.view = { ...migration.view, stage: "planned", mapping: migration.view.mapping && mapping, outcomes: migration.outcomes() };
      return migration.view;
    },
    import_rows: ({ outcome, result, offset, limit }) => {
      may();
      const hits = migration.rows.filter((one) => (outcome === null || one.outcome === outcome) && (result === null || one.result === result));
      return { total: hits.length, rows: hits.slice(offset, offset + limit) };
    },
    import_decide: ({ index, decision }) => {
      may();
      for (const one of migration.rows) if (one.outcome === "doubtful" && (index === null || one.index === index)) one.decision = decision;
      migration.view = { ...migration.view, outcomes: migration.outcomes() };
      return migration.view;
    },
    import_start: async () => {
      may();
      progress({ done: 1, of: migration.rows.length });
      if (migration.held) await new Promise<void>((done) => (migration.gate = done));
      migration.finish();
      return migration.view;
    },
    import_cancel: () => {
      may();
      migration.cancelled = true;
      migration.gate?.();
      return null;
    },
    import_close: () => (may(), (migration.view = NOTHING)),
    import_result_save: () => (may(), { saved: migration.savedTo !== null, path: migration.savedTo }),
  };
}
