// Node preloads this file in a program that runs with the gateway: its connections to the project's own APIs
// come here, whichever client opens them. It is built separately, loads only Node's own modules, and changes
// nothing else.
import { redirectSockets } from "./network/redirected-sockets.ts";
import { isOwnHost } from "./network/rules/hosts.ts";
import type { OwnHostsMessage } from "./own-hosts.ts";

const message = process.env.WSGW_OWN_HOSTS; // OWN_HOSTS_VARIABLE of own-hosts.ts, which would load more

if (message !== undefined) {
  const { hosts, address } = JSON.parse(message) as OwnHostsMessage;
  const redirect = {
    network: { ...hosts, address, standIns: [], allowAws: true },
    functionName: "",
    onStopped: () => {},
  };
  redirectSockets((_, options) =>
    isOwnHost(hosts, options.host ?? "localhost") ? redirect : undefined,
  );
}
