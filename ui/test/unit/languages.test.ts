import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { metricName } from "../../src/features/model/metrics";
import { LANGUAGE_CODES } from "../../src/i18n";
import { locales } from "../../src/i18n/generated/runtime";

type Variants = { declarations: string[]; selectors: string[]; match: Record<string, string> };
type Message = string | [Variants];
type Messages = Record<string, Message>;

const fileOf = (locale: string): string => `messages/${locale}.json`;
const read = (locale: string): Messages => {
  const messages = JSON.parse(readFileSync(fileOf(locale), "utf8")) as Messages;
  return Object.fromEntries(Object.entries(messages).filter(([key]) => key !== "$schema"));
};
const en = read("en");
const others = locales.filter((locale) => locale !== "en" && existsSync(fileOf(locale))).map((locale) => [locale, read(locale)] as const);

/** Every wording of a message by what selects it. */
const wordings = (message: Message): Record<string, string> => (typeof message === "string" ? { "": message } : message[0].match);
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();
const words = (text: string): string[] => text.replaceAll(/\{\w+\}/g, " ").match(/\p{L}{2,}/gu) ?? [];

/** Names, formats, codes and units that are the same in every language. */
const NAMES = ["Lentigo", "AUC", "PSI", "SHA", "STARTTLS", "TLS", "UID", "SNOMED", "CT", "PACS", "Breslow", "Letter", "UTF", "Windows", "mm", "px", "min"];
/** Words that a language shares with English. */
const SHARED: Record<string, string[]> = {
  de: [
    "Code", "Dermatofibrosarcoma", "Ellipse", "Filter", "Finger", "Hand", "Heatmap", "Host", "Import", "in", "Logo", "maligna", "Melanoma", "MM", "Name",
    "Person", "Port", "Problem", "protuberans", "Psoriasis", "Recall", "Recalls", "situ", "Standard", "System", "Text", "Version", "Zoom",
  ],
  es: [
    "Abdomen", "Angiosarcoma", "Auditor", "Bytes", "DD", "Dermatofibroma", "Dermatofibrosarcoma", "Error", "in", "Lipoma", "Melanoma", "MM",
    "Neurofibroma", "No", "no", "Pilomatricoma", "Plan", "protuberans", "Psoriasis", "Similar", "situ", "Zoom",
  ],
};

/** All that the window is made of, without what is generated. */
const source = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes("generated"))
  .map((path) => readFileSync(`src/${path}`, "utf8"))
  .join("\n");

describe("the languages of the window", () => {
  it("are those that an account can have", () => {
    expect([...locales].sort()).toEqual([...LANGUAGE_CODES].sort());
    expect(others.map(([locale]) => locale)).toContain("de");
  });

  it("have a use for every message, and a message for every use", () => {
    const used = new Set([...source.matchAll(/(?<!\/)\bm\.(\w+)/g)].map(([, key = ""]) => key));
    // What is to be done about an error stands in docs/errors.md, beside the window's words for it.
    const inCatalogue = (key: string): boolean => key.startsWith("advice_") && key.replace("advice_", "error_") in en;
    expect(Object.keys(en).filter((key) => !used.has(key) && !inCatalogue(key))).toEqual([]);
    expect([...used].filter((key) => !(key in en))).toEqual([]);
    // What is reached by a computed name could not be found here.
    expect(source).not.toMatch(/\bm\[/);
  });

  describe.each(others)("%s", (locale, messages) => {
    it("says everything that English says, and nothing else", () => {
      expect(Object.keys(messages).filter((key) => !(key in en))).toEqual([]);
      expect(Object.keys(en).filter((key) => !(key in messages))).toEqual([]);
    });

    it("chooses among the same wordings with the same figures in them", () => {
      const shape = (message: Message): unknown => ({
        ...(typeof message === "string" ? {} : { declarations: message[0].declarations, selectors: message[0].selectors }),
        wordings: Object.entries(wordings(message)).map(([selected, text]) => [selected, placeholders(text)]),
      });
      const differing = Object.keys(en).filter((key) => {
        const [ours, theirs] = [en[key], messages[key]];
        return ours !== undefined && theirs !== undefined && JSON.stringify(shape(ours)) !== JSON.stringify(shape(theirs));
      });
      expect(differing).toEqual([]);
    });

    it("leaves nothing empty or untranslated but shared words", () => {
      const shared = new Set([...NAMES, ...(SHARED[locale] ?? [])]);
      const same = Object.entries(en).flatMap(([key, message]) =>
        Object.entries(wordings(message)).filter(([selected, text]) => wordings(messages[key] ?? "")[selected] === text).map(([, text]) => [key, text] as const),
      );
      expect(same.filter(([, text]) => words(text).some((word) => !shared.has(word)))).toEqual([]);
      expect(Object.keys(messages).filter((key) => Object.values(wordings(messages[key] ?? "")).some((text) => text.trim() === ""))).toEqual([]);
      // No word is allowed for nothing.
      const needed = new Set(same.flatMap(([, text]) => words(text)));
      expect((SHARED[locale] ?? []).filter((word) => !needed.has(word))).toEqual([]);
    });
  });
});

describe("what the core says in English", () => {
  const core = (path: string): string => readFileSync(`../src-tauri/crates/${path}`, "utf8").replaceAll(/\\\n\s*/g, "");
  const said = (prefix: string): string[] =>
    Object.keys(en).filter((key) => key.startsWith(prefix)).flatMap((key) => Object.values(wordings(en[key] ?? "")));

  it("is known word for word: recommendations", () => {
    const table = core("domain/src/advice.rs").split("mod tests")[0] ?? "";
    const rows = [...table.matchAll(/=> \(\s*"\w+",\s*"([^"]+)",\s*"([^"]+)",\s*\)/g)].flatMap(([, headline = "", text = ""]) => [headline, text]);
    expect(rows).toHaveLength(20);
    expect(said("advice_").filter((text) => rows.includes(text))).toHaveLength(20);
    expect(rows.filter((text) => !said("advice_").includes(text))).toEqual([]);
  });

  it("is known word for word: classes of the model", () => {
    const { labels } = JSON.parse(readFileSync("../models/lesion.card.json", "utf8")) as { labels: { code: string; name: string }[] };
    expect(labels.map(({ code }) => en[`class_${code}`])).toEqual(labels.map(({ name }) => name));
  });

  it("is known word for word: histology", () => {
    const names = [...core("domain/src/morphology.rs").matchAll(/^ {4}"\d{4}\/\d" "([^"]+)",$/gm)].map(([, name = ""]) => name);
    expect(names).toHaveLength(49);
    expect(names.filter((name) => ![...said("morphology_"), ...said("term_")].includes(name))).toEqual([]);
  });

  it("is known word for word: cards of the models", () => {
    const codes = ["ham10000", "isic2017", "pad_ufes20", "auc"];
    const keysOf = (value: unknown): string[] =>
      typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(inner)]) : [];
    for (const name of ["lesion", "outline"]) {
      const card = JSON.parse(readFileSync(`../models/${name}.card.json`, "utf8")) as {
        labels?: { code: string }[];
        limits: string[];
        metrics: unknown;
        data: { images?: unknown; sources: { use: string }[] };
      };
      const coded = new Set([...codes, ...(card.labels ?? []).map(({ code }) => code)]);
      const figures = [...keysOf(card.metrics), ...keysOf(card.data.images)].filter((key) => !coded.has(key) && /^[a-z]/.test(key) && !/ci95$|^value$/.test(key));
      const known = [...said("metric_"), ...said("model_")];
      const sentences = [...card.limits, ...card.data.sources.map(({ use }) => use), ...figures.map((key) => metricName(key))];
      expect(sentences.filter((text) => !known.includes(text) && text !== "ECE 15")).toEqual([]);
    }
  });

  it("is known word for word: scales of the quality checks", () => {
    const artefact = core("vision/src/quality/artefact.rs");
    const [, form = ""] = /scale: format!\("([^"]+)"\)/.exec(artefact) ?? [];
    const figures = [...artefact.matchAll(/^ {12}"([^"]+)",$/gm)].map(([, what = ""]) => form.replace("{what}", what));
    const [, light = ""] = /let scale = "([^"]+)"/.exec(core("vision/src/quality/mod.rs")) ?? [];
    expect(figures).toHaveLength(4);
    for (const scale of [...figures, light]) expect(said("quality_scale_")).toContain(scale);
  });
});
