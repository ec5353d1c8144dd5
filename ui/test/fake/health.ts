import type { CheckView, LogLine, SelfTestView, SettingKey, SettingView, SupportBundleView } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";

const check = (view: Partial<CheckView> & Pick<CheckView, "check" | "light" | "finding">): CheckView => ({ figures: {}, names: [], ...view });

export const line = (at: string, level: LogLine["level"], area: string, message: string, fields: Record<string, string> = {}): LogLine => ({
  at: `2026-11-20T${at}Z`,
  level,
  area,
  message,
  fields,
});

const setting = (view: Pick<SettingView, "key" | "kind" | "value" | "place"> & Partial<SettingView>): SettingView => ({
  default: view.value,
  changed: false,
  least: null,
  most: null,
  ...view,
});

/** What the fake core knows of its own health, its log and its settings. */
export class FakeHealth {
  checks: CheckView[] = [
    check({ check: "database", light: "green", finding: "database_sound" }),
    check({ check: "audit_trail", light: "red", finding: "trail_altered", figures: { rows: 412, row: 97 } }),
    check({ check: "model", light: "green", finding: "model_sound", names: ["lentigo-lesion 1.0.0"] }),
    check({ check: "golden_reading", light: "green", finding: "golden_equal", figures: { pictures: 12, different: 0 } }),
    check({ check: "backup", light: "amber", finding: "backup_none" }),
    check({ check: "recovery_sheet", light: "green", finding: "sheet_confirmed" }),
    check({ check: "second_factor", light: "amber", finding: "factor_missing", figures: { accounts: 4, without: 2 } }),
    check({ check: "disk", light: "green", finding: "disk_ample", figures: { free_bytes: 81_400_000_000 } }),
    check({ check: "clock", light: "green", finding: "clock_plausible" }),
    check({ check: "permissions", light: "green", finding: "folder_private" }),
    check({ check: "network", light: "green", finding: "network_silent", figures: { processes: 3, hidden: 0 } }),
    check({ check: "memory", light: "green", finding: "memory_closed" }),
    check({ check: "last_run", light: "green", finding: "run_in_order" }),
  ];
  lines: LogLine[] = [
    line("10:30:00", "warn", "clinic", "model", { error: "a file of the model is missing or cannot be read" }),
    line("10:20:00", "info", "clinic", "a session begins", { role: "administrator" }),
    line("10:19:00", "info", "lentigo", "the program starts", { version: "0.1.0" }),
    line("10:18:00", "error", "lentigo", "panic", { place: "src/wire.rs:12:3", thread: "main" }),
  ];
  bundle: SupportBundleView = {
    files: [
      { name: "versions.json", text: '{ "lentigo": "0.1.0" }\n' },
      { name: "logs/lentigo.log", text: '{"timestamp":"2026-11-20T10:30:00Z","level":"WARN"}\n' },
    ],
  };
  settings: SettingView[] = [
    setting({ key: "analyses", kind: "switch", value: true, place: "settings" }),
    setting({ key: "analyses_at_once", kind: "number", value: 2, least: 1, most: 2, place: "settings" }),
    setting({ key: "idle_lock_minutes", kind: "number", value: 5, default: 10, changed: true, least: 1, most: 60, place: "security" }),
    setting({ key: "number_pattern", kind: "form", value: "P-{n:6}", least: 1, most: 24, place: "security" }),
    setting({ key: "letterhead", kind: "form", value: "", place: "letterhead" }),
    setting({ key: "mail", kind: "form", value: false, place: "mail" }),
    setting({ key: "photograph_bytes", kind: "fixed", value: 33_554_432, place: "nowhere" }),
  ];
  /** Where the save dialog says; nothing when it is cancelled. */
  folder: string | null = "Documents";

  result(): SelfTestView {
    const light = (["red", "amber"] as const).find((grave) => this.checks.some((view) => view.light === grave)) ?? "green";
    return { at: NOW, version: "0.1.0", light, checks: this.checks, left_out: [] };
  }
}

const GRAVITY = ["trace", "debug", "info", "warn", "error"] as const;

export function healthHandlers(clinic: FakeClinic, open: () => NonNullable<FakeClinic["session"]>) {
  const state = clinic.health;
  const administrator = () => {
    const session = open();
    if (session.role !== "administrator") throw fail("not_permitted");
    return session;
  };
  const saved = (name: string) => ({ saved: state.folder !== null, path: state.folder && `${state.folder}/${name}` });
  const switched = (session: ReturnType<typeof administrator>, on: boolean) => {
    clinic.model ??= session.model;
    session.model = on ? clinic.model : { identity: null, problem: "analyses_off" };
  };
  return {
    self_test_run: () => (administrator(), state.result()),
    self_test_save: () => (administrator(), saved("self-test-2026-11-20.pdf")),
    log_read: ({ level, area, text, offset, limit }) => {
      administrator();
      const fits = state.lines.filter(
        (entry) =>
          GRAVITY.indexOf(entry.level) >= GRAVITY.indexOf(level) &&
          (area === null || entry.area === area) &&
          JSON.stringify([entry.message, entry.fields]).toLowerCase().includes(text.toLowerCase()),
      );
      return { lines: fits.slice(offset, offset + limit), total: fits.length, areas: ["clinic", "lentigo"] };
    },
    support_bundle_preview: () => (administrator(), state.bundle),
    support_bundle_save: () => (administrator(), saved("lentigo-support.zip")),
    setting_list: () => (administrator(), state.settings),
    setting_update: ({ key, value }: { key: SettingKey; value: SettingView["value"] }) => {
      const session = administrator();
      const found = state.settings.find((entry) => entry.key === key);
      if (!found) throw fail("not_found");
      if (key === "analyses") switched(session, value === true);
      return Object.assign(found, { value, changed: value !== found.default });
    },
  } satisfies Partial<Handlers>;
}
