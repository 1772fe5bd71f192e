/** The action of one typed line. */
export type Action =
  /** `raw` text is sent unchanged, other text with its variables replaced. */
  | { readonly kind: "send"; readonly text: string; readonly raw?: boolean }
  /** Bytes, in hexadecimal. API Gateway closes a connection that sends them. */
  | { readonly kind: "binary"; readonly hex: string }
  | { readonly kind: "file"; readonly file: string }
  /** JSON that previous lines opened and did not close. */
  | { readonly kind: "continue"; readonly pending: string }
  /** An action on another connection than the current one. */
  | { readonly kind: "at"; readonly name: string; readonly action: Action }
  | { readonly kind: "all"; readonly text: string }
  | { readonly kind: "ping"; readonly count: number }
  /** Without a code the close frame has none, which API Gateway reports as 1005. */
  | { readonly kind: "close"; readonly code: number | undefined; readonly reason: string }
  | { readonly kind: "open"; readonly name: string; readonly url: string | undefined }
  | { readonly kind: "use"; readonly name: string }
  | { readonly kind: "who" }
  | { readonly kind: "set"; readonly name: string | undefined; readonly value: string }
  | { readonly kind: "template"; readonly name: string | undefined; readonly text: string }
  | {
      readonly kind: "send-template";
      readonly name: string;
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly kind: "select"; readonly expression: string | undefined }
  | { readonly kind: "switch"; readonly what: Switch; readonly on: boolean }
  | { readonly kind: "load"; readonly file: string }
  | { readonly kind: "expect"; readonly expected: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "routes" }
  | { readonly kind: "connections" }
  | { readonly kind: "post"; readonly to: string; readonly text: string }
  | { readonly kind: "get"; readonly id: string }
  | { readonly kind: "kick"; readonly id: string }
  | { readonly kind: "trace" }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" }
  | Mistake;

export type Mistake = { readonly kind: "mistake"; readonly message: string };

/** Settings that can be switched at the prompt. */
export type Switch = "pretty" | "times" | "pings";

export function mistaken(message: string): Mistake {
  return { kind: "mistake", message };
}
