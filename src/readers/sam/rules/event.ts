import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import type { Grants } from "./created-role.ts";
import type { Expansion, SamResource } from "./expansion.ts";
import type { EventType } from "./vocabulary.ts";

/** The target of events: a function, or its alias. */
export type EventTarget = {
  /** As a function name. */
  readonly invoked: Json;
  readonly arn: Json;
  /** The ARN within a string with variables: `Chat.Arn`. */
  readonly uriPart: string;
};

/** An event of a function. */
export type SamEvent = {
  readonly sam: SamResource;
  readonly name: string;
  /** The id of the created resource. */
  readonly id: string;
  readonly type: EventType;
  readonly properties: JsonObject;
  readonly target: EventTarget;
};

export const NO_GRANTS: Grants = { managed: [], inline: [] };

/** Adds the resources of an event, with the event's place. */
export function add(
  expansion: Expansion,
  { sam, id, properties }: SamEvent,
  type: string,
  made: JsonObject,
  suffix = "",
): void {
  expansion.beside(sam, id + suffix, type, expansion.from(made, properties));
}
