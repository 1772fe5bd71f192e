import { regionFor } from "../../../definition/region.ts";
import type { ManifestStack } from "./manifest.ts";

type Place = Pick<ManifestStack, "region" | "accountId">;

/**
 * The region and account of an app's project: the requested region, else those of the stack with the WebSocket
 * API, else of the first stack that has a region.
 */
export function projectPlace<Stack extends Place>(
  stacks: readonly Stack[],
  hasWebSocketApi: (stack: Stack) => boolean,
  asked: {
    readonly region?: string | undefined;
    readonly regionFrom?: Readonly<Record<string, string | undefined>> | undefined;
    readonly accountId: string;
  },
): { readonly region: string; readonly accountId: string } {
  const main = stacks.find(hasWebSocketApi) ?? stacks.find(({ region }) => region !== undefined);
  return {
    region: regionFor(asked.region, main?.region, asked.regionFrom ?? {}),
    accountId: main?.accountId ?? asked.accountId,
  };
}
