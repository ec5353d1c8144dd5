import type { Commands, Language, PatientOwnRecord, PatientViewing, SessionView, UserDetails } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW, RECOVERY_GROUPS } from "./samples";

const CODES = [
  "3KQ7-M2XD-9PTA", "F8WN-4HZC-6VRB", "2JYS-7QKE-M5GD", "X9TA-3BNW-8FHP", "6CRV-K2MQ-4ZYJ",
  "D7EH-9SXT-2WKN", "Q4PB-6GFM-7RCA", "8ZNY-5JVK-3TDE", "H2WS-X6QR-9BMG", "5VKC-8DTP-4NZA",
];

export const NEW_GROUPS = ["7QWRK", "M3X9D", "T5HVA", "2PNZB", "8CJYE", "K4FSG", "6RTQW", "N9DMX"];

export const OWN_RECORD: PatientOwnRecord = {
  clinic_name: "Harbour Street Dermatology",
  number: "P-000001",
  family_name: "Okonkwo",
  given_names: "Adaeze",
  date_of_birth: "1971-03-09",
  sex: "female",
  phone: "020 7946 0018",
  email: null,
  address: "4 Quay Road\nSeaham",
  lesions: [
    { id: "lesion-1", label: "L1", body_site: "Back", site: "back", pictures: [{ place: 0, taken_at: NOW }, { place: 1, taken_at: NOW }] },
    { id: "lesion-2", label: "L2", body_site: "Lower leg", site: "lower_leg", pictures: [] },
  ],
  reports: [{ number: "R-2026-00001", signed_at: NOW, signed_by: "Dr. Ines Halloran", place: 2 }],
  as_of: NOW,
};

/** What the fake core knows of the account at the keyboard, and of the ways in. */
export class FakeAccount {
  details: UserDetails = {
    full_name: "Dr. Ines Halloran",
    email: "ines@clinic.example",
    phone: "020 7946 0100",
    date_of_birth: "1979-06-02",
    gender: "female",
    licence_number: "GMC 7012345",
  };
  language: Language | null = null;
  secondFactor = false;
  /** What the authenticator shows. */
  digits = "492817";
  /** A code of a telephone whose clock runs ahead by six steps. */
  aheadDigits = "111222";
  codesLeft = [...CODES];
  challenged = false;
  proposed = false;
  activationCode = "K7QX2-MD4RT-9ZBWA-3HNVC";
  resetCode = "305172";
  resetTries = 3;
  token: string | null = null;
  registered: UserDetails[] = [];
  drafts = new Map<string, unknown>();
  slip = "HERON-4T7K-QUAY";
  viewing: PatientViewing | null = null;
}

/** The commands of entry, account and patient view, with the answers of the real core. */
export function accountHandlers(clinic: FakeClinic, open: () => SessionView, blank: () => SessionView) {
  const { account } = clinic;
  const begin = (change: Partial<SessionView> = {}): SessionView =>
    (clinic.session = { ...blank(), language: account.language, second_factor: account.secondFactor, ...change });
  const again = (password: string): void => {
    open();
    if (password !== clinic.password) throw fail("invalid_credentials");
  };
  const problem = (field: string, code: string, limit?: number) => fail("invalid_input", { problems: [{ field, code, limit }] });
  const choose = (password: string, repeat: string, least: number): void => {
    if (password.length < least) throw problem("password", "too_short", least);
    if (password !== repeat) throw problem("password_repeat", "mismatch");
    clinic.password = password;
  };
  const plain = (code: string): string => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
  const spend = (code: string): boolean => {
    const at = account.codesLeft.findIndex((left) => plain(left) === plain(code));
    if (at >= 0) account.codesLeft.splice(at, 1);
    return at >= 0;
  };
  const judge = (code: string): void => {
    if (code === account.aheadDigits) throw fail("second_factor_wrong", { drift_steps: 6 });
    if (code !== account.digits && !spend(code)) throw fail("second_factor_wrong");
  };
  const look = (): PatientViewing => {
    if (account.viewing === null) throw fail("session_required");
    return account.viewing;
  };
  return {
    session_sign_in: ({ email, password }) => {
      if (password !== clinic.password) throw fail("invalid_credentials");
      if (account.secondFactor) return ((account.challenged = true), { kind: "second_factor" as const });
      return { kind: "signed_in" as const, session: begin({ email }) };
    },
    session_second_factor: ({ code }) => {
      if (!account.challenged) throw fail("sign_in_expired");
      judge(code);
      account.challenged = false;
      return begin();
    },
    session_abandon: () => ((account.challenged = false), null),
    session_sign_out: () => ((clinic.session = null), null),
    session_lock: () => ((clinic.session = null), null),
    session_touch: () => (open(), null),
    session_read: () => open(),
    account_register: ({ details, password, password_repeat }) => {
      const kept = clinic.password;
      choose(password, password_repeat, 15);
      clinic.password = kept;
      account.registered.push(details);
      return null;
    },
    account_activate: ({ email, code, password, password_repeat }) => {
      if (plain(code) !== plain(account.activationCode)) throw fail("code_invalid");
      choose(password, password_repeat, 15);
      return begin({ email });
    },
    password_reset_check: ({ code }) => {
      if (account.resetTries-- <= 0 || code !== account.resetCode) throw fail("code_invalid");
      return { token: (account.token = "token-1") };
    },
    password_reset_finish: ({ token, password, password_repeat }) => {
      if (token !== account.token) throw fail("code_invalid");
      choose(password, password_repeat, 8);
      account.token = null;
      return null;
    },
    password_recover: ({ recovery_code, password, password_repeat }) => {
      if (!account.codesLeft.some((left) => plain(left) === plain(recovery_code))) throw fail("code_invalid");
      choose(password, password_repeat, 8);
      spend(recovery_code);
      return null;
    },
    password_change: ({ current, password, password_repeat }) => {
      again(current);
      choose(password, password_repeat, account.secondFactor ? 8 : 15);
      clinic.session = { ...open(), duty: null };
      return null;
    },
    recovery_sheet_use: ({ sheet, password, password_repeat }) => {
      if (plain(sheet) !== RECOVERY_GROUPS.join("")) throw fail("code_invalid");
      choose(password, password_repeat, 15);
      account.secondFactor = false;
      clinic.sheet = NEW_GROUPS;
      const session = begin();
      return { session, recovery_sheet: { clinic_name: session.clinic_name, created_at: NOW, groups: NEW_GROUPS } };
    },
    recovery_sheet_confirm: ({ group, text }) => {
      if (clinic.sheet[group - 1] !== text.toUpperCase()) throw problem("text", "mismatch");
      return null;
    },
    recovery_sheet_save: () => ({ saved: true, path: "Documents/recovery-sheet.pdf" }),
    draft_keep: ({ key, body }) => {
      open();
      if (body === null) account.drafts.delete(key);
      else if (JSON.stringify(body).length > 65_536) throw fail("invalid_input");
      else account.drafts.set(key, body);
      return null;
    },
    draft_list: () => (open(), [...account.drafts].map(([key, body]) => ({ key, body }))),
    profile_read: () => ({
      details: account.details,
      role: open().role,
      second_factor: account.secondFactor,
      recovery_codes_left: account.secondFactor ? account.codesLeft.length : 0,
      last_sign_in_at: NOW,
    }),
    language_choose: ({ language }) => {
      account.language = language;
      clinic.session = { ...open(), language };
      return null;
    },
    profile_update: ({ details, password }) => {
      if (details.email !== account.details.email) again(password ?? "");
      account.details = details;
      clinic.session = { ...open(), user_name: details.full_name, email: details.email };
      return {
        details,
        role: open().role,
        second_factor: account.secondFactor,
        recovery_codes_left: account.secondFactor ? account.codesLeft.length : 0,
        last_sign_in_at: NOW,
      };
    },
    second_factor_propose: ({ password }) => {
      again(password);
      account.proposed = true;
      return { ...proposal(), account: open().email };
    },
    second_factor_confirm: ({ code }) => {
      if (!account.proposed) throw fail("not_found");
      judge(code);
      Object.assign(account, { proposed: false, secondFactor: true, codesLeft: [...CODES] });
      clinic.session = { ...open(), second_factor: true, duty: null };
      return { codes: CODES };
    },
    second_factor_remove: ({ password }) => {
      again(password);
      if (password.length < 15) throw problem("password", "too_short", 15);
      account.secondFactor = false;
      clinic.session = { ...open(), second_factor: false };
      return null;
    },
    recovery_codes_issue: ({ password }) => (again(password), (account.codesLeft = [...CODES]), { codes: CODES }),
    recovery_codes_save: () => ({ saved: true, path: "Documents/recovery-codes.pdf" }),
    patient_view_open: ({ code }) => {
      if (plain(code) !== plain(account.slip)) throw fail("code_invalid");
      return (account.viewing = { record: OWN_RECORD, ends_in_seconds: 600, idle_seconds: 120 });
    },
    patient_view_read: look,
    patient_view_close: () => (look(), (account.viewing = null), null),
  } satisfies Partial<Handlers>;
}

/** A picture with the outline of a QR code of version 4; only a scanner would tell the difference. */
function proposal(): Omit<Commands["second_factor_propose"]["answer"], "account"> {
  const size = 33;
  const finder = (x: number, y: number): boolean | null => {
    const inside = Math.max(Math.abs(x - 3), Math.abs(y - 3));
    return inside > 4 ? null : inside === 4 ? false : inside !== 2;
  };
  const dark = (x: number, y: number): boolean =>
    finder(x, y) ?? finder(size - 1 - x, y) ?? finder(x, size - 1 - y) ?? (x * 7 + y * 13 + x * y) % 5 < 2;
  const cells = Array.from({ length: size * size }, (_, at) => (dark(at % size, Math.floor(at / size)) ? "1" : "0"));
  return { manual_key: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", issuer: "Lentigo", qr: cells.join(""), qr_size: size };
}
