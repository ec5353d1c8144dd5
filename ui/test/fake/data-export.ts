import type { ClinicTablesRequest, FhirExportRequest } from "../../src/ipc/generated";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

const SHORTEST = 12;
const problem = (field: string, code: string, limit?: number) => fail("invalid_input", { problems: [{ field, code, ...(limit === undefined ? {} : { limit }) }] });

/** Records in formats of others, as the core writes them. */
export class FakeDataExport {
  readonly bundles: FhirExportRequest[] = [];
  readonly tables: ClinicTablesRequest[] = [];
  /** Where the save dialog says; nothing when it is cancelled. */
  folder: string | null = "/media/stick";
}

export function dataExportHandlers(
  clinic: FakeClinic,
  open: () => NonNullable<FakeClinic["session"]>,
): Pick<Handlers, "patient_fhir_export" | "clinic_tables_export"> {
  const { dataExport } = clinic;
  const proven = (request: Omit<ClinicTablesRequest, "photographs">, ...roles: string[]) => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
    if (request.passphrase !== null && request.passphrase.length < SHORTEST) throw problem("passphrase", "too_short", SHORTEST);
    if (request.passphrase !== request.passphrase_repeat) throw problem("passphrase_repeat", "mismatch");
    if (request.password !== clinic.password) throw fail("invalid_credentials");
  };
  const saved = (name: string) => ({ saved: dataExport.folder !== null, path: dataExport.folder && `${dataExport.folder}/${name}` });
  return {
    patient_fhir_export: (request) => {
      proven(request, "administrator", "clinician");
      const patient = clinic.patients.find((candidate) => candidate.id === request.patient_id);
      if (!patient) throw fail("not_found");
      if (dataExport.folder !== null) dataExport.bundles.push(request);
      return saved(`${patient.number}-fhir.zip`);
    },
    clinic_tables_export: (request) => {
      proven(request, "administrator");
      if (dataExport.folder !== null) dataExport.tables.push(request);
      return saved("clinic-tables.zip");
    },
  };
}
