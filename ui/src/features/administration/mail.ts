import { m } from "$i18n";
import type { FieldProblem, MailSecurity, MailSettingsRequest, MailSettingsView } from "$ipc";

/** The form as typed: the port is still text, and no stored password ever comes back. */
export type MailDraft = {
  enabled: boolean;
  host: string;
  port: string;
  security: MailSecurity;
  user: string;
  password: string;
  from: string;
};

/** Ports a mail server listens on by the kind of encryption (RFC 8314, RFC 6409, RFC 5321). */
const USUAL_PORTS: Record<MailSecurity, number> = { tls: 465, start_tls: 587, none: 25 };

export const securityOptions: { value: MailSecurity; label: string }[] = [
  { value: "tls", label: m.mail_security_tls() },
  { value: "start_tls", label: m.mail_security_start_tls() },
  { value: "none", label: m.mail_security_none() },
];

export const mailDraft = ({ enabled, host, port, security, user, from }: MailSettingsView): MailDraft => ({
  enabled,
  host,
  port: String(port),
  security,
  user,
  password: "",
  from,
});

/** A port that belongs to another kind of encryption goes along; one that was chosen freely stays. */
export function portFor(security: MailSecurity, typed: string): string {
  const usual = Object.values(USUAL_PORTS).map(String);
  return typed.trim() === "" || usual.includes(typed.trim()) ? String(USUAL_PORTS[security]) : typed;
}

export type JudgedMail = { request: MailSettingsRequest; problems: [] } | { request: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judgeMail(draft: MailDraft): JudgedMail {
  const [host, from, user] = [draft.host.trim(), draft.from.trim(), draft.user.trim()];
  const port = /^\d{1,5}$/.test(draft.port.trim()) ? Number(draft.port) : 0;
  const problems: FieldProblem[] = [];
  if (draft.enabled && host === "") problems.push({ field: "host", code: "required" });
  if (port < 1 || port > 65_535) problems.push({ field: "port", code: "not_allowed" });
  if (draft.enabled && from === "") problems.push({ field: "from", code: "required" });
  if (problems.length > 0) return { request: null, problems };
  // A server that asks for no user needs no password: the stored one goes.
  const password = user === "" ? "" : draft.password === "" ? null : draft.password;
  const { enabled, security } = draft;
  return { request: { enabled, host, port, security, user, password, from }, problems: [] };
}
