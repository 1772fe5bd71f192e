import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // What wsgw loads of a project is loaded by Node itself, as it is outside of tests.
    server: { deps: { external: [/\/\.wsgw\//, /\/wsgw-project-/] } },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
