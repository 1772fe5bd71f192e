/** The route that takes a message, and why. */
export type RouteSelection =
  | { readonly kind: "route"; readonly routeKey: string; readonly because: "matched" | Miss; readonly value: string | undefined }
  | { readonly kind: "none"; readonly because: Miss; readonly value: string | undefined };

type Miss = "not-json" | "no-value" | "unknown-key";
