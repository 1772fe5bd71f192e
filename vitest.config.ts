import { defineConfig } from "vitest/config";

/** What others judge, and what has to be run to be judged: apart, for it takes as long as all the rest. */
const JUDGES = "test/**/judges/**/*.test.ts";

export default defineConfig({
  test: {
    pool: "forks",
    // What wsgw loads of a project is loaded by Node itself, as it is outside of tests.
    server: { deps: { external: [/\/\.wsgw\//, /\/wsgw-project-/] } },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: "wsgw", include: ["test/**/*.test.ts"], exclude: [JUDGES] },
      },
      { extends: true, test: { name: "judges", include: [JUDGES] } },
    ],
  },
});
