import type { FactOf, Line, Pen } from "./line.ts";
import { wayOut } from "./stopped-call-hints.ts";

/** Describes calls to AWS that were blocked, and how to allow them. */
export function createAwsTeller({ paint, excerpt }: Pen) {
  return {
    /** A put, update or delete of an item, including one that DynamoDB rejected, which may be intended. */
    wrote(fact: FactOf<"table.written">): Line {
      const { operation, tableName, item, functionName, statusCode } = fact;
      const by = functionName === undefined ? "" : paint.dim(` · called by ${functionName}`);
      const answer = statusCode < 300 ? "" : paint.yellow(` answered ${statusCode}`);
      const shown = paint.dim(excerpt(JSON.stringify(item) ?? "", 2));
      return {
        weight: "detail",
        text: `  ${paint.dim(`${operation} ${tableName}`)} ${shown}${answer}${by}`,
      };
    },
    /** A call from one function to another. */
    invoked(fact: FactOf<"invoke.answered">): Line {
      const { target, invocationType, statusCode, errorType, functionName, connectionId } = fact;
      const by = functionName === undefined ? "" : paint.dim(` · called by ${functionName}`);
      const call = `Invoke ${target} (${invocationType})`;
      const text =
        errorType === undefined
          ? paint.dim(`  ${call} answered ${statusCode}`)
          : `  ${paint.red(`✗ ${call}`)} answered ${statusCode} ${errorType}`;
      const weight = errorType === undefined ? "detail" : "trouble";
      return { weight, connectionId, text: `${text}${by}` };
    },
    unsupported(fact: FactOf<"dynamodb.unsupported">): Line {
      const { operation, parameter, functionName } = fact;
      const by = functionName === undefined ? "" : paint.dim(` · called by ${functionName}`);
      const what = parameter === undefined ? operation : `${parameter} of ${operation}`;
      return {
        weight: "trouble",
        text: `  ${paint.yellow("!")} The built-in DynamoDB does not support ${what}${by}`,
        below: [
          paint.dim("    Use one that does, such as DynamoDB Local, with --dynamodb-endpoint URL."),
        ],
      };
    },
    /** A missing permission, with the statement that would grant it. */
    notAllowed(fact: FactOf<"permission.missing">): Line {
      const { functionName, action, resource, because, add, refused } = fact;
      const mark = refused ? paint.red(`✗ ${action}`) : paint.yellow(`! ${action}`);
      const answer = refused ? "rejected" : "allowed here, rejected on AWS";
      return {
        weight: "trouble",
        text: `  ${mark} on ${resource} ${answer}: the role of ${functionName} does not allow it`,
        below: [because, add]
          .filter((line) => line !== undefined)
          .map((line) => paint.dim(`    ${line}`)),
      };
    },
    stopped(fact: FactOf<"aws.stopped">): Line {
      const { connectionId, service, operation, host, functionName } = fact;
      const by = functionName === undefined ? "" : paint.dim(` · called by ${functionName}`);
      const call = `${service} ${operation}`;
      return {
        weight: "trouble",
        connectionId,
        text: `  ${paint.red(`✗ ${call} stopped`)}: no service on this machine answers for ${host}${by}`,
        below: [paint.dim(`    ${wayOut(fact)}`)],
      };
    },
  };
}
