import type { FunctionLogs, LogEvent } from "../ports.ts";
import { calling, unlessMissing } from "./aws-errors.ts";
import type { ClientSettings } from "./connect.ts";

/** Reads what functions have written to CloudWatch Logs. */
export function createFunctionLogs(settings: ClientSettings): FunctionLogs {
  let opened: ReturnType<typeof open> | undefined;
  async function open() {
    const sdk = await import("./sdk/logs.ts");
    return { sdk, client: new sdk.CloudWatchLogsClient(settings) };
  }

  return {
    async read(group, since, filter) {
      opened ??= open();
      const { sdk, client } = await opened;
      const found: LogEvent[] = [];
      let nextToken: string | undefined;
      do {
        const command = new sdk.FilterLogEventsCommand({
          logGroupName: group,
          startTime: since,
          filterPattern: filter,
          nextToken,
        });
        const page = await unlessMissing(
          () => calling("CloudWatch Logs", "FilterLogEvents", () => client.send(command)),
          ({ code }) => code === "ResourceNotFoundException",
        );
        for (const event of page?.events ?? []) {
          found.push({
            id: event.eventId ?? "",
            stream: event.logStreamName ?? "",
            at: event.timestamp ?? 0,
            message: event.message ?? "",
          });
        }
        // Some servers hand out the same token for ever.
        nextToken = page?.nextToken === nextToken ? undefined : page?.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
  };
}
