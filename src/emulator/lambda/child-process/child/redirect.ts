import { type Redirect, redirectSockets } from "../../in-process/redirected-sockets.ts";

/** Leads every connection of this process. */
export function redirect(lead: Redirect): void {
  redirectSockets(() => lead);
}
