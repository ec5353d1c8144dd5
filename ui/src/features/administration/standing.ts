import { byName, m } from "$i18n";
import type { Role, UserRow } from "$ipc";

/** Where somebody stands: what the state of the account, its invitation and its failed sign-ins come to. */
export type Standing = "waiting" | "invited" | "active" | "disabled" | "shut";

export function standingOf(user: UserRow): Standing {
  if (user.state === "unverified") return user.invited ? "invited" : "waiting";
  if (user.state === "locked") return "disabled";
  return user.locked_for_seconds > 0 ? "shut" : "active";
}

export const minutesLeft = (user: UserRow): number => Math.ceil(user.locked_for_seconds / 60);

export function standingWords(user: UserRow): string {
  const words: Record<Standing, () => string> = {
    waiting: m.user_state_waiting,
    invited: m.user_state_invited,
    active: m.user_state_active,
    disabled: m.user_state_disabled,
    shut: () => m.user_state_shut({ minutes: minutesLeft(user) }),
  };
  return words[standingOf(user)]();
}

/** People who can be given a role; a patient never has an account. */
export type StaffRole = Exclude<Role, "patient_view">;
export const STAFF_ROLES: readonly StaffRole[] = ["administrator", "clinician", "front_desk", "auditor"];

export const roleAbout: Record<StaffRole, () => string> = {
  administrator: m.role_about_administrator,
  clinician: m.role_about_clinician,
  front_desk: m.role_about_front_desk,
  auditor: m.role_about_auditor,
};

export const staffRole = (role: Role): StaffRole => STAFF_ROLES.find((known) => known === role) ?? "front_desk";

export type UserGroup = { name: "waiting" | "invited" | "accounts"; title: string; users: UserRow[] };

/** Who waits for a decision comes first, then open invitations, then everybody else; each by name. */
export function groupsOf(users: UserRow[]): UserGroup[] {
  const by = (belongs: (standing: Standing) => boolean) =>
    users
      .filter((user) => belongs(standingOf(user)))
      .sort((a, b) => byName(a.details.full_name, b.details.full_name));
  const [waiting, invited] = [by((s) => s === "waiting"), by((s) => s === "invited")];
  const accounts = by((s) => s !== "waiting" && s !== "invited");
  const groups: UserGroup[] = [
    { name: "waiting", title: m.users_waiting({ count: waiting.length }), users: waiting },
    { name: "invited", title: m.users_invited({ count: invited.length }), users: invited },
    { name: "accounts", title: m.users_count({ count: accounts.length }), users: accounts },
  ];
  return groups.filter((group) => group.users.length > 0);
}
