import { audienceWords, auditActionWords, auditFieldWord, behaviourWords, closeReasonWords, contactMeansWords, contactOutcomeWords, formatDay, formatMoment, LANGUAGE_CODES, LANGUAGES, m, marginWords, recallStateWords, riskFactorWords, roleWords, sexWords, sideWords, siteWords, viewWords } from "$i18n";
import type { UserState } from "$ipc";

type Plain = Record<string, unknown>;
export type Change = { field: string; before: string; after: string };
export type Fact = { field: string; value: string };

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

const stateWords: Record<UserState, () => string> = {
  active: m.user_state_active,
  unverified: m.user_state_waiting,
  locked: m.user_state_disabled,
  deleted: m.audit_value_deleted,
};

/** Fields whose values are words of a closed set. */
const WORDS: Record<string, Record<string, () => string>> = {
  role: roleWords,
  state: { ...stateWords, ...recallStateWords },
  sex: sexWords,
  gender: sexWords,
  language: Object.fromEntries(LANGUAGE_CODES.map((code) => [code, () => LANGUAGES[code]])),
  risk_factors: riskFactorWords,
  actions: auditActionWords,
  site: siteWords,
  laterality: sideWords,
  view: viewWords,
  reason: closeReasonWords,
  audience: audienceWords,
  behaviour: behaviourWords,
  margins: marginWords,
  means: contactMeansWords,
  outcome: contactOutcomeWords,
};

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function wordsOf(field: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return m.audit_value_none();
  if (typeof value === "boolean") return value ? m.audit_value_yes() : m.audit_value_no();
  if (Array.isArray(value)) {
    return value.length === 0 ? m.audit_value_none() : value.map((entry) => wordsOf(field, entry)).join(", ");
  }
  if (typeof value !== "string") return JSON.stringify(value);
  const words = WORDS[field];
  if (words && Object.hasOwn(words, value)) return words[value]?.() ?? value;
  if (INSTANT.test(value)) return formatMoment(value);
  return DAY.test(value) ? formatDay(value) : value;
}

const last = (path: string): string => path.split(".").at(-1) ?? path;

/** Two records that differ inside are taken apart, so that only what differs is shown. */
function compare(path: string, before: unknown, after: unknown): Change[] {
  if (isPlain(before) || isPlain(after)) {
    const [old, now] = [isPlain(before) ? before : {}, isPlain(after) ? after : {}];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
      const same = JSON.stringify(old[key]) === JSON.stringify(now[key]);
      return same ? [] : compare(`${path}.${key}`, old[key], now[key]);
    });
  }
  const field = last(path);
  return [{ field: auditFieldWord(path), before: wordsOf(field, before), after: wordsOf(field, after) }];
}

/** What a change changed, as the core notes it: `{ "changed": { field: [old, new] } }`. */
export function changesOf(details: Plain): Change[] {
  if (!isPlain(details.changed)) return [];
  return Object.entries(details.changed).flatMap(([field, pair]) =>
    Array.isArray(pair) ? compare(field, pair[0], pair[1]) : [],
  );
}

function facts(prefix: string, values: Plain): Fact[] {
  return Object.entries(values).flatMap(([key, value]): Fact[] => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (isPlain(value)) return facts(path, value);
    const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
    return empty ? [] : [{ field: auditFieldWord(path), value: wordsOf(key, value) }];
  });
}

/** Everything else that a row says, but for what is empty. */
export function factsOf(details: Plain): Fact[] {
  const { changed, ...rest } = details;
  return facts("", isPlain(changed) ? rest : details);
}
