import { isThrottled } from "../rules/backoff.ts";
import { isAwsError, translate } from "./aws-errors.ts";

/**
 * Waits before a throttled call is retried; `times` is the number of rejections so far. Throws to stop
 * retrying.
 */
export type BeforeRetry = (operation: string, times: number) => Promise<void>;

/** After this many rejections in a row, waiting does not help. */
const PATIENCE = 12;

/**
 * Makes a call, and retries it while AWS throttles it. Throws other errors as a `WsgwError` for the user, or
 * as a `AwsError`.
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
      const isTooFast = isAwsError(translated) && isThrottled(translated);
      if (!isTooFast || times > PATIENCE) throw translated;
    }
    await beforeRetry(operation, times);
  }
}
