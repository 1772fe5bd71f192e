import { type BeforeRetry, calling } from "./retry-throttled.ts";

/** The settings of every SDK client. */
export type ClientSettings = {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** What the adapters use to reach AWS. */
export type Access = { readonly settings: ClientSettings; readonly beforeRetry: BeforeRetry };

/** A module of sdk/: commands by operation, and the client. */
type Sdk = Readonly<Record<string, abstract new (...args: never) => unknown>>;

/** The operations for which a module has commands. */
type Operation<S> = {
  [K in keyof S]: K extends `${infer Name}Command` ? Name : never;
}[keyof S];

type CommandOf<S, O extends string> = S[`${O}Command` & keyof S];

type InputOf<C> = C extends abstract new (
  ...args: never
) => { readonly input: infer Input }
  ? Input
  : never;

type OutputOf<C> = C extends new (
  input: never,
) => { resolveMiddleware: (...args: never) => infer Handler }
  ? Handler extends (...args: never) => Promise<{ output: infer Output }>
    ? Output
    : never
  : never;

/** Calls an operation of one service: `s3("HeadBucket", { Bucket })`. */
export type Service<S> = <O extends Operation<S>>(
  operation: O,
  input: InputOf<CommandOf<S, O>>,
) => Promise<OutputOf<CommandOf<S, O>>>;

/** One AWS service. Its client is loaded and created at the first call. */
export function createService<S extends Sdk>(
  name: string,
  { beforeRetry }: Access,
  open: () => Promise<{
    readonly sdk: S;
    readonly client: { send(command: never): Promise<unknown> };
  }>,
): Service<S> {
  let opened: ReturnType<typeof open> | undefined;
  return async (operation, input) => {
    opened ??= open();
    const { sdk, client } = await opened;
    const Command = sdk[`${operation}Command`] as unknown as new (input: unknown) => never;
    return calling(name, operation, beforeRetry, () =>
      client.send(new Command(input)),
    ) as Promise<never>;
  };
}
