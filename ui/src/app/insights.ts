import type { Component } from "svelte";
import DashboardTab from "$features/insight/DashboardTab.svelte";
import TrendsTab from "$features/insight/TrendsTab.svelte";
import UsageTab from "$features/insight/UsageTab.svelte";
import PerformanceTab from "$features/performance/PerformanceTab.svelte";
import { m } from "$i18n";

type Part = {
  name: string;
  label: () => string;
  /** Without props: what only the window can do it takes from the desk. */
  component: Component;
};
type Group = { name: string; label: () => string; parts: readonly Part[] };

/** Every part of the insights, in the order of its navigation. */
export const INSIGHT_GROUPS = [
  {
    name: "insight-clinic",
    label: m.insight_group_clinic,
    parts: [
      { name: "dashboard", label: m.insight_tab_dashboard, component: DashboardTab },
      { name: "trends", label: m.insight_tab_trends, component: TrendsTab },
    ],
  },
  {
    name: "insight-ai",
    label: m.insight_group_ai,
    parts: [{ name: "performance", label: m.insight_tab_performance, component: PerformanceTab }],
  },
  {
    name: "insight-program",
    label: m.insight_group_program,
    parts: [{ name: "usage", label: m.insight_tab_usage, component: UsageTab }],
  },
] as const satisfies readonly Group[];

export type InsightPart = (typeof INSIGHT_GROUPS)[number]["parts"][number]["name"];

/** The same parts without their groups. */
export const INSIGHT_PARTS: readonly Part[] = INSIGHT_GROUPS.flatMap((group): readonly Part[] => group.parts);
