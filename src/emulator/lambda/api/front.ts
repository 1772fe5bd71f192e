import type { IncomingMessage, RequestListener } from "node:http";
import type { Ids } from "../../../ids.ts";
import type { CheckPermission } from "../../iam/permissions.ts";
import { createSigningKeys } from "../../iam/rules/sigv4.ts";
import type { Journal, Warning } from "../../journal/journal.ts";
import { traceParent } from "../../journal/trace-header.ts";
import { warnOnce } from "../../journal/warn-once.ts";
import { writeAnswer } from "../../network/answers.ts";
import type { NetworkFact } from "../../network/facts.ts";
import { collectBody } from "../../network/request-body.ts";
import { regionOfHost } from "../../network/rules/aws-hosts.ts";
import type { HttpAnswer } from "../../network/rules/http-answer.ts";
import type { LambdaFact } from "../facts.ts";
import type { FunctionCall, Invoke } from "../invoke.ts";
import type { InvocationOf } from "../known-invocations.ts";
import { emptyAnswer, invokedAnswer } from "./rules/answers.ts";
import { logTail } from "./rules/log-tail.ts";
import {
  type InvokeCall,
  invocationTypeOf,
  invokedName,
  isOwnFunction,
  type LambdaPlace,
  PAYLOAD_LIMITS,
  readInvoke,
} from "./rules/read-invoke.ts";
import { general, refusalAnswer } from "./rules/refusals.ts";

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
  const hasFunction = (name: string): boolean => memoryOf(name) !== undefined;
  const signingKeys = createSigningKeys();
  const place = { home, secretFor, takesOtherKeys, hasFunction, signingKeys };
  const warnOfVersion = versionWarner(journal, options.hasAlias);
  let waiting = 0;

  const nameIn = ({ method = "", url = "" }: IncomingMessage) => invokedName(method, url);

  async function answerTo(
    call: InvokeCall,
    because: FunctionCall["because"],
    isFollowed: boolean,
  ): Promise<HttpAnswer> {
    const { functionName, qualifier, invocationType, payload, wantsLog } = call;
    const awsRequestId = ids.uuid();
    if (invocationType === "DryRun") return emptyAnswer(204, awsRequestId);
    const invocation = {
      functionName,
      qualifier,
      invocationType,
      payload,
      awsRequestId,
      because,
    };
    if (invocationType === "Event") {
      await options.invoke(invocation);
      return emptyAnswer(202, awsRequestId);
    }
    const log = wantsLog ? followLog(journal, awsRequestId) : undefined;
    if (isFollowed) waiting += 1;
    try {
      const outcome = await options.invoke(invocation);
      const tail = log && logTail(log.facts, memoryOf(functionName));
      return invokedAnswer(outcome, { requestId: awsRequestId, logTail: tail });
    } finally {
      if (isFollowed) waiting -= 1;
      log?.stop();
    }
  }

  /** A function that the definition has just added or removed may not be able to run. */
  function failed(error: unknown): HttpAnswer {
    const message = error instanceof Error ? error.message : String(error);
    return refusalAnswer(general("ServiceException", message, 500), ids.uuid());
  }

  return {
    isInvoke: (request) => nameIn(request) !== undefined,
    isOwn: ({ url = "", headers }) => isOwnFunction(url, regionOfHost(headers.host ?? ""), place),
    waiting: () => waiting,
    listener(request, response) {
      const { method = "", url = "", rawHeaders, headers, socket } = request;
      const { remotePort } = socket; // a closed socket has none
      const isFollowed = followed.has(remotePort ?? 0);
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
        const read = readInvoke(signable, { ...place, region, denied });
        const invoked = invokedBy(read.caller);
        if (read.kind === "call") warnOfVersion(read.call);
        const answer =
          read.kind === "call"
            ? await answerTo(read.call, invoked?.started, isFollowed).catch(failed)
            : refusalAnswer(read.refusal, ids.uuid());
        writeAnswer(response, answer);
        journal.record(
          {
            type: "invoke.answered",
            functionName: read.caller,
            connectionId: invoked?.connectionId,
            target: nameIn(request) ?? "",
            invocationType: invocationTypeOf(rawHeaders),
            statusCode: answer.statusCode,
            errorType: read.kind === "refused" ? read.refusal.errorType : undefined,
          },
          invoked?.started,
        );
      });
    },
  };
}

/** Warns once of each version or alias that is invoked and that the project does not have. */
function versionWarner(
  journal: LambdaApiOptions["journal"],
  hasAlias: LambdaApiOptions["hasAlias"],
): (call: InvokeCall) => void {
  const warn = warnOnce(journal);
  return ({ functionName, qualifier = "$LATEST" }) => {
    if (qualifier === "$LATEST" || hasAlias(functionName, qualifier)) return;
    const called = `${functionName}:${qualifier}`;
    const message = `${called} was invoked. Every version and alias runs the current code here. On AWS the call fails unless it exists there.`;
    warn(message);
  };
}

/** Collects what is reported about an invocation, as its log does. */
function followLog(journal: LambdaApiOptions["journal"], awsRequestId: string) {
  const facts: LambdaFact[] = [];
  const stop = journal.subscribe((entry) => {
    if ("awsRequestId" in entry && entry.awsRequestId === awsRequestId) facts.push(entry);
  });
  return { facts, stop };
}
