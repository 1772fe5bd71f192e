import type { EmulatorOptions } from "../emulator/emulator.ts";

/** How a gateway in a test may differ from one of `wsgw dev`. */
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
   * Fails with HANDLER_INVALID when a function cannot be built or found. Without it that function alone fails,
   * when it is invoked. Default true.
   */
  readonly strict?: boolean;
  /** Folder that handlers are relative to. Default: that of the config file, else the working folder. */
  readonly root?: string;
  /** Where the clock of the gateway starts, in epoch ms. Default: now. */
  readonly startAt?: number;
  /** Of the draws for faults with a probability. Default: another one each time. */
  readonly seed?: number;
  /** Limit of every wait, in ms of real time. Default 5,000. */
  readonly waitMs?: number;
};
