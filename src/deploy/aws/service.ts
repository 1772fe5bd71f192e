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

/** Makes a call by the client that `open` gave. */
export type Service<C> = <T>(operation: string, call: (client: C) => Promise<T>) => Promise<T>;

/** One service of AWS. Its client is loaded and made once, at the first call. */
export function createService<C>(
  name: string,
  { beforeRetry }: Access,
  open: () => Promise<C>,
): Service<C> {
  let opened: Promise<C> | undefined;
  return async (operation, call) => {
    opened ??= open();
    const client = await opened;
    return calling(name, operation, beforeRetry, () => call(client));
  };
}
