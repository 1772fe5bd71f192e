import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

/** What others judge, and what has to be run to be judged: apart, for it takes as long as all the rest. */
const JUDGES = "test/**/judges/**/*.test.ts";

/** Whole projects from start to end, as their users run them, each in a process of its own. All of them have the tag. */
const JOURNEYS = "test/**/*.journey.test.ts";

/** Tests that change their process for a while: its user, environment, directory, time or listeners. */
const APART = "test/**/*.apart.test.ts";

export default defineConfig({
  test: {
    pool: "forks",
    // Keeps the compiled sources in node_modules between runs: compiling them takes longer than most test files.
    experimental: { fsModuleCache: true },
    server: {
      deps: {
        // What wsgw loads of a project is loaded by Node itself, as it is outside of tests.
        external: [/\/\.wsgw\//, /\/wsgw-project-/],
        // What measures text, so that the alias holds for them.
        inline: [/\/node_modules\/(yargs|cliui|wrap-ansi)\//],
      },
    },
    // As in the built command line: the package makes up most of what a help text takes.
    alias: {
      "string-width": fileURLToPath(new URL("cli/terminal/string-width.ts", import.meta.url)),
    },
    maxWorkers: 2,
    tags: [
      {
        name: "journey",
        description:
          "Starts processes or takes its time, and is not the only one of its kind: `npm test` leaves it to `npm run test:journeys`.",
      },
    ],
    // A machine may be slow and busy: what is awaited comes late then, and a limit is for what never comes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "wsgw",
          include: ["test/**/*.test.ts"],
          exclude: [JUDGES, APART, JOURNEYS],
          // One process for many files: to load the sources anew for each took a third of the time.
          isolate: false,
          setupFiles: ["test/unchanged-process.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "apart",
          include: [APART],
          exclude: [JUDGES],
          // These files share processes with one another only. Each restores what it changed.
          isolate: false,
          setupFiles: ["test/unchanged-process.ts"],
        },
      },
      { extends: true, test: { name: "journeys", include: [JOURNEYS] } },
      { extends: true, test: { name: "judges", include: [JUDGES] } },
    ],
  },
});
