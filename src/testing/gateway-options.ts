import type { EmulatorOptions } from "../emulator/emulator.ts";

/** The options' defaults, where they differ from those of `wsgw dev`. */
export const DEFAULTS = { runtime: "in-process", strict: true, waitMs: 5_000 } as const;

/** How a test's gateway may differ from that of `wsgw dev`. */
export type GatewayOptions = Pick<
  EmulatorOptions,
  | "handlers"
  | "issuers"
  | "limits"
  | "environments"
  | "nullIsSuccess"
  | "permissions"
  | "pingsResetIdle"
  | "runtime"
  | "dataDir"
  | "dynamodbEndpoint"
  | "allowAws"
  | "virtualTime"
> & {
  /**
   * Rejects with HANDLER_INVALID if a function cannot be built or found. If false, only that function fails,
   * when it is invoked. Default true.
   */
  readonly strict?: boolean;
  /**
   * Directory to which handlers are relative. Default: that of the config file, else the working directory.
   */
  readonly root?: string;
  /** Start of the gateway's clock, in epoch ms. Default: now. */
  readonly startAt?: number;
  /** Seed of the draws for faults with a probability. Default: a new one each time. */
  readonly seed?: number;
  /** Time limit of every wait, in ms of real time. Default 5,000. */
  readonly waitMs?: number;
};
