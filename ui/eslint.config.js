import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const HOST = {
  group: ["@tauri-apps/*"],
  message: "Only src/ipc talks to the host.",
};
const upward = (...groups) => ({ group: groups, message: "Imports go down only." });

/** The floors inside the window: app → features → components → i18n, ipc. */
const floor = (files, ...patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns }] },
});

const features = [
  "account",
  "administration",
  "analysis",
  "audit",
  "backup",
  "clinic",
  "emergency",
  "health",
  "follow-up",
  "guide",
  "image",
  "jobs",
  "performance",
  "lesion",
  "migration",
  "model",
  "patient",
  "patient-access",
  "patient-view",
  "report",
  "session",
  "settings",
  "similar",
  "staff",
  "today",
  "viewer",
];

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/i18n/generated/", "src/ipc/generated.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  { files: ["test/**", "*.config.*"], languageOptions: { globals: { ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { extraFileExtensions: [".svelte"], parser: ts.parser, svelteConfig },
    },
  },
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/button-has-type": "error",
      "max-lines": ["error", { max: 400 }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  floor(["src/**"], HOST),
  floor(["src/ipc/**"], upward("$app/*", "$features/*", "$components/*", "$i18n/*", "../*")),
  floor(["src/i18n/**"], HOST, upward("$app/*", "$features/*", "$components/*")),
  floor(["src/components/**"], HOST, upward("$app/*", "$features/*")),
  ...features.map((feature) =>
    floor(
      [`src/features/${feature}/**`],
      HOST,
      upward("$app/*", "../*"),
      {
        regex: `^\\$features/(?!${feature}/)`,
        message: "Features do not know each other; the app puts them together.",
      },
    ),
  ),
);
