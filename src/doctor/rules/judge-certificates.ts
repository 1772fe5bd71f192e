import { isRenewed } from "../../emulator/network/rules/certificate-renewal.ts";
import { blocked, type Finding, good, warning } from "./findings.ts";

/** One file with a certificate authority. */
export type AuthorityState =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly file: string; readonly why: string }
  | { readonly kind: "broken"; readonly file: string }
  | {
      readonly kind: "kept";
      readonly file: string;
      readonly name: string;
      /** Epoch ms. */
      readonly validUntil: number;
    };

/** `now` in epoch ms. */
export function judgeAuthority(state: AuthorityState, now: number): Finding {
  switch (state.kind) {
    case "absent":
      return good("certificates", "No certificate authority yet. The first wsgw dev creates it.");
    case "unreadable":
      return blocked(
        "certificates",
        `${state.file} cannot be read: ${state.why}.`,
        "Make it readable for this user. Or delete its directory, and trust the new authority as wsgw cert shows.",
      );
    case "broken":
      return warning(
        "certificates",
        `${state.file} does not contain a usable authority.`,
        "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
      );
    case "kept":
      return judgeKept(state, now);
    default:
      return state satisfies never;
  }
}

function judgeKept(state: AuthorityState & { readonly kind: "kept" }, now: number): Finding {
  const end = new Date(state.validUntil).toISOString().slice(0, 10);
  const said = `The certificate authority ${state.name} is valid until ${end}`;
  if (!isRenewed(state.validUntil, now)) return good("certificates", `${said}.`);
  return warning(
    "certificates",
    state.validUntil < now
      ? `The certificate authority ${state.name} expired on ${end}.`
      : `${said} only.`,
    "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
  );
}
