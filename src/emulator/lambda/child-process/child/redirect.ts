import { type Lead, leadConnections } from "../../in-process/lead-connections.ts";

/** Leads every connection of this process. */
export function redirect(lead: Lead): void {
  leadConnections(() => lead);
}
