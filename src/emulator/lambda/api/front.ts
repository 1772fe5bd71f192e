import type { IncomingMessage, RequestListener } from "node:http";
import type { Ids } from "../../../ids.ts";
import type { CheckPermission } from "../../iam/permissions.ts";
import { createSigningKeys } from "../../iam/rules/sign-request.ts";
import type { Journal, Warning } from "../../journal/journal.ts";
import { traceParent } from "../../journal/trace-header.ts";
import { writeAnswer } from "../../network/answers.ts";
import type { NetworkFact } from "../../network/facts.ts";
import { collectBody } from "../../network/request-body.ts";
import { regionOfHost } from "../../network/rules/hosts.ts";
import type { HttpAnswer } from "../../network/rules/http-answer.ts";
import type { LambdaFact } from "../facts.ts";
import type { FunctionCall, Invoke } from "../function-call.ts";
import type { InvocationOf } from "../known-invocations.ts";
import { emptyAnswer, invokedAnswer } from "./rules/answers.ts";
import { logTail } from "./rules/log-tail.ts";
import { isOwnFunction } from "./rules/own-function.ts";
import { PAYLOAD_LIMITS } from "./rules/payload-limits.ts";
import {
  type InvokeCall,
  invocationTypeOf,
  invokedName,
  type LambdaPlace,
  readInvoke,
} from "./rules/read-invoke.ts";
import { general, rejectionAnswer } from "./rules/rejections.ts";
import { versionWarner } from "./version-warning.ts";

/** `Invoke` of Lambda's API, which functions use to call each other. */
export type LambdaApi = {
  /** Whether a request calls `Invoke`, for any function. */
  isInvoke(request: IncomingMessage): boolean;
  /** Whether a request is about a function of the project, whatever the operation. */
  isOwn(request: IncomingMessage): boolean;
  /** Answers calls of `Invoke`. */
  readonly listener: RequestListener;
  /** Number of followed calls that wait for their function. */
  waiting(): number;
};

export type LambdaApiOptions = Pick<LambdaPlace, "home" | "secretFor" | "takesOtherKeys"> & {
  /** Checks what the callers' roles allow. */
  readonly check: CheckPermission;
  /** Memory of a function in MB; undefined if the project does not have the function. */
  readonly memoryOf: (functionName: string) => number | undefined;
  /** Whether the project has this alias of a function. */
  readonly hasAlias: (functionName: string, alias: string) => boolean;
  readonly invoke: Invoke;
  readonly ids: Ids;
  readonly journal: Pick<Journal<LambdaFact | NetworkFact | Warning>, "record" | "subscribe">;
  readonly invocationOf: InvocationOf;
  /** The callers' local ports of followed calls. */
  readonly followed: ReadonlySet<number>;
};

const ACTION = "lambda:InvokeFunction";

/** Creates the handler of `Invoke` calls. */
export function createLambdaApi(options: LambdaApiOptions): LambdaApi {
  const { home, secretFor, takesOtherKeys, memoryOf, ids, journal } = options;
  const { check, invocationOf, followed } = options;
  const answers = new Answers(options);
  const hasFunction = (name: string): boolean => memoryOf(name) !== undefined;
  const signingKeys = createSigningKeys();
  const place = { home, secretFor, takesOtherKeys, hasFunction, signingKeys };
  const warnOfVersion = versionWarner(journal, options.hasAlias);

  const nameIn = ({ method = "", url = "" }: IncomingMessage) => invokedName(method, url);

  return {
    isInvoke: (request) => nameIn(request) !== undefined,
    isOwn: ({ url = "", headers }) => isOwnFunction(url, regionOfHost(headers.host ?? ""), place),
    waiting: () => answers.waiting,
    listener(request, response) {
      const { method = "", url = "", rawHeaders, headers, socket } = request;
      const { remotePort } = socket; // a closed socket has none
      const isFollowed = remotePort !== undefined && followed.has(remotePort);
      const region = regionOfHost(headers.host ?? "");
      collectBody(request, PAYLOAD_LIMITS.sync, async ({ body, isTooLarge }) => {
        const signable = { method, url, rawHeaders, body, isTooLarge };
        const parent = traceParent(headers["x-amzn-trace-id"]);
        const invokedBy = (caller: string | undefined) => invocationOf(remotePort, parent, caller);
        const denied: LambdaPlace["denied"] = (functionName, resource) =>
          check({
            functionName,
            action: ACTION,
            resource: () => resource,
            because: invokedBy(functionName)?.started,
          });
        const read = readInvoke(signable, { region, denied, ...place });
        const invoked = invokedBy(read.caller);
        if (read.kind === "call") warnOfVersion(read.call);
        const answer =
          read.kind === "call"
            ? await answers.to(read.call, invoked?.started, isFollowed)
            : rejectionAnswer(read.rejection, ids.uuid());
        writeAnswer(response, answer);
        journal.record(
          {
            type: "invoke.answered",
            functionName: read.caller,
            connectionId: invoked?.connectionId,
            target: nameIn(request) ?? "",
            invocationType: invocationTypeOf(rawHeaders),
            statusCode: answer.statusCode,
            errorType: read.kind === "rejected" ? read.rejection.errorType : undefined,
          },
          invoked?.started,
        );
      });
    },
  };
}

/** Invokes functions and answers with their results. */
class Answers {
  readonly #options: Pick<LambdaApiOptions, "ids" | "invoke" | "journal" | "memoryOf">;
  #waiting = 0;

  constructor(options: LambdaApiOptions) {
    this.#options = options;
  }

  /** Number of followed calls that wait for their function. */
  get waiting(): number {
    return this.#waiting;
  }

  async to(
    call: InvokeCall,
    because: FunctionCall["because"],
    isFollowed: boolean,
  ): Promise<HttpAnswer> {
    const { ids } = this.#options;
    if (isFollowed && call.invocationType === "RequestResponse") this.#waiting += 1;
    try {
      return await this.#invoked(call, because, ids.uuid());
    } catch (error) {
      // A function that the definition has just added or removed may not be able to run.
      const message = error instanceof Error ? error.message : String(error);
      return rejectionAnswer(general("ServiceException", message, 500), ids.uuid());
    } finally {
      if (isFollowed && call.invocationType === "RequestResponse") this.#waiting -= 1;
    }
  }

  async #invoked(
    call: InvokeCall,
    because: FunctionCall["because"],
    awsRequestId: string,
  ): Promise<HttpAnswer> {
    const { invoke, journal, memoryOf } = this.#options;
    const { wantsLog, ...asked } = call;
    const { functionName, invocationType } = asked;
    if (invocationType === "DryRun") return emptyAnswer(invocationType, awsRequestId);
    const invocation = { awsRequestId, because, ...asked, invocationType };
    if (invocationType === "Event") {
      await invoke(invocation);
      return emptyAnswer(invocationType, awsRequestId);
    }
    const log = wantsLog ? followLog(journal, awsRequestId) : undefined;
    try {
      const outcome = await invoke(invocation);
      const tail = log && logTail(log.facts, memoryOf(functionName));
      return invokedAnswer(outcome, { requestId: awsRequestId, logTail: tail });
    } finally {
      log?.stop();
    }
  }
}

/** Collects what is reported about an invocation, as its log does. */
function followLog(journal: LambdaApiOptions["journal"], awsRequestId: string) {
  const facts: LambdaFact[] = [];
  const stop = journal.subscribe((entry) => {
    if ("awsRequestId" in entry && entry.awsRequestId === awsRequestId) facts.push(entry);
  });
  return { facts, stop };
}
