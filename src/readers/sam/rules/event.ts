import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import type { Expansion, SamResource } from "./expansion.ts";
import type { Grants } from "./roles.ts";
import type { EventType } from "./vocabulary.ts";

/** What events invoke: a function, or its alias. */
export type EventTarget = {
  /** As the name of a function. */
  readonly invoked: Json;
  readonly arn: Json;
  /** What stands for the ARN in a string with variables: `Chat.Arn`. */
  readonly uriPart: string;
};

/** An event of a function. */
export type SamEvent = {
  readonly sam: SamResource;
  readonly name: string;
  /** The id of what is made of it. */
  readonly id: string;
  readonly type: EventType;
  readonly properties: JsonObject;
  readonly target: EventTarget;
};

export const NO_GRANTS: Grants = { managed: [], inline: [] };

/** Adds what an event makes, at the event's place. */
export function add(
  expansion: Expansion,
  { sam, id, properties }: SamEvent,
  type: string,
  made: JsonObject,
  suffix = "",
): void {
  expansion.beside(sam, id + suffix, type, expansion.from(made, properties));
}
