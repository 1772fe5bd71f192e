// The process in which a config is loaded, so that its code cannot affect the gateway. It is built separately
// and loads only Node's own modules.
import { type ConfigModule, evaluate, type Failed, failedBy } from "./default-export.ts";
import { type PlainDefinition, toPlain } from "./plain-definition.ts";

/** An outcome that can be sent to another process. */
export type PlainOutcome = ({ readonly kind: "definition" } & PlainDefinition) | Failed;

process.on("message", (module) => void load(module as ConfigModule));
process.on("uncaughtException", fail);
process.once("disconnect", () => process.exit());

async function load(module: ConfigModule): Promise<void> {
  process.channel?.unref(); // lets Node exit when nothing is left to do
  const outcome = await evaluate(module, (url) => import(url));
  process.channel?.ref();
  try {
    send(
      outcome.kind === "definition"
        ? { kind: "definition", ...toPlain(outcome.definition) }
        : outcome,
    );
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  send(failedBy(error));
}

function send(outcome: PlainOutcome): void {
  process.send?.({ ...outcome, cause: undefined }); // any value can be thrown
}
