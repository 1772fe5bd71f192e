/** An open connection, as the gateway knows it. */
export type ControlConnection = {
  /** The API, by its name in the project, and the stage that it was opened at. */
  readonly api: string;
  readonly stage: string;
  readonly connectionId: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Epoch ms. */
  readonly connectedAt: number;
  /** Epoch ms of the last message in either direction. */
  readonly lastActiveAt: number;
};

/** What a token is to say and how long it holds. */
export type TokenWish = {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly use: "access" | "id";
  readonly clientId: string;
  readonly lifetimeMs: number;
};

/** Changes when a client of the interface would have to. */
export const CONTROL_VERSION = 1;

/** What the paths of the interface begin with. */
export const CONTROL_PATH = "/_wsgw";

/** Where the counts of requests are. */
export const METRICS_PATH = `${CONTROL_PATH}/metrics`;
