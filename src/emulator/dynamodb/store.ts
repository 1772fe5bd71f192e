import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { type ContainedCall, containStore } from "./contained.ts";
import { createDynalite, type Dynalite, dynaliteOperation, loadDynalite } from "./dynalite.ts";
import { rejectionOfInput, rejectionOfNull } from "./rules/input-checks.ts";
import { withoutProto, withProto } from "./rules/proto-names.ts";
import { type DynamoDbRejection, internal, rejectionBody } from "./rules/rejections.ts";

/** A response of the store, as sent. */
export type StoreAnswer = { readonly statusCode: number; readonly body: string };

export type Store = {
  /** Answers once. The callee owns `input`. */
  perform(call: StoreCall, answer: (answer: StoreAnswer) => void): void;
  close(): Promise<void>;
};

export type StoreCall = {
  readonly region: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether an attribute may be named `__proto__`, which dynalite would misinterpret. */
  readonly mayNameProto: boolean;
};

/**
 * Opens the tables of all regions: those of `home` in the directory `data` and others below it, or all in
 * memory.
 */
export function openStore(options: {
  readonly data: string | undefined;
  readonly home: string;
  readonly accountId: string;
  /** Receives errors thrown by the store: bugs and disk errors. */
  readonly onThrown: (operation: string, error: Error) => void;
}): Store {
  const { data, home, accountId, onThrown } = options;
  const regions = new Map<string, Region>();

  function regionOf(region: string): Region {
    const known = regions.get(region);
    if (known !== undefined) return known;
    const path = data === undefined || region === home ? data : join(data, region);
    const store = createDynalite({ path, region, accountId });
    const opened = { store, begin: containStore(store) };
    regions.set(region, opened);
    return opened;
  }
  regionOf(home);

  return {
    perform({ region, operation, input, mayNameProto }, answer) {
      const { store, begin } = regionOf(region);
      let isAnswered = false;
      const end = (statusCode: number, body: string): void => {
        if (isAnswered) return;
        isAnswered = true;
        answer({ statusCode, body: withProto(body) });
      };
      const reject = (rejection: DynamoDbRejection): void =>
        end(rejection.statusCode, rejectionBody(rejection));
      const fail = (error: unknown) => {
        if (isAnswer(error)) return end(error.statusCode, JSON.stringify(error.body));
        const thrown = error instanceof Error ? error : new Error(String(error));
        onThrown(operation, thrown);
        reject(internal(thrown));
      };
      begin(fail).run(() => {
        const rejection = rejectionOfInput(operation, input);
        if (rejection !== undefined) return reject(rejection);
        const { checkTypes, checkValues, run } = dynaliteOperation(operation);
        const checked = checkTypes(mayNameProto ? withoutProto(input) : input);
        const nothing = rejectionOfNull(checked);
        if (nothing !== undefined) return reject(nothing);
        checkValues(checked, store);
        run(store, checked, (error, result) => {
          if (error) fail(error);
          else end(200, result === "" ? "" : JSON.stringify(result)); // TagResource has an empty response
        });
      });
    },
    async close() {
      const all = [...regions.values()].map(
        ({ store }) =>
          new Promise<void>((resolve) => store.lifecycleManager.gracefulClose(() => resolve())),
      );
      await Promise.all(all);
    },
  };
}

type Region = {
  readonly store: Dynalite;
  readonly begin: (fail: (error: unknown) => void) => ContainedCall;
};

/** Whether an error is a DynamoDB response. */
function isAnswer(error: unknown): error is { statusCode: number; body: unknown } {
  return (
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    "body" in error
  );
}

/** Opens the directory once to check it, because a store would fail only on first use. */
export async function checkDirectory(data: string): Promise<void> {
  try {
    mkdirSync(data, { recursive: true });
    const { ClassicLevel } = loadDynalite();
    const database = new ClassicLevel(data);
    await database.open();
    await database.close();
  } catch (error) {
    const message = `wsgw cannot use the directory ${data}: ${reason(error, data)}.`;
    throw new WsgwError("DATA_UNUSABLE", message, { cause: error });
  }
}

/** LevelDB has the reason in the cause of its error. */
function reason(error: unknown, data: string): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED") {
    return "another process is using it";
  }
  return whyNotWritten(cause ?? error, data);
}
