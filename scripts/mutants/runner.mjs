// @ts-check
// Runs tests in the copy of the working tree for the process that started it, which sends their files and what changed.
import { createVitest } from "vitest/node";

const vitest = await createVitest("test", {
  project: ["wsgw", "apart"],
  watch: false,
  bail: 1,
  reporters: [{}],
  maxWorkers: Number(process.env.VITEST_MAX_WORKERS ?? 2),
});

process.on(
  "message",
  async (/** @type {{ tests: string[], changed: string[] }} */ { tests, changed }) => {
    for (const file of changed) vitest.invalidateFile(file);
    const specifications = await vitest.globTestSpecifications(tests);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    const ids = new Set(specifications.map(({ moduleId }) => moduleId));
    const run = testModules.filter(({ moduleId }) => ids.has(moduleId)); // others belong to earlier runs
    const isSound = run.length === ids.size && run.every((module) => module.ok());
    process.send?.(isSound && unhandledErrors.length === 0 ? "passed" : "failed");
  },
);
process.on("disconnect", () => process.exit());
process.send?.("ready");
