import { isThrottled } from "../rules/backoff.ts";
import { isRefusal, translate } from "./aws-errors.ts";

/** What every client of the SDK is made with. */
export type ClientSettings = {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Waits before a throttled call is made again; `times` is how often AWS has refused it so far. Throws to give up. */
export type BeforeRetry = (operation: string, times: number) => Promise<void>;

/** What the adapters reach AWS with. */
export type Access = { readonly settings: ClientSettings; readonly beforeRetry: BeforeRetry };

/** So many refusals in a row mean that it is not a matter of waiting. */
const PATIENCE = 12;

/**
 * Makes one call, and makes it again while AWS throttles it. What else goes wrong comes out as a `WsgwError` for
 * the person, or as a `Refusal`.
 */
export async function calling<T>(
  service: string,
  operation: string,
  beforeRetry: BeforeRetry,
  call: () => Promise<T>,
): Promise<T> {
  for (let times = 1; ; times += 1) {
    try {
      return await call();
    } catch (error) {
      const translated = translate(service, operation, error);
      const isTooFast = isRefusal(translated) && isThrottled(translated);
      if (!isTooFast || times > PATIENCE) throw translated;
    }
    await beforeRetry(operation, times);
  }
}

/** A module of sdk/: commands by the names of their operations, and the client. */
type Sdk = Readonly<Record<string, abstract new (...args: never) => unknown>>;

/** The operations that a module has commands for. */
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

/** One service of AWS. Its client is loaded and made once, at the first call. */
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
