/** How a handshake is answered. `headers` are names and values of the HTTP answer, in order. */
export type ConnectDecision =
  | { readonly kind: "accept"; readonly connectionId: string; readonly subprotocol: string | undefined; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: "reject";
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly because: string;
    };
