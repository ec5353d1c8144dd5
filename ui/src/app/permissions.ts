import type { Role } from "$ipc";

/** What a role is offered on the screen. The core decides again on every call. */
const OFFERED = {
  edit_patients: ["administrator", "clinician", "front_desk"],
  merge_patients: ["administrator", "clinician"],
  examine: ["administrator", "clinician"],
  follow_up_work: ["administrator", "clinician", "front_desk"],
  export_reports: ["administrator", "clinician"],
  find_reports: ["administrator", "clinician", "front_desk"],
  read_reports: ["administrator", "clinician"],
  export_records: ["administrator", "clinician"],
  see_photographs: ["administrator", "clinician"],
  issue_slips: ["administrator", "clinician"],
  read_history: ["administrator", "clinician"],
  read_insights: ["administrator", "clinician"],
  read_access_log: ["administrator", "clinician", "auditor"],
  open_emergency: ["front_desk", "auditor"],
  administer: ["administrator"],
  read_audit: ["administrator", "auditor"],
  edit_library: ["administrator", "clinician"],
} as const satisfies Record<string, readonly Role[]>;

export function may(role: Role, action: keyof typeof OFFERED): boolean {
  return (OFFERED[action] as readonly Role[]).includes(role);
}
