/**
 * The meaning of a frame that API Gateway itself sends; undefined for any other. Such frames contain little:
 * a message and two ids.
 */
export function explainFrame(text: string): string | undefined {
  const match = /^\{"message": "([^"]+)", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/.exec(
    text,
  );
  return FRAMES[match?.[1] ?? ""];
}

const FRAMES: Readonly<Record<string, string>> = {
  Forbidden: "No route takes this message, and the API has no $default route.",
  "Internal server error":
    "The handler failed, or did not return { statusCode: … }. Its log says which.",
  "Endpoint request timed out": "The handler took longer than its route allows (29 s at most).",
  "Too Many Requests": "The route or the account is throttled.",
};
