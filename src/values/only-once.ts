/** A function that calls `run` once, and always returns its result. */
export function onlyOnce<Result extends object>(run: () => Result): () => Result {
  let result: Result | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
