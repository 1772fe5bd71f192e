// @ts-check
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startNode, stopProcess } from "./processes.mjs";

/**
 * @typedef {"round-trip" | "connections" | "cold-start" | "cold-start-typescript" | "crowd" | "authorizer"}
 * App a directory of `apps`
 * @typedef {{
 *   pid: number,
 *   url: string,
 *   dynamodbEndpoint: string | undefined,
 *   startedAt: number,
 *   linesPrinted(): number,
 *   stop(): Promise<void>,
 * }} Server `startedAt` on the clock of `performance.now()`; `linesPrinted` since it was ready
 */

const READY_WITHIN_MS = 30_000;

/** @param {string} path relative to this directory */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @param {App} app */
const configOf = (app) =>
  here(`apps/${app}/wsgw.config.${app === "cold-start-typescript" ? "ts" : "json"}`);

/**
 * @param {App} app @param {{ certificate: string, key: string }} files
 * @returns {Promise<Server>}
 */
export function startFloor(app, { certificate, key }) {
  return startServer([here("floor/gateway.mjs"), configOf(app), certificate, key]);
}

/**
 * @param {App} app @param {string} cli the product's command line
 * @returns {Promise<Server>}
 */
export function startProduct(app, cli) {
  const args = ["dev", "--config", configOf(app), "--port", "0", "--json", "--quiet"];
  return startServer([cli, ...args]);
}

/**
 * The product with a definition that is not an app of the bench.
 * @param {string} config @param {string} cli @returns {Promise<Server>}
 */
export function startProject(config, cli) {
  return startServer([cli, "dev", "--config", config, "--port", "0", "--json", "--quiet"]);
}

/** Echoes every message: the cost of sockets alone. */
export function startBareEcho() {
  return startServer([here("bare-echo.mjs")]);
}

/** @param {readonly string[]} args @returns {Promise<Server>} */
async function startServer(args) {
  const startedAt = performance.now();
  const child = startNode(args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr?.on("data", (chunk) => {
    complaints = (complaints + chunk).slice(-4_000);
  });
  let lines = -1; // the ready line does not count
  const output = createInterface({
    input: /** @type {import("node:stream").Readable} */ (child.stdout),
  });
  output.on("line", () => {
    lines += 1;
  });

  const ready = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => fail(`was not ready after ${READY_WITHIN_MS} ms`),
      READY_WITHIN_MS,
    );
    /** @param {string} what */
    const fail = (what) => {
      clearTimeout(timer);
      reject(new Error(`"${args.join(" ")}" ${what}.\n${complaints}`));
      stopProcess(child);
    };
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal}`));
    output.once("line", (line) => {
      clearTimeout(timer);
      resolve(parseReady(line) ?? fail(`began with ${line}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    // An address instead of a name: otherwise the load generator would measure its own resolver.
    url: ready.url.replace("//localhost:", "//127.0.0.1:"),
    dynamodbEndpoint: ready.dynamodbEndpoint,
    startedAt,
    linesPrinted: () => lines,
    stop: () => stopProcess(child),
  };
}

/** @param {string} line */
function parseReady(line) {
  try {
    const ready = JSON.parse(line);
    return ready.type === "ready" ? ready : undefined;
  } catch {
    return undefined;
  }
}
