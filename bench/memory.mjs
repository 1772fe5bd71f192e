// @ts-check
import { readFileSync } from "node:fs";

/**
 * Memory of a process and its children in MB, with shared pages counted once (PSS). Undefined if /proc does
 * not contain it.
 * @param {number} pid
 * @returns {number | undefined}
 */
export function memoryOfTree(pid) {
  try {
    const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const below =
      children === "" ? [] : children.split(" ").map((child) => memoryOfTree(Number(child)) ?? 0);
    return below.reduce((sum, value) => sum + value, Number(kilobytes?.[1]) / 1024);
  } catch {
    return undefined;
  }
}
