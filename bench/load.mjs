// @ts-check
// The load generator: a process of its own, so that clients and gateway share no event loop. It takes
// jobs over IPC, one at a time, and answers each with what it measured. Clients live in named groups.
import { openClient } from "./client.mjs";
import { percentile } from "./statistics.mjs";

/**
 * @typedef {{ kind: "open", group: string, url: string, count: number }} OpenJob opens a group
 * @typedef {{ kind: "close", group: string }} CloseJob closes all of a group at once
 * @typedef {{ kind: "exchange", group: string, action: string, ms?: number, messages?: number }} ExchangeJob
 *   every client sends, awaits the same text back and sends again, for `ms` or `messages` each
 * @typedef {{ kind: "broadcast", group: string }} BroadcastJob one client's message reaches all
 * @typedef {{ kind: "first-echo", url: string }} FirstEchoJob
 * @typedef {OpenJob | CloseJob | ExchangeJob | BroadcastJob | FirstEchoJob} Job
 * @typedef {import("./client.mjs").Client} Client
 * @typedef {{ clients: Client[], ids: string[] }} Group
 */

const HANDSHAKES_AT_ONCE = 100;
const FILLING = "The quick brown fox jumps over the lazy dog, again and again.";

/** @type {Map<string, Group>} */
const groups = new Map();
let serial = 0;

process.on("message", async (/** @type {{ job: Job, timeoutMs: number }} */ { job, timeoutMs }) => {
  try {
    process.send?.({ result: await within(timeoutMs, job) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on("disconnect", () => process.exit(0));

/** @param {number} ms @param {Job} job */
async function within(ms, job) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${job.kind}" was not done after ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([run(job), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Job} job */
async function run(job) {
  switch (job.kind) {
    case "open":
      return open(job);
    case "close":
      return close(job.group);
    case "exchange":
      return exchange(groupOf(job.group).clients, job);
    case "broadcast":
      return broadcast(groupOf(job.group));
    case "first-echo":
      return firstEcho(job.url);
  }
}

/** @param {OpenJob} job */
async function open({ group, url, count }) {
  /** @type {Client[]} */
  const clients = [];
  let left = count;
  let failed = 0;
  const start = performance.now();
  await Promise.all(Array.from({ length: Math.min(HANDSHAKES_AT_ONCE, count) }, openInTurn));
  groups.set(group, { clients, ids: [] });
  return { ms: performance.now() - start, failed };

  async function openInTurn() {
    while (left > 0) {
      left -= 1;
      try {
        clients.push(await openClient(url));
      } catch {
        failed += 1;
      }
    }
  }
}

/** @param {string} name */
async function close(name) {
  const { clients } = groupOf(name);
  groups.delete(name);
  const start = performance.now();
  await Promise.all(clients.map((client) => client.close()));
  return { ms: performance.now() - start };
}

/** @param {Client[]} clients @param {ExchangeJob} job */
async function exchange(clients, { action, ms = Infinity, messages = Infinity }) {
  /** @type {number[]} */
  const latencies = [];
  let wrong = 0;
  let afterwards = 0;
  const start = performance.now();
  await Promise.all(clients.map(talk));
  const elapsed = ms === Infinity ? performance.now() - start : ms;
  return {
    perSecond: ((latencies.length - afterwards) / elapsed) * 1000,
    completed: latencies.length,
    wrong,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };

  /** @param {Client} client */
  async function talk(client) {
    let sentAt = performance.now();
    for (let count = 0; count < messages && sentAt - start < ms; count += 1) {
      serial += 1;
      const text = JSON.stringify({ action, serial, text: FILLING });
      const answer = await client.ask(text);
      const now = performance.now();
      latencies.push(now - sentAt);
      if (answer !== text) wrong += 1;
      if (now - start > ms) afterwards += 1;
      sentAt = now;
    }
  }
}

/** @param {Group} group */
async function broadcast(group) {
  const { clients } = group;
  if (group.ids.length === 0) {
    for (const client of clients) group.ids.push(await client.ask('{"action":"id"}'));
  }
  serial += 1;
  const text = `broadcast ${serial}`;
  const message = JSON.stringify({ action: "broadcast", ids: group.ids, text });
  const start = performance.now();
  const delivered = Promise.all(clients.map((client) => client.next()));
  clients[0]?.send(message);
  const texts = await delivered;
  return { ms: performance.now() - start, wrong: texts.filter((got) => got !== text).length };
}

/** @param {string} url */
async function firstEcho(url) {
  const client = await openClient(url);
  const text = '{"action":"echo"}';
  const answer = await client.ask(text);
  client.close(); // not awaited: the echo ends the measurement
  return { wrong: answer === text ? 0 : 1 };
}

/** @param {string} name */
function groupOf(name) {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`No group "${name}" is open.`);
  return group;
}
