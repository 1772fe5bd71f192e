import { defineConfig } from "vitest/config";

// The matchers of wsgw. A failing test then prints what its gateway did, and why.
export default defineConfig({ test: { setupFiles: ["wsgw/testing/vitest"] } });
