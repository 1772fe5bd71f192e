// Definitions on a page: checked as wsgw checks them, and served with functions that answer.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./commands.mjs";

const EXTENSIONS = { ts: "ts", js: "js", json: "json" };

/** A program on the Lambda Runtime API that answers each event: a `bootstrap`, or what a `command` starts. */
export const RUNTIME = `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers="\${TMPDIR:-/tmp}/headers"
while curl -sS -D "$headers" "$api/next" > /dev/null; do
  id=$(grep -i '^lambda-runtime-aws-request-id:' "$headers" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -o /dev/null "$api/$id/response" -d '{"statusCode":200}'
done
`;

export async function serveDefinition(block, { page, home, env, wsgw, typed }) {
  const directory = join(home, `${page.replaceAll(/\W/g, "-")}-${block.line}`);
  const write = (name, text, mode = 0o644) => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text, { mode });
  };
  const file = `wsgw.config.${EXTENSIONS[block.language]}`;
  const type = block.language === "ts" ? "module" : "commonjs";
  write("package.json", JSON.stringify({ name: "chat", private: true, type }));
  write(file, definitionOf(block));
  const { project } = await wsgw.readProject({ cwd: directory, config: file });
  writeWhatItNames(project, write);
  await talkToEachRoute(
    Object.values(project.apis),
    await wsgw.startGateway(join(directory, file), { runtime: "child-process", waitMs: 30_000 }),
  );
  if (block.language === "ts") typed.push(join(directory, file));
  if (Object.keys(project.hooks).length === 0) return;
  const { status, output } = await run("npx wsgw deploy --noop", { cwd: directory, env });
  if (status !== 0) throw new Error(output);
}

/** A whole definition, or one around the fields that the page shows. */
function definitionOf({ language, lines }) {
  const code = `${lines.join("\n")}\n`;
  if (language === "json" || /^(export default|module\.exports)/m.test(code)) return code;
  return `import { type ApiDefinition, defineApi, ref } from "wsgw";

const part: Partial<ApiDefinition> = {
${code}};
const named = Object.values(part.routes ?? {}).map((route) => route.function);
const functions = part.functions ?? Object.fromEntries(
  (named.length === 0 ? ["all"] : named).map((name) => [name, { handler: \`src/\${name}.handler\` }]),
);
const key = (name: string) => (part.routeSelectionExpression?.includes("/") ? \`chat/\${name}\` : name);
export default defineApi({
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  routes: Object.fromEntries(Object.keys(functions).map((name) => [key(name), { function: name }])),
  ...part,
  functions,
});
`;
}

/** The files in a definition: functions that answer with 200, directories of layers, items of tables. */
function writeWhatItNames({ functions, tables = {} }, write) {
  for (const fn of Object.values(functions)) {
    const { handler, runtime = "nodejs24.x", root = ".", command, layers = [] } = fn;
    const code = join(root, fn.code ?? ".");
    const [, path, name] = /^(.*)\.([^.]+)$/.exec(handler);
    for (const layer of layers) write(`${layer}/nodejs/README.md`, "");
    if (command !== undefined) write(`${code}/README.md`, "");
    else if (runtime.startsWith("python")) {
      write(`${code}/${path}.py`, `def ${name}(event, context):\n    return {"statusCode": 200}\n`);
    } else if (runtime.startsWith("provided")) {
      write(`${code === "." ? dirname(path) : code}/bootstrap`, RUNTIME, 0o755);
    } else write(`${root}/${path}.cjs`, `exports.${name} = async () => ({ statusCode: 200 });\n`);
  }
  for (const { seed = [], partitionKey } of Object.values(tables)) {
    for (const [index, file] of [seed].flat().entries()) {
      const item = JSON.stringify({ [partitionKey.name]: `item ${index}` });
      write(file, file.endsWith(".json") ? `[${item}]` : `${item}\n`);
    }
  }
}

/** Each function of a route must be called and must answer. */
async function talkToEachRoute(apis, gateway) {
  try {
    for (const api of apis) await sendToEachRoute(api, gateway);
    const routes = apis.flatMap((api) => Object.values(api.routes));
    for (const { function: name } of routes.map(({ integration }) => integration)) {
      const calls = gateway.invocations(name);
      if (calls.length === 0) throw new Error(`no message reached the function "${name}"`);
      const failed = calls.find(({ result }) => result?.statusCode !== 200);
      if (failed !== undefined)
        throw new Error(`"${name}" did not answer: ${JSON.stringify(failed)}`);
    }
  } finally {
    await gateway.stop();
  }
}

async function sendToEachRoute({ key: api, routeSelectionExpression, routes }, gateway) {
  const client = await gateway.connect({ api });
  const fields = [...routeSelectionExpression.matchAll(/request\.body\.(\w+)/g)].map(
    ([, name]) => name,
  );
  for (const key of Object.keys(routes).filter((each) => !/^\$(dis)?connect$/.test(each))) {
    const values = fields.length === 1 ? [key] : key.split("/");
    client.sendJson(Object.fromEntries(fields.map((name, index) => [name, values[index]])));
    await gateway.settled();
  }
  await client.close();
  await gateway.settled();
}
