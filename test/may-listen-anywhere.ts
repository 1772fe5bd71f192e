import { existsSync, readFileSync } from "node:fs";

/** Whether every port is free to all, as in containers of Docker. */
export function mayListenAnywhere(): boolean {
  const file = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
  return process.platform === "win32" || (existsSync(file) && Number(readFileSync(file)) <= 1);
}
