import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// File names carry no hash: the built files are checked in, and the server answers with an ETag.
export default defineConfig({
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: "../crates/serve/assets",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
    // Everything is small enough to be one sheet, and an inlined asset would be a data: address.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: "app[extname]",
      },
    },
  },
  server: { proxy: { "/api": process.env.POLYBIUS_URL ?? "http://127.0.0.1:8080" } },
});
