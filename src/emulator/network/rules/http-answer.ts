/** An HTTP answer of the gateway's own. Date and length are the carrier's, and `Connection` where it has none. */
export type HttpAnswer = {
  readonly statusCode: number;
  /** In the order and the case in which they are written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** `{"message":…}` as the front door of API Gateway spells it. */
export function messageBody(message: string): string {
  return JSON.stringify({ message });
}
