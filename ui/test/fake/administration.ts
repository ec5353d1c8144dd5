import type {
  BreakGlassView,
  ClinicianView,
  MailSettingsView,
  SessionView,
  UserRow,
} from "./types";
import type { Handlers } from "../fake-host";
import { NEW_GROUPS } from "./account";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";

const LATER = "2026-11-27T10:30:00Z";
const IN_TEN_MINUTES = "2026-11-20T10:40:00Z";

export function userRow(id: string, full_name: string, change: Partial<UserRow> = {}): UserRow {
  const email = `${full_name.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@clinic.example`;
  return {
    id,
    details: { full_name, email, phone: null, date_of_birth: null, gender: null, licence_number: null },
    role: "clinician",
    state: "active",
    created_at: "2026-03-02T08:00:00Z",
    last_sign_in_at: "2026-11-19T16:20:00Z",
    second_factor: false,
    invited: false,
    failures: 0,
    locked_for_seconds: 0,
    is_self: false,
    ...change,
  };
}

const own = userRow("user-1", "Dr. Ines Halloran", { role: "administrator", second_factor: true, is_self: true });
own.details.email = "ines@clinic.example";

export function look(id: string, change: Partial<BreakGlassView> = {}): BreakGlassView {
  return {
    id,
    user_id: "user-3",
    user_name: "Tamsin Reyes",
    patient_id: "patient-1",
    patient_number: "P-000001",
    reason: "Patient on the phone with a bleeding lesion, no clinician in the house.",
    opened_at: NOW,
    until: "2026-11-20T11:00:00Z",
    ended_at: null,
    uses: 2,
    reviewed_by: null,
    reviewed_at: null,
    review_note: null,
    ...change,
  };
}

/** What the fake core knows of users, directory, emergency looks and settings. */
export class FakeAdministration {
  users: UserRow[] = [
    own,
    userRow("user-2", "Dr. Marek Sola", { second_factor: true }),
    userRow("user-3", "Tamsin Reyes", { role: "front_desk", failures: 5, locked_for_seconds: 2_540 }),
    userRow("user-4", "Bo Lindqvist", { role: "auditor", state: "locked" }),
    userRow("user-5", "Priya Nand", { state: "unverified", invited: true, last_sign_in_at: null }),
    userRow("user-6", "Ada Quill", { role: "front_desk", state: "unverified", last_sign_in_at: null }),
  ];
  clinicians: ClinicianView[] = [
    { id: "clinician-1", full_name: "Dr. Ines Halloran", licence_number: "GMC 7012345", user_id: "user-1", has_signature: true },
  ];
  looks: BreakGlassView[] = [
    look("look-1"),
    look("look-2", { uses: 0, reviewed_by: "Dr. Ines Halloran", reviewed_at: NOW, review_note: "Justified." }),
  ];
  mail: MailSettingsView = { enabled: false, host: "", port: 465, security: "tls", user: "", has_password: false, from: "" };
  idleMinutes = 10;
  signatures = new Map<string, Uint8Array>();
}

/** The administrator's commands with the answers of the real core. */
export function administrationHandlers(clinic: FakeClinic, open: () => SessionView, bytes: Uint8Array) {
  const state = clinic.administration;
  const invalid = (field: string, code: string, limit?: number) => fail("invalid_input", { problems: [{ field, code, limit }] });
  const administrator = (): SessionView => {
    const session = open();
    if (session.role !== "administrator") throw fail("not_permitted");
    return session;
  };
  const again = (password: string): void => {
    administrator();
    if (password !== clinic.password) throw fail("invalid_credentials");
  };
  const one = <T extends { id: string }>(list: T[], id: string): T => {
    administrator();
    const found = list.find((entry) => entry.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  const somebodyElse = (id: string): UserRow => {
    const user = one(state.users, id);
    if (user.is_self) throw fail("not_permitted");
    return user;
  };
  const waiting = (id: string): UserRow => {
    const user = one(state.users, id);
    if (user.state !== "unverified") throw fail("conflict");
    return user;
  };
  const activation = ({ id, details }: UserRow) => ({
    id,
    full_name: details.full_name,
    email: details.email,
    code: clinic.account.activationCode,
    expires_at: LATER,
  });
  const set = (id: string, change: Partial<UserRow>) => (Object.assign(somebodyElse(id), change), null);
  const sheet = () => {
    clinic.sheet = NEW_GROUPS;
    return { clinic_name: open().clinic_name, created_at: NOW, groups: NEW_GROUPS };
  };
  return {
    user_list: () => (administrator(), state.users),
    user_invite: ({ details, role }) => {
      administrator();
      if (state.users.some((user) => user.details.email === details.email)) throw fail("email_in_use");
      const user = userRow(clinic.id("invited"), details.full_name, { details, role, state: "unverified", invited: true, last_sign_in_at: null });
      state.users.push(user);
      return activation(user);
    },
    user_activation_issue: ({ id, role }) => activation(Object.assign(waiting(id), { role, invited: true })),
    activation_save: () => (administrator(), { saved: true, path: "Documents/activation.pdf" }),
    user_approve: ({ id, role }) => {
      const user = waiting(id);
      if (user.invited) throw fail("not_found");
      return Object.assign(user, { role, state: "active" }), null;
    },
    user_role_change: ({ id, role }) => set(id, { role }),
    user_disable: ({ id }) => set(id, { state: "locked" }),
    user_enable: ({ id }) => set(id, { state: "active" }),
    user_unlock: ({ id }) => set(id, { failures: 0, locked_for_seconds: 0 }),
    user_second_factor_remove: ({ id }) => set(id, { second_factor: false }),
    user_delete: ({ id, password }) => {
      again(password);
      const gone = somebodyElse(id);
      state.users = state.users.filter((user) => user !== gone);
      return null;
    },
    password_reset_issue: ({ id }) => {
      if (somebodyElse(id).state !== "active") throw fail("conflict");
      return { code: clinic.account.resetCode, expires_at: IN_TEN_MINUTES, mailed: state.mail.enabled };
    },
    clinician_list: () => (administrator(), state.clinicians),
    clinician_save: ({ id, full_name, licence_number, user_id }) => {
      administrator();
      if (user_id !== null && state.clinicians.some((entry) => entry.user_id === user_id && entry.id !== id)) throw fail("conflict");
      if (id !== null) return Object.assign(one(state.clinicians, id), { full_name, licence_number, user_id });
      const added = { id: clinic.id("entry"), full_name, licence_number, user_id, has_signature: false };
      state.clinicians.push(added);
      return added;
    },
    clinician_signature_save: ({ id }) => {
      const entry = one(state.clinicians, id);
      if (bytes.length < 4) throw fail("image_format_unsupported");
      state.signatures.set(id, bytes);
      return Object.assign(entry, { has_signature: true });
    },
    clinician_remove: ({ id }) => {
      const gone = one(state.clinicians, id);
      state.clinicians = state.clinicians.filter((entry) => entry !== gone);
      return null;
    },
    break_glass_list: () => (administrator(), state.looks),
    break_glass_review: ({ id, note }) => {
      const { user_name } = administrator();
      const found = one(state.looks, id);
      if (found.reviewed_at !== null) throw fail("conflict");
      return Object.assign(found, { reviewed_by: user_name, reviewed_at: NOW, review_note: note });
    },
    mail_settings_read: () => (administrator(), state.mail),
    mail_settings_update: ({ password, ...settings }) => {
      administrator();
      if (settings.security === "none" && settings.host !== "localhost") throw invalid("security", "not_allowed");
      const has_password = password === null ? state.mail.has_password : password !== "";
      return (state.mail = { ...settings, has_password });
    },
    mail_test: () => {
      administrator();
      if (!state.mail.enabled) throw fail("mail_failed", { reason: "off" });
      return null;
    },
    access_settings_read: () => (administrator(), { idle_lock_minutes: state.idleMinutes }),
    access_settings_update: ({ idle_lock_minutes }) => {
      administrator();
      if (idle_lock_minutes < 1 || idle_lock_minutes > 60) throw invalid("idle_lock_minutes", "not_allowed", 60);
      state.idleMinutes = idle_lock_minutes;
      return { idle_lock_minutes };
    },
    recovery_sheet_issue: ({ password }) => (again(password), sheet()),
    keys_change: ({ password }) => (again(password), sheet()),
  } satisfies Partial<Handlers>;
}
