// @ts-check
// npm run mutants [subject…]: plants single faults in a copy of the sources, one at a time, runs the tests nearest to
// each, and prints those that no test noticed. A subject is a directory's name ("iam", "rules") or a path ("src/client").
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { copyCheckout } from "./mutants/checkout.mjs";
import { openCompiler } from "./mutants/compiler.mjs";
import { faultsOf } from "./mutants/faults.mjs";
import { nearestTests } from "./mutants/nearest.mjs";

/**
 * `was` and `becomes` are the lines that a fault changes, joined; `text` is the whole file with the fault.
 * @typedef {{ kind: string, file: string, line: number, was: string, becomes: string, text: string }} Planted
 * @typedef {{ file: string, was: string, becomes: string, because: string }} Equivalent
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    timeout: { type: "string", default: "120" },
  },
});
const subjects =
  positionals.length > 0 ? positionals : ["rules", "apigateway", "iam", "lambda", "dynamodb"];
const count = Number(values.count);
const limitMs = Number(values.timeout) * 1000;

const root = dirname(import.meta.dirname);
/** Faults without an observable effect, each with the reason. @type {Equivalent[]} */
const equivalents = JSON.parse(
  readFileSync(join(import.meta.dirname, "mutants", "equivalent.json"), "utf8"),
);

const checkout = copyCheckout(root);
const compiler = openCompiler(checkout.directory);
process.on("exit", () => checkout.close());
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => process.exit(1));
}
const nearest = nearestTests(checkout.directory, checkout.files);
/** How long tests take without a fault. @type {Map<string, number>} */
const durations = new Map();

const summary = [];
for (const subject of subjects) summary.push(await judge(subject));
console.log(`\n${summary.join("\n")}`);
compiler.close();
checkout.close();

/** Plants a sample of a subject's faults and reports how many were noticed. @param {string} subject */
async function judge(subject) {
  const left = shuffled(filesOf(subject).flatMap(possibleIn), `${values.seed} ${subject}`);
  if (left.length === 0) throw new Error(`No source file belongs to ${subject}.`);
  console.log(`\n${subject}: ${left.length} faults are possible`);
  let planted = 0;
  let survived = 0;
  let late = 0;
  while (planted < count) {
    const fault = left.pop();
    if (fault === undefined) break;
    const verdict = await tryOut(fault);
    if (verdict === "rejected") continue;
    planted += 1;
    if (verdict === "late") late += 1;
    if (verdict !== "survived") continue;
    survived += 1;
    console.log(
      `\n${fault.file}:${fault.line} (${fault.kind})\n- ${fault.was}\n+ ${fault.becomes}`,
    );
  }
  const share = Math.round((100 * survived) / planted);
  return `${subject}: ${planted} planted, ${survived} survived (${share} %), ${late} noticed by a time limit`;
}

/** @param {Planted} fault @returns {Promise<"rejected" | "noticed" | "late" | "survived">} */
async function tryOut({ file, text }) {
  const isRejected = await checkout.withText(file, text, async () => compiler.rejects(file));
  if (isRejected) return "rejected";
  for (const tests of nearest(file)) {
    if (!(await isMeasured(tests))) continue;
    const duration = durations.get(tests.join()) ?? 0;
    const outcome = await checkout.withText(file, text, () =>
      checkout.run(tests, Math.min(limitMs, 10_000 + 3 * duration)),
    );
    if (outcome !== "passed") return outcome === "late" ? "late" : "noticed";
  }
  return "survived";
}

/** Runs tests without a fault, to measure their duration; false if they fail. @param {string[]} tests */
async function isMeasured(tests) {
  for (let attempt = 0; attempt < 2 && !durations.has(tests.join()); attempt += 1) {
    const since = performance.now();
    const outcome = await checkout.run(tests, limitMs);
    if (outcome === "passed") durations.set(tests.join(), performance.now() - since);
  }
  if (durations.has(tests.join())) return true;
  console.log(`\nLeft out, for without a fault they do not pass either: ${tests.join(" ")}`);
  return false;
}

/** @param {string} subject */
function filesOf(subject) {
  const inside = `/${subject.replace(/^\/|\/$/g, "")}/`;
  return checkout.files.filter(
    (file) =>
      /^(src|cli)\/.*(?<!\.d)\.ts$/.test(file) &&
      `/${file}/`.includes(inside) &&
      basename(file) !== "facts.ts", // describes facts for the documentation and for tests
  );
}

/** The faults of a file, without those known to have no effect. @param {string} file @returns {Planted[]} */
function possibleIn(file) {
  const source = compiler.sourceOf(file);
  if (source === undefined) return [];
  return faultsOf(source).flatMap(({ kind, start, end, text }) => {
    const from = source.text.lastIndexOf("\n", start - 1) + 1;
    const to = (source.text.indexOf("\n", end) + 1 || source.text.length + 1) - 1;
    const was = oneLine(source.text.slice(from, to));
    const becomes = oneLine(source.text.slice(from, start) + text + source.text.slice(end, to));
    const isKnown = equivalents.some(
      (each) => each.file === file && each.was === was && each.becomes === becomes,
    );
    if (isKnown) return [];
    const line = source.text.slice(0, start).split("\n").length;
    const whole = source.text.slice(0, start) + text + source.text.slice(end);
    return [{ kind, file, line, was, becomes, text: whole }];
  });
}

/** @param {string} text */
function oneLine(text) {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

/** In an order that depends on the seed. @template T @param {T[]} items @param {string} seed */
function shuffled(items, seed) {
  const key = (/** @type {number} */ at) =>
    createHash("sha256").update(`${seed} ${at}`).digest("hex");
  return items
    .map((item, at) => ({ item, key: key(at) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
