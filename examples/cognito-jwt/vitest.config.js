import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    setupFiles: ["wsgw/testing/vitest"],
    // More than the waits of wsgw/testing have, which say what was awaited.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
