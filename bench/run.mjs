// @ts-check
// npm run bench -- [--full] [--only NAME[,NAME]] [--json FILE] [--floor-only] [--check] [--cli FILE]
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeCertificate } from "./certificate.mjs";
import { authorizer } from "./measures/authorizer.mjs";
import { broadcast } from "./measures/broadcast.mjs";
import { coldEnvironment } from "./measures/cold-environment.mjs";
import { connections, manyConnections } from "./measures/connections.mjs";
import { echo, latency, reply } from "./measures/exchange.mjs";
import { gateway } from "./measures/gateway.mjs";
import { idle } from "./measures/idle.mjs";
import { idleMemory, peakMemory } from "./measures/memory.mjs";
import { reload } from "./measures/reload.mjs";
import { coldStart, coldStartTypeScript, help, template } from "./measures/start-up.mjs";
import { formatTable, judge } from "./report.mjs";
import { startFloor, startProduct } from "./servers.mjs";

const MEASURES = [
  echo,
  latency,
  reply,
  broadcast,
  connections,
  authorizer,
  coldStart,
  help,
  template,
  idle,
  gateway,
  reload,
  coldEnvironment,
];
const LONG_MEASURES = [...MEASURES, coldStartTypeScript, manyConnections, idleMemory, peakMemory];
const SHORT_LIMIT_MS = 6 * 60_000;
const FULL_FACTOR = 4;

const { values: options } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "string" },
    "floor-only": { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    cli: { type: "string", default: fileURLToPath(new URL("../dist/cli.js", import.meta.url)) },
  },
});
// Disables the SDK's warning about old Node versions in this process, which reads the table.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const factor = options.full ? FULL_FACTOR : 1;
setTimeout(() => fail("The bench took too long."), SHORT_LIMIT_MS * factor).unref();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => process.exit(130));
}

const chosen = choose(options.only);
const cli = options["floor-only"] ? undefined : options.cli;
if (cli !== undefined && !existsSync(cli))
  fail(`${cli} is not there: run npm run build, or use --floor-only.`);

const directory = mkdtempSync(join(tmpdir(), "wsgw-bench-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
const files = writeCertificate(directory);

/** Maximum lines that a server printed during a measurement, by side. @type {Map<string, number>} */
const printed = new Map();
/** @type {import("./measures/measure.mjs").Side[]} */
const sides = [{ name: "floor", start: (app) => startFloor(app, files) }];
if (cli !== undefined) sides.unshift({ name: "product", start: (app) => startProduct(app, cli) });

/** @type {import("./measures/measure.mjs").Bench} */
const bench = {
  sides,
  cli,
  rounds: (short) => short * factor,
  noteServer: ({ name }, server) =>
    printed.set(name, Math.max(printed.get(name) ?? 0, server.linesPrinted())),
};

/** @type {import("./report.mjs").Row[]} */
const rows = [];
let broken = false;
const startedAt = performance.now();
for (const measure of chosen) {
  console.error(`${seconds()} s  ${measure.name}`);
  try {
    rows.push(...(await measure.run(bench)).map(judge));
  } catch (error) {
    broken = true;
    console.error(
      `${measure.name} could not be measured: ${error instanceof Error ? error.message : error}`,
    );
  }
}

const logMode = [...printed]
  .map(([name, lines]) => `${name} ${lines === 0 ? "quiet" : `printed ${lines} lines`}`)
  .join(", ");
const machine = { node: process.version, cores: availableParallelism(), loadAverage: loadavg()[0] };
console.log(formatTable(rows));
console.log(
  `\nLog mode: ${logMode || "nothing was served"}. Node ${machine.node}, ${machine.cores} cores, ${seconds()} s.`,
);
if (options.json !== undefined)
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, logMode, full: options.full, rows }, null, 2)}\n`,
  );

const failed = rows.some(({ failures }) => failures.length > 0);
const missed = rows.some(({ reached }) => reached === false);
process.exit(broken || failed || (options.check && missed) ? 1 : 0);

/** @param {string | undefined} names */
function choose(names) {
  if (names === undefined) return options.full ? LONG_MEASURES : MEASURES;
  return names.split(",").map((name) => {
    const measure = LONG_MEASURES.find((candidate) => candidate.name === name);
    return (
      measure ??
      fail(
        `There is no measure "${name}"; choose from ${LONG_MEASURES.map((each) => each.name).join(", ")}.`,
      )
    );
  });
}

function seconds() {
  return Math.round((performance.now() - startedAt) / 1000);
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
