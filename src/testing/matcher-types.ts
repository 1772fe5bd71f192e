import type { Expected } from "./expected.ts";

/** The matchers that `expect()` provides. */
export type WsgwMatchers = {
  /** A client has received a matching message, or receives one before the gateway has settled. */
  toHaveReceived(expected: Expected): Promise<void>;
  /** The same for a message whose JSON contains `expected`. */
  toHaveReceivedJson(expected: unknown): Promise<void>;
  /** A client's connection is closed with this code, or closes before the gateway has settled. */
  toBeClosedWith(code: number, reason?: string | RegExp): Promise<void>;
  /** When the gateway has settled, it has invoked the function with an event that contains `event`. */
  toHaveInvoked(functionName: string, event?: unknown): Promise<void>;
  /** When the gateway has settled, it has invoked the function this many times. */
  toHaveInvokedTimes(functionName: string, times: number): Promise<void>;
  /** The result of `gateway.handshake()` is a rejection with this status and a matching body. */
  toBeRefusedWith(statusCode: number, body?: Expected): Promise<void>;
};
