import { createContext } from "svelte";
import type { AnalysisId, LesionId, PatientId } from "$ipc";

/** What only the window around the figures can do. */
export type PerformanceDesk = {
  onOpenLesion: (patientId: PatientId, lesionId: LesionId, analysisId: AnalysisId) => void;
  /** The readings between two days. */
  onOpenReadings: (from: string, to: string) => void;
};

export const [performanceDesk, providePerformanceDesk] = createContext<PerformanceDesk>();
