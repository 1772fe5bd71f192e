// Node loads this file ahead of a program beside the gateway: its connections to the project's own APIs come here,
// whatever client opens them. It is built apart, loads nothing but Node's own modules, and leaves all else alone.
import { redirectSockets } from "./network/redirected-sockets.ts";
import { isOwnHost } from "./network/rules/aws-hosts.ts";
import type { OwnHostsMessage } from "./own-hosts.ts";

const message = process.env.WSGW_OWN_HOSTS; // OWN_HOSTS_VARIABLE of own-hosts.ts, which loads more

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
