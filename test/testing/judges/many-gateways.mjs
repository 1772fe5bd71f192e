// Starts, uses and stops many gateways in a process of its own and tells what is left of them.
// node --expose-gc many-gateways.mjs HARNESS ROOT COUNT
const [harness, root, count] = process.argv.slice(2);
const { startGateway } = await import(harness);
const definition = {
  name: "many",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { app: { handler: "app.handler" } },
  routes: {
    $connect: { function: "app" },
    $disconnect: { function: "app" },
    $default: { function: "app", routeResponse: true },
  },
  connectionTable: { environmentVariable: "TABLE", attribute: "id" },
};

async function useOne() {
  const gateway = await startGateway(definition, { root });
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  ann.send("hello");
  await ann.expectNext("hello");
  bob.vanish();
  await gateway.settled();
  await gateway.stop();
}

/** What would keep something alive: handles by type, and listeners. */
async function left() {
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc();
  const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const handles = process
    .getActiveResourcesInfo()
    .filter((name) => !/^(TTYWrap|PipeWrap)$/.test(name));
  return { handles: handles.sort(), listeners, heap: process.memoryUsage().heapUsed };
}

const WARM_UP = 40;
for (let n = 0; n < WARM_UP; n += 1) await useOne();
const before = await left();
for (let n = WARM_UP; n < Number(count); n += 1) await useOne();
const after = await left();
console.log(JSON.stringify({ before, after }));
