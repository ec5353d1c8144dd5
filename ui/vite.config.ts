import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { previewPictures } from "./test/preview-pictures.ts";

const messages = (command: "build" | "serve") =>
  paraglideVitePlugin({
    project: "./project.inlang",
    outdir: "./src/i18n/generated",
    strategy: ["globalVariable", "baseLocale"],
    // Built, every script holds the words of its own screens alone; served, thousands of files would be slow to load.
    outputStructure: command === "build" ? "message-modules" : "locale-modules",
  });
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ command, mode }) => ({
  plugins: [
    // Tests use the messages that `npm run messages` has compiled: the plugin's watcher would keep vitest alive.
    ...(mode === "test" ? [] : [messages(command)]),
    svelte(),
    // Made-up photographs for looking at screens in a browser; never part of a build.
    ...(mode === "preview" ? [previewPictures()] : []),
  ],
  resolve: {
    alias: {
      $app: at("./src/app"),
      $ipc: at("./src/ipc"),
      $features: at("./src/features"),
      $components: at("./src/components"),
      $i18n: at("./src/i18n"),
    },
    // Components mount in jsdom only through Svelte's browser build.
    ...(mode === "test" ? { conditions: ["browser"] } : {}),
  },
  // The guide and the list of errors lie beside the window's own folder; the packages may be a link to another place.
  server: { fs: { allow: [at(".."), realpathSync(at("./node_modules"))] } },
  // The window loads from disk: few large scripts start faster than many small ones.
  build: { target: "safari16.4", assetsInlineLimit: 0, modulePreload: false, reportCompressedSize: false },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.ts", "src/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
    // By default one core is left to whoever watches.
    maxWorkers: "100%",
  },
}));
