import type { Expected } from "./match.ts";

/** The matchers as `expect()` offers them. */
export type WsgwMatchers = {
  /** A client has received, or receives before the gateway has settled, a message like this. */
  toHaveReceived(expected: Expected): Promise<void>;
  /** The same of a message whose JSON has everything that `expected` names. */
  toHaveReceivedJson(expected: unknown): Promise<void>;
  /** A client's connection is closed, or closes before the gateway has settled, with this code. */
  toBeClosedWith(code: number, reason?: string | RegExp): Promise<void>;
  /** A gateway has invoked the function when it has settled, with an event that has everything that `event` names. */
  toHaveInvoked(functionName: string, event?: unknown): Promise<void>;
  /** A gateway has invoked the function so many times when it has settled. */
  toHaveInvokedTimes(functionName: string, times: number): Promise<void>;
  /** The result of `gateway.handshake()` is a refusal with this status and a body like this. */
  toBeRefusedWith(statusCode: number, body?: Expected): Promise<void>;
};
