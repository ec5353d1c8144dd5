import { m } from "$i18n";
import type { DicomObjectKind, DicomSendState } from "$ipc";

export const kindWords: Record<DicomObjectKind, () => string> = {
  photograph: m.dicom_kind_photograph,
  reading: m.dicom_kind_reading,
  report: m.dicom_kind_report,
};

export const stateWords: Record<DicomSendState, () => string> = {
  stored: m.dicom_state_stored,
  stored_with_warning: m.dicom_state_stored_with_warning,
  refused: m.dicom_state_refused,
  not_accepted: m.dicom_state_not_accepted,
  damaged: m.dicom_state_damaged,
  not_sent: m.dicom_state_not_sent,
};

/** A status as PACS logs write it, such as A700. */
export const statusText = (status: number): string => status.toString(16).toUpperCase().padStart(4, "0");
