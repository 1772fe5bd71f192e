import type { FactOf, Line, Pen } from "./line.ts";
import type { TerminalLogOptions } from "./options.ts";
import { inWords } from "./phrases.ts";

const OF_EVENT =
  "In a handler it is `https://${domainName}/${stage}`, both from the event's requestContext.";

/** Describes calls to the management API. The frame of a successful post has its own line. */
export function createManagementTeller(
  { paint }: Pen,
  { stages = () => [] }: Pick<TerminalLogOptions, "stages">,
) {
  return (fact: FactOf<"management.answered">): Line => {
    const { method, connectionId, functionName, statusCode, because, path } = fact;
    const by = functionName === undefined ? "" : paint.dim(` · called by ${functionName}`);
    const call = `${method} @connections answered ${statusCode}`;
    if (statusCode < 300) {
      const weight = method === "POST" ? "detail" : "story";
      return { weight, connectionId, text: `  ${paint.dim(call)}${by}` };
    }
    if (path !== undefined) {
      const [first] = stages();
      const endpoint = first === undefined ? "" : `The endpoint is ${first.managementUrl}. `;
      return {
        weight: "trouble",
        connectionId,
        text: `  ${paint.red(`✗ ${call}`)} because ${path} is not below a stage${by}`,
        below: [paint.dim(`    ${endpoint}${OF_EVENT}`)],
      };
    }
    const gone = statusCode === 410;
    const colour = gone ? paint.yellow : paint.red;
    const why =
      because === "malformed-id" && connectionId !== undefined
        ? `${connectionId} is not a connection id`
        : inWords(because);
    const text = `  ${colour(`✗ ${call}`)} because ${why}${by}`;
    return { weight: gone ? "story" : "trouble", connectionId, text };
  };
}
