import { convertFileSrc } from "@tauri-apps/api/core";
import { toAppError } from "./errors";
import type { AnalysisId, ClinicianId, DeskPhotoId, ImageId, PatientId, TrayPhotoId } from "./generated";

export type ImageSize = "display" | "thumbnail" | "original";

/** `vault://localhost/`, or `http://vault.localhost/` where the system wants it so. */
function base(): string {
  return convertFileSrc("", "vault");
}

/** Address of a stored photograph; the core opens it for the signed-in session only. */
export function imageUrl(id: ImageId, size: ImageSize): string {
  return `${base()}image/${encodeURIComponent(id)}/${size}`;
}

/** Address of a heatmap: RGBA, aligned with the whole display photograph, clear where there is no heat. */
export function heatmapUrl(analysis: AnalysisId, image: ImageId, classCode: string): string {
  const parts = [analysis, image, "heatmap", classCode].map(encodeURIComponent);
  return `${base()}analysis/${parts.join("/")}`;
}

/** Address of an outline: a line on clear ground, aligned with the whole display photograph. */
export function outlineUrl(analysis: AnalysisId, image: ImageId): string {
  const parts = [analysis, image, "outline"].map(encodeURIComponent);
  return `${base()}analysis/${parts.join("/")}`;
}

/** Address of a picture in the record that a patient has open; `place` counts within that record. */
export function ownUrl(place: number): string {
  return `${base()}own/${place}`;
}

/** Address of the picture of a signature; another `edition` shows what has replaced it since. */
export function signatureUrl(id: ClinicianId, edition: number): string {
  return `${base()}clinician/${encodeURIComponent(id)}/signature?edition=${edition}`;
}

/** Address of a photograph of the front desk that waits. */
export function deskPhotoUrl(id: DeskPhotoId, size: ImageSize): string {
  return `${base()}desk/${encodeURIComponent(id)}/${size}`;
}

/** Address of a patient's portrait; another `edition` is another picture. */
export function portraitUrl(id: PatientId, edition: number): string {
  return `${base()}portrait/${encodeURIComponent(id)}?edition=${edition}`;
}

/** Address of a piece of a photograph: `level` halves its size so often, column and row count tiles of 512 pixels. */
export function tileUrl(id: ImageId, level: number, column: number, row: number): string {
  return `${base()}tile/${encodeURIComponent(id)}/${level}/${column}/${row}`;
}

/** Address of a photograph that waits for a lesion. */
export function trayPhotoUrl(id: TrayPhotoId, size: ImageSize): string {
  return `${base()}tray/${encodeURIComponent(id)}/${size}`;
}

/** Address of the clinic's logo; another `edition` is another picture. */
export function logoUrl(edition: number): string {
  return `${base()}logo?edition=${edition}`;
}

/** The PDF of a report in the record that a patient has open. Rejects with an `AppError`. */
export async function readOwnReport(place: number): Promise<ArrayBuffer> {
  const answer = await fetch(ownUrl(place)).catch(() => null);
  if (!answer?.ok) throw toAppError(null);
  return answer.arrayBuffer();
}
