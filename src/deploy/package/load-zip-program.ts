/**
 * The program that loads a bundle and reports its functions on descriptor 3. It is a string, because it runs
 * where wsgw is not installed. It blocks all connections.
 */
export const LOADER = `"use strict";
const { writeSync } = require("node:fs");
const net = require("node:net");
const { pathToFileURL } = require("node:url");
const [, , file, ...exportPaths] = process.argv;
const exit = process.reallyExit.bind(process);
let blocked;
const tell = (answer) => {
  writeSync(3, JSON.stringify({ ...answer, blocked }) + "\\n");
  exit(0);
};
net.Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  blocked ??= String(first?.host ?? first?.path ?? args[1] ?? "localhost");
  process.nextTick(() => this.destroy(new Error("wsgw loads code without network")));
  return this;
};
const fail = (error) => {
  const lines = String(error?.stack ?? error).split("\\n");
  const said = error instanceof Error ? error.name + ": " + error.message.split("\\n")[0] : String(error);
  const where = lines.find((line) => /^ +at /.test(line) && !line.includes("node:"));
  tell({ error: said, at: where && where.trim() });
};
process.on("uncaughtException", fail);
process.on("beforeExit", () => fail(new Error("it waits while it is loaded for what never comes")));
// As Lambda's Node runtimes offer it; nothing is streamed here.
if (!/^(1|true)$/.test(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? "")) {
  const streamifyResponse = (handler) => handler;
  globalThis.awslambda = { streamifyResponse, HttpResponseStream: { from: (stream) => stream } };
}
const load = () => (file.endsWith(".mjs") ? import(pathToFileURL(file).href) : require(file));
(async () => {
  const loaded = await load();
  const valueAt = (path) => path.split(".").reduce((value, key) => value?.[key], loaded);
  const functions = exportPaths.filter((path) => typeof valueAt(path) === "function");
  tell({ functions, exports: Object.keys(loaded ?? {}) });
})().catch(fail);
`;
