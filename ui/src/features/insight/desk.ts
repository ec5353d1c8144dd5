import { createContext } from "svelte";
import type { HistoryRequest, ReportListRequest } from "$ipc";

/** What only the window around the insights can do: it leads to the records behind a number. */
export type InsightDesk = {
  /** Whether whoever sits here changes settings. */
  administers: () => boolean;
  onOpenPatients: () => void;
  onOpenHistory: (filter: Omit<HistoryRequest, "before" | "limit">) => void;
  onOpenReports: (filter: Omit<ReportListRequest, "before" | "limit">) => void;
  onOpenNet: () => void;
  onOpenSettings: () => void;
};

export const [insightDesk, provideInsightDesk] = createContext<InsightDesk>();
