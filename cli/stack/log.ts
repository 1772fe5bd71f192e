import type { ChalkInstance } from "chalk";
import type { DeployFact } from "../../src/app.ts";
import { formatDuration } from "../terminal/duration.ts";
import { counted } from "../terminal/text.ts";
import { endOfStack, eventOfStack, type Say, startOfRun } from "./log-blocks.ts";
import { changeLines, diagnosisLines, ruler, sizeText, stepName } from "./phrases.ts";

export type DeployLogOptions = {
  readonly paint: ChalkInstance;
  readonly version: string;
  /** Whether running operations are shown separately. */
  readonly live: boolean;
  /** ms since the start of the command. */
  readonly elapsed: () => number;
};

export type DeployLog = {
  /** Lines that stay. */
  fact(fact: DeployFact): readonly string[];
  /** The current lines about running operations. */
  now(): readonly string[];
};

type Busy = { readonly text: string; readonly since: number };

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPIN_MS = 100;
const BUSY_SHOWN = 12;
const SLOWEST_SHOWN = 8;

/** Creates the log of a run on AWS: describes facts as lines with the time since the start. */
export function createDeployLog(options: DeployLogOptions): DeployLog {
  const { paint, live, elapsed } = options;
  const busy = new Map<string, Busy>();
  let doneCount = 0;

  const at = () => paint.dim(`${(elapsed() / 1000).toFixed(1).padStart(7)}s`);
  const say = (text: string, ...below: readonly string[]) => [
    `${at()}  ${text}`,
    ...below.map((line) => (line === "" ? "" : `${" ".repeat(10)}${line}`)),
  ];
  const track = (fact: DeployFact): void => {
    switch (fact.type) {
      case "step.started":
        busy.set(`step ${fact.step}`, { text: `${stepName(fact.step)} …`, since: elapsed() });
        break;
      case "step.ended":
        busy.delete(`step ${fact.step}`);
        break;
      case "upload.progressed": {
        const text = `Uploading ${sizeText(fact.allSentBytes)} of ${sizeText(fact.allBytes)}`;
        busy.set("step upload", { text, since: busy.get("step upload")?.since ?? elapsed() });
        break;
      }
      case "stack.event": {
        const { event, aboutStack } = fact;
        if (aboutStack) break;
        const key = `${event.stackId} ${event.logicalId}`;
        const running = event.status.endsWith("_IN_PROGRESS");
        if (!running && busy.delete(key)) doneCount += 1;
        if (running) {
          const since = busy.get(key)?.since ?? elapsed();
          busy.set(key, { text: `${event.status}  ${event.logicalId}  ${event.type}`, since });
        }
        break;
      }
    }
  };

  return {
    fact(fact) {
      track(fact);
      return tell(fact, options, say);
    },
    now() {
      if (!live || busy.size === 0) return [];
      const spin = SPINNER[Math.floor(elapsed() / SPIN_MS) % SPINNER.length] ?? "";
      const rows = [...busy.values()].slice(0, BUSY_SHOWN).map(({ text, since }) => {
        const took = paint.dim(`${((elapsed() - since) / 1000).toFixed(0)} s`);
        return `${" ".repeat(8)}${paint.cyan(spin)} ${text} ${took}`;
      });
      const more = busy.size - rows.length;
      const tail = more > 0 ? [`${" ".repeat(10)}and ${more} more; ${doneCount} are done`] : [];
      return [...rows, ...tail];
    },
  };
}

function tell(fact: DeployFact, options: DeployLogOptions, say: Say): readonly string[] {
  const { paint, live, version } = options;
  const ok = paint.green("✓");
  switch (fact.type) {
    case "run.started":
      return [...startOfRun(fact, paint, version), ""];
    case "step.started":
      return live ? [] : say(`${stepName(fact.step)} …`);
    case "step.ended":
      return [];
    case "account.found":
      return say(`${ok} Account ${fact.account} as ${fact.arn}`);
    case "roles.verified": {
      const named = fact.named.length === 0 ? "" : `; found ${fact.named.join(", ")}`;
      return say(`${ok} Roles verified: ${fact.own} made by the stack, least privilege${named}`);
    }
    case "bucket.checked": {
      const how = fact.created ? "Made bucket" : "Bucket";
      return [
        ...say(`${ok} ${how} ${fact.bucket}: versioning ${fact.versioning}`),
        ...say(`${ok} ${how} ${fact.bucket}: region ${fact.region}`),
      ];
    }
    case "build.identified": {
      const from = fact.source === "git" ? "git rev-parse HEAD" : "a hash of the code; no git here";
      return say(`${ok} Build ${paint.bold(fact.buildId)} ${paint.dim(`(${from})`)}`);
    }
    case "hook.called":
      return say(`${ok} Hook ${fact.hook} ${paint.dim(formatDuration(fact.durationMs))}`);
    case "function.packaged": {
      const files = counted(fact.files, "file");
      const sizes = `${sizeText(fact.unzippedBytes)}, zipped ${sizeText(fact.zippedBytes)}`;
      return say(`${ok} Bundled ${fact.name}: ${files}, ${sizes}`);
    }
    case "template.taken":
      return fact.remarks.flatMap((remark) => say(`${ok} ${remark}`));
    case "template.made":
      return say(`${ok} Template: ${counted(fact.resources, "resource")}, ${sizeText(fact.bytes)}`);
    case "upload.started":
    case "upload.progressed":
      return [];
    case "upload.ended": {
      const took = paint.dim(formatDuration(fact.durationMs));
      const where = `s3://${fact.bucket}/${fact.key}`;
      return say(`${ok} Uploaded ${sizeText(fact.bytes)} to ${where} ${took}`);
    }
    case "upload.skipped":
      return say(`${ok} Already there: ${fact.key}`);
    case "uploads.removed":
      return say(
        `${paint.yellow("↶")} Removed what was uploaded: ${counted(fact.keys.length, "object")}`,
      );
    case "warning":
      return say(`${paint.yellow("!")} ${fact.message}`);
    case "run.ended": {
      const rows = fact.steps.map(
        ({ step, durationMs }) => `${stepName(step).padEnd(30)} ${formatDuration(durationMs)}`,
      );
      const total = `${"Total".padEnd(30)} ${formatDuration(fact.durationMs)}`;
      return say(ruler("Summary", paint), ...rows, paint.bold(total));
    }
    default:
      return tellOfStack(fact, options, say);
  }
}

/** Facts about the stack, and about operations on it. */
type StackFact = Extract<
  DeployFact,
  {
    type:
      | `${"stack" | "changeSet" | "call" | "resources" | "objects"}.${string}`
      | "function.updated";
  }
>;

function tellOfStack(fact: StackFact, options: DeployLogOptions, say: Say): readonly string[] {
  const { paint } = options;
  const ok = paint.green("✓");
  switch (fact.type) {
    case "stack.found":
      return say(`${ok} Stack: ${fact.status ?? "does not exist yet"}`);
    case "stack.attached":
      return say(`${paint.yellow("!")} Stack ${fact.stackName} is ${fact.status}; waiting`);
    case "stack.replaced":
      return say(
        `${paint.yellow("!")} Stack ${fact.stackName} is ${fact.status}: its creation failed. wsgw replaces it`,
        ...diagnosisLines(fact.diagnosis, paint).slice(0, -1),
      );
    case "changeSet.created": {
      const count = fact.changes.length;
      const what = count === 0 ? "outputs or tags only" : counted(count, "resource");
      return say(`${ok} Change set ${fact.name}: ${what}`, ...changeLines(fact.changes, paint));
    }
    case "changeSet.empty":
      return say(`${ok} Nothing to change`);
    case "stack.started": {
      const verb = { create: "Creating", update: "Updating", delete: "Deleting" }[fact.operation];
      return say(`${verb} stack ${paint.dim(fact.stackId)}`);
    }
    case "stack.event":
      return eventOfStack(fact, options, say);
    case "call.throttled": {
      const wait = formatDuration(fact.delayMs);
      return say(`${paint.yellow("!")} AWS throttles ${fact.operation}; again in ${wait}`);
    }
    case "function.updated":
      return say(
        `${ok} ${fact.name}: new code in ${fact.physicalId} ${paint.dim(formatDuration(fact.durationMs))}`,
      );
    case "resources.timed": {
      const slow = fact.times.slice(0, SLOWEST_SHOWN);
      if (slow.length === 0) return [];
      const rows = slow.map(
        ({ logicalId, type, durationMs }) =>
          `${formatDuration(durationMs).padStart(10)}  ${logicalId}  ${paint.dim(type)}`,
      );
      return say(ruler("CloudFormation metrics", paint), ...rows);
    }
    case "stack.settled":
      return endOfStack(fact, paint, say);
    case "stack.failed":
      return say(
        `${paint.red("✗")} Stack ${fact.stackName} ended as ${paint.bold(fact.status)}`,
        ...diagnosisLines(fact.diagnosis, paint),
      );
    case "stack.missing":
      return say(`${ok} The stack ${fact.stackName} does not exist`);
    case "objects.removed":
      return say(`${ok} Removed ${counted(fact.count, "object")} from s3://${fact.bucket}`);
    default:
      return fact satisfies never;
  }
}
