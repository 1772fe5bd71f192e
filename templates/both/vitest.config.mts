import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The matchers of wsgw. A failing test then prints what its gateway did, and why.
    setupFiles: ["wsgw/testing/vitest"],
    // More than the waits of wsgw/testing have, which say what was awaited: the first test builds the handlers.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
