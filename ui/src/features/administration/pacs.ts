import type { FieldProblem, PacsNode, PacsSettingsRequest, PacsSettingsView } from "$ipc";

/** The form as typed: numbers are still text, and no stored secret ever comes back. */
export type PacsDraft = Omit<PacsNode, "port" | "patience_seconds"> & {
  port: string;
  patience: string;
  secret: string;
  certificate: string;
  /** The stored certificate is to go. */
  noCertificate: boolean;
};

export const pacsDraft = ({ node: { port, patience_seconds, ...rest } }: PacsSettingsView): PacsDraft => ({
  ...rest,
  port: String(port),
  patience: String(patience_seconds),
  secret: "",
  certificate: "",
  noCertificate: false,
});

/** What people call it: its title, or the machine that its URL names. */
export const pacsName = ({ way, called_title, url }: PacsNode): string => (way === "dimse" ? called_title : (/^https?:\/\/(\[[^\]]+\]|[^/:?#]+)/.exec(url)?.[1] ?? url));

export const LONGEST_PATIENCE = 120;
const number = (typed: string): number => (/^\d{1,5}$/.test(typed.trim()) ? Number(typed) : 0);

export type JudgedPacs = { request: PacsSettingsRequest; problems: [] } | { request: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judgePacs({ port: typedPort, patience, secret, certificate, noCertificate, ...typed }: PacsDraft, hasSecret: boolean): JudgedPacs {
  const node: PacsNode = {
    ...typed,
    host: typed.host.trim(),
    called_title: typed.called_title.trim(),
    calling_title: typed.calling_title.trim(),
    url: typed.url.trim(),
    user: typed.user.trim(),
    // Of the way that is not chosen nothing is asked.
    port: typed.way === "dimse" ? number(typedPort) : number(typedPort) || 104,
    patience_seconds: number(patience),
  };
  const problems: FieldProblem[] = [];
  const required = (field: string, missing: boolean) => {
    if (missing) problems.push({ field, code: "required" });
  };
  if (node.way === "dimse") {
    required("host", node.enabled && node.host === "");
    if (node.port < 1 || node.port > 65_535) problems.push({ field: "port", code: "not_allowed" });
    required("called_title", node.enabled && node.called_title === "");
    required("calling_title", node.calling_title === "");
  } else {
    required("url", node.enabled && node.url === "");
    required("user", node.enabled && node.access === "password" && node.user === "");
    required("secret", node.enabled && node.access !== "open" && secret === "" && !hasSecret);
  }
  if (node.patience_seconds < 1 || node.patience_seconds > LONGEST_PATIENCE) problems.push({ field: "patience_seconds", code: "not_allowed" });
  if (problems.length > 0) return { request: null, problems };
  const trusted = noCertificate ? "" : certificate.trim() === "" ? null : certificate;
  return { request: { node, secret: secret === "" ? null : secret, certificate: trusted }, problems: [] };
}
