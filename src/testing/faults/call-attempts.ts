/** Decides which attempts of a call fail. SDKs repeat a failed call. */
export type CallAttempts = {
  /** Whether this attempt fails. `isSelected` says it of a call at its first attempt. */
  fails(callId: string | undefined, isSelected: () => boolean): boolean;
};

/** All attempts of a selected call fail, so that the function gets the error, or only the first `most`. */
export function createCallAttempts(most = Number.POSITIVE_INFINITY): CallAttempts {
  const calls = new Map<string, { readonly isSelected: boolean; attempts: number }>();
  return {
    fails(callId, isSelected) {
      const known = callId === undefined ? undefined : calls.get(callId);
      const call = known ?? { isSelected: isSelected(), attempts: 0 };
      call.attempts += 1;
      if (callId !== undefined) calls.set(callId, call);
      return call.isSelected && call.attempts <= most;
    },
  };
}
