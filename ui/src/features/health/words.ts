import { formatBytes, formatCount, m } from "$i18n";
import type { CheckView, Finding, Light, LogLevel, SelfCheck } from "$ipc";

export const checkWords: Record<SelfCheck, () => string> = {
  database: m.check_database,
  audit_trail: m.check_audit_trail,
  model: m.check_model,
  golden_reading: m.check_golden_reading,
  backup: m.check_backup,
  recovery_sheet: m.check_recovery_sheet,
  second_factor: m.check_second_factor,
  disk: m.check_disk,
  clock: m.check_clock,
  permissions: m.check_permissions,
  network: m.check_network,
  memory: m.check_memory,
  last_run: m.check_last_run,
};

export const lightWords: Record<Light, () => string> = {
  green: m.light_green,
  amber: m.light_amber,
  red: m.light_red,
};

export const levelWords: Record<LogLevel, () => string> = {
  trace: m.level_trace,
  debug: m.level_debug,
  info: m.level_info,
  warn: m.level_warn,
  error: m.level_error,
};

/** What sentences have blanks for. */
type Blank = "accounts" | "days" | "different" | "free" | "hidden" | "minutes" | "names" | "pictures" | "places" | "processes" | "row" | "rows" | "without";
type Blanks = Record<Blank, string>;

const findingWords: Record<Finding, (blanks: Blanks) => string> = {
  not_checked: ({ names }) => m.finding_not_checked({ names }),
  database_sound: m.finding_database_sound,
  database_unsealed: ({ places }) => m.finding_database_unsealed({ places }),
  database_broken: m.finding_database_broken,
  trail_whole: ({ rows }) => m.finding_trail_whole({ rows }),
  trail_on_record: ({ row, rows }) => m.finding_trail_on_record({ row, rows }),
  trail_altered: ({ row }) => m.finding_trail_altered({ row }),
  model_sound: ({ names }) => m.finding_model_sound({ names }),
  model_unfit: m.finding_model_unfit,
  version_unfit: ({ names }) => m.finding_version_unfit({ names }),
  outline_unfit: ({ names }) => m.finding_outline_unfit({ names }),
  golden_equal: ({ pictures }) => m.finding_golden_equal({ pictures }),
  golden_differs: ({ different, pictures }) => m.finding_golden_differs({ different, pictures }),
  golden_absent: m.finding_golden_absent,
  backup_recent: ({ days }) => m.finding_backup_recent({ days }),
  backup_old: ({ days }) => m.finding_backup_old({ days }),
  backup_failed: ({ days }) => m.finding_backup_failed({ days }),
  backup_none: m.finding_backup_none,
  sheet_confirmed: m.finding_sheet_confirmed,
  sheet_unconfirmed: m.finding_sheet_unconfirmed,
  factor_everybody: ({ accounts }) => m.finding_factor_everybody({ accounts }),
  factor_missing: ({ without, accounts }) => m.finding_factor_missing({ without, accounts }),
  disk_ample: ({ free }) => m.finding_disk_ample({ free }),
  disk_low: ({ free }) => m.finding_disk_low({ free }),
  disk_full: ({ free }) => m.finding_disk_full({ free }),
  disk_unknown: m.finding_disk_unknown,
  clock_plausible: m.finding_clock_plausible,
  clock_early: m.finding_clock_early,
  clock_behind: ({ minutes }) => m.finding_clock_behind({ minutes }),
  folder_private: m.finding_folder_private,
  folder_open: m.finding_folder_open,
  folder_absent: m.finding_folder_absent,
  folder_unknown: m.finding_folder_unknown,
  network_silent: ({ processes }) => m.finding_network_silent({ processes }),
  network_allowed: ({ names }) => m.finding_network_allowed({ names }),
  network_open: ({ names }) => m.finding_network_open({ names }),
  network_partly: ({ hidden, processes }) => m.finding_network_partly({ hidden, processes }),
  network_unknown: m.finding_network_unknown,
  memory_closed: m.finding_memory_closed,
  memory_open: m.finding_memory_open,
  memory_unknown: m.finding_memory_unknown,
  run_in_order: m.finding_run_in_order,
  run_cut_short: m.finding_run_cut_short,
};

const adviceWords: Partial<Record<Finding, () => string>> = {
  not_checked: m.finding_not_checked_do,
  database_unsealed: m.finding_database_unsealed_do,
  database_broken: m.finding_database_broken_do,
  trail_on_record: m.finding_trail_on_record_do,
  trail_altered: m.finding_trail_altered_do,
  model_unfit: m.finding_model_unfit_do,
  version_unfit: m.finding_version_unfit_do,
  outline_unfit: m.finding_outline_unfit_do,
  golden_differs: m.finding_golden_differs_do,
  golden_absent: m.finding_golden_absent_do,
  backup_old: m.finding_backup_old_do,
  backup_failed: m.finding_backup_failed_do,
  backup_none: m.finding_backup_none_do,
  sheet_unconfirmed: m.finding_sheet_unconfirmed_do,
  factor_missing: m.finding_factor_missing_do,
  disk_low: m.finding_disk_low_do,
  disk_full: m.finding_disk_full_do,
  disk_unknown: m.finding_disk_unknown_do,
  clock_early: m.finding_clock_early_do,
  clock_behind: m.finding_clock_behind_do,
  folder_open: m.finding_folder_open_do,
  folder_absent: m.finding_folder_absent_do,
  folder_unknown: m.finding_folder_unknown_do,
  network_allowed: m.finding_network_allowed_do,
  network_open: m.finding_network_open_do,
  network_partly: m.finding_network_partly_do,
  network_unknown: m.finding_network_unknown_do,
  memory_open: m.finding_memory_open_do,
  memory_unknown: m.finding_memory_unknown_do,
  run_cut_short: m.finding_run_cut_short_do,
};

/** A blank that the core gave no figure for reads as a dash. */
function blanksOf({ figures, names }: CheckView): Blanks {
  const figure = (name: string): string => {
    const value = figures[name];
    return value === undefined ? "–" : formatCount(value);
  };
  return {
    accounts: figure("accounts"),
    days: figure("days"),
    different: figure("different"),
    free: formatBytes(figures["free_bytes"] ?? 0),
    hidden: figure("hidden"),
    minutes: figure("minutes"),
    names: names.join(", "),
    pictures: figure("pictures"),
    places: figure("places"),
    processes: figure("processes"),
    row: figure("row"),
    rows: figure("rows"),
    without: figure("without"),
  };
}

export const findingText = (check: CheckView): string => findingWords[check.finding](blanksOf(check));

export const adviceText = (check: CheckView): string | undefined => adviceWords[check.finding]?.();
