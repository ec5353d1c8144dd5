import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PatientSearch, SEARCH_DEBOUNCE_MS } from "../../src/features/patient/search.svelte";
import type { PatientSearchResult } from "../../src/ipc/generated";
import { FakeHost } from "../fake-host";

const answer = (total: number): PatientSearchResult => ({ total, more: false, rows: [] });
const settled = () => vi.advanceTimersByTimeAsync(0);

describe("search as you type", () => {
  let host: FakeHost;
  let waiting: Map<string, (result: PatientSearchResult) => void>;

  beforeEach(() => {
    vi.useFakeTimers();
    host = new FakeHost().install();
    waiting = new Map();
    host.answers.patient_search = ({ text }) => new Promise((resolve) => waiting.set(text, resolve));
  });
  afterEach(() => {
    host.uninstall();
    vi.useRealTimers();
  });

  it("asks once after a pause", async () => {
    const search = new PatientSearch();
    for (const text of ["o", "ok", "oko"]) search.ask(text);
    await vi.advanceTimersByTimeAsync(SEARCH_DEBOUNCE_MS - 1);
    expect(waiting.size).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect([...waiting.keys()]).toEqual(["oko"]);
  });

  it("drops an answer that comes after a newer question", async () => {
    const search = new PatientSearch();
    search.askNow("slow");
    search.askNow("fast");
    await settled();
    waiting.get("fast")?.(answer(1));
    await settled();
    waiting.get("slow")?.(answer(99));
    await settled();
    expect(search.total).toBe(1);
    expect(search.answered).toBe("fast");
  });

  it("shows nothing of an old failure after a newer answer", async () => {
    const search = new PatientSearch();
    host.answers.patient_search = () => Promise.reject({ code: "storage_failed", message: "", details: {} });
    search.askNow("a");
    await settled();
    expect(search.failure?.code).toBe("storage_failed");
    delete host.answers.patient_search;
    search.askNow("b");
    await settled();
    expect(search.failure).toBeNull();
  });

  it("is silent once stopped", async () => {
    const search = new PatientSearch();
    search.askNow("x");
    await settled();
    search.stop();
    waiting.get("x")?.(answer(5));
    await settled();
    expect(search.answered).toBeNull();
  });
});
