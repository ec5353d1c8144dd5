import { Channel, invoke } from "@tauri-apps/api/core";
import type {
  AppError,
  BackupProgress,
  ClinicianRequest,
  ClinicianView,
  Commands,
  ComparisonProgress,
  DeskPhotoAdded,
  DeskPhotoAddRequest,
  DicomSendProgress,
  ImportProgress,
  JobView,
  LetterheadView,
  ModelCompareProgress,
  PortraitRequest,
  PortraitView,
  TrayAdded,
  TrayAddRequest,
} from "./generated";
import { toAppError } from "./errors";

export type CommandName = keyof Commands;
/** Commands whose bytes travel as the raw body, with the request as a header. */
type WithBytes = "image_import" | "tray_add" | "photo_preview" | "desk_photo_add" | "clinician_signature_save" | "portrait_save" | "logo_save";
type Request<K extends CommandName> = Commands[K]["request"];
type Answer<K extends CommandName> = Commands[K]["answer"];

/** What a command with progress reports while it works. */
type ProgressOf = {
  analysis_start: JobView;
  comparison_start: ComparisonProgress;
  patient_dicom_send: DicomSendProgress;
  backup_start: BackupProgress;
  backup_drill: BackupProgress;
  restore_start: BackupProgress;
  import_start: ImportProgress;
  model_compare: ModelCompareProgress;
};
type Options<K extends CommandName> = K extends keyof ProgressOf
  ? { onProgress: (progress: ProgressOf[K]) => void }
  : never;

type Arguments<K extends CommandName> = K extends keyof ProgressOf
  ? [request: Request<K>, options: Options<K>]
  : Request<K> extends null
    ? []
    : [request: Request<K>];

type EndListener = (error: AppError) => void;
const endListeners = new Set<EndListener>();

/** Calls the listener whenever the core answers that there is no open session. */
export function onSessionRefused(listener: EndListener): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

function refuse(reason: unknown): never {
  const error = toAppError(reason);
  if (error.code === "session_locked" || error.code === "session_required") {
    for (const listener of endListeners) listener(error);
  }
  throw error;
}

/** Calls a command of the core. Rejects with an `AppError` and nothing else. */
export async function call<K extends Exclude<CommandName, WithBytes>>(
  name: K,
  ...[request, options]: Arguments<K>
): Promise<Answer<K>> {
  const args: Record<string, unknown> = {};
  if (request !== null && request !== undefined) args.request = request;
  if (options !== undefined) {
    const channel = new Channel<never>();
    channel.onmessage = options.onProgress;
    args.progress = channel;
  }
  try {
    return await invoke<Answer<K>>(name, args);
  } catch (reason) {
    return refuse(reason);
  }
}

async function send<K extends WithBytes>(name: K, request: Request<K>, bytes: Uint8Array): Promise<Answer<K>> {
  try {
    return await invoke<Answer<K>>(name, bytes, {
      headers: { "x-lentigo-request": encodeURIComponent(JSON.stringify(request)) },
    });
  } catch (reason) {
    return refuse(reason);
  }
}

/** Sends the picture of a clinician's signature. */
export function saveSignature(request: ClinicianRequest, bytes: Uint8Array): Promise<ClinicianView> {
  return send("clinician_signature_save", request, bytes);
}

/** Sends one photograph that waits with a visit for a clinician. */
export function addDeskPhoto(request: DeskPhotoAddRequest, bytes: Uint8Array): Promise<DeskPhotoAdded> {
  return send("desk_photo_add", request, bytes);
}

/** Sends the picture of a patient's face. */
export function savePortrait(request: PortraitRequest, bytes: Uint8Array): Promise<PortraitView> {
  return send("portrait_save", request, bytes);
}

/** Sends one photograph to the tray of a patient, or straight to a lesion. */
export function addToTray(request: TrayAddRequest, bytes: Uint8Array): Promise<TrayAdded> {
  return send("tray_add", request, bytes);
}

/** A small JPEG of a photograph on its way in. */
export function previewPhoto(bytes: Uint8Array): Promise<ArrayBuffer> {
  return send("photo_preview", null, bytes);
}

/** Sends the picture that stands in the head of what is printed. */
export function saveLogo(bytes: Uint8Array): Promise<LetterheadView> {
  return send("logo_save", null, bytes);
}
