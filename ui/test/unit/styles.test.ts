import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Selector and body of every rule of a component. */
function rulesOf(path: string): { selector: string; body: string }[] {
  const style = readFileSync(path, "utf8").split("<style>")[1] ?? "";
  return [...style.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = "", body = ""]) => ({ selector: selector.trim(), body }));
}

it("whatever scrolls keeps inside what is only read aloud", () => {
  const paths = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".svelte")).map((path) => `src/${path}`);
  const scrolls = paths.flatMap((path) =>
    rulesOf(path).filter(({ body }) => /overflow(-[xy])?:\s*auto/.test(body)).map((rule) => ({ path, ...rule })),
  );
  expect(scrolls.length).toBeGreaterThan(20);
  expect(scrolls.filter(({ body }) => !/position:/.test(body)).map(({ path, selector }) => `${path} ${selector}`)).toEqual([]);
});
