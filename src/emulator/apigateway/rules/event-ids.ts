import { fieldOf } from "../../../values/json.ts";

/** The ids that an event carries, or new ones where it is no event of a WebSocket API. */
export function idsOfEvent(
  event: unknown,
  newId: () => string,
): { connectionId: string; requestId: string } {
  const context = fieldOf(event, "requestContext");
  const text = (name: string) => {
    const value = fieldOf(context, name);
    return typeof value === "string" ? value : newId();
  };
  return { connectionId: text("connectionId"), requestId: text("requestId") };
}
