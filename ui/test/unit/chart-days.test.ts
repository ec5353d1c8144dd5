import { render } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { Lines, lookOf } from "$components";

// The clinic's clock is ahead of UTC; formats take the zone when they are made, so this file is alone with it.
process.env.TZ = "Pacific/Auckland";

it("writes the days of a chart by the clock on the wall", () => {
  const points = ["2026-03-01T20:00:00Z", "2026-03-05T20:00:00Z"].map((at) => ({ x: Date.parse(at), y: 0.5 }));
  const { container } = render(Lines, { label: "Sum", series: [{ key: "a", label: "A", look: lookOf(0), points }] });
  const days = [...container.querySelectorAll("svg text:not(.figure)")].map(({ textContent }) => textContent);
  expect([days[0], days.at(-1)]).toEqual(["Mar 2, 2026", "Mar 6, 2026"]);
});
