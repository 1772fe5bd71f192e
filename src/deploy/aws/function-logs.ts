import { unlessMissing } from "./aws-errors.ts";
import { type Access, createService } from "./service.ts";

export type LogEvent = {
  readonly id: string;
  readonly stream: string;
  /** Epoch ms. */
  readonly at: number;
  readonly message: string;
};

export type FunctionLogs = {
  /** In no particular order; empty for a group that does not exist. */
  read(group: string, since: number, filter: string | undefined): Promise<readonly LogEvent[]>;
};

/** Reads the functions' logs from CloudWatch Logs. */
export function createFunctionLogs(access: Access): FunctionLogs {
  const logs = createService("CloudWatch Logs", access, async () => {
    const sdk = await import("./sdk/logs.ts");
    return { sdk, client: new sdk.CloudWatchLogsClient(access.settings) };
  });

  return {
    async read(group, since, filter) {
      const found: LogEvent[] = [];
      let nextToken: string | undefined;
      do {
        const input = {
          logGroupName: group,
          startTime: since,
          filterPattern: filter,
          nextToken,
        };
        const page = await unlessMissing(
          () => logs("FilterLogEvents", input),
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
        // Some servers return the same token forever.
        nextToken = page?.nextToken === nextToken ? undefined : page?.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
  };
}
