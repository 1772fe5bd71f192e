import type { Control } from "../../src/app.ts";
import { isObject, parseJson } from "../../src/values/json.ts";
import { command, mistake, once, STATE_OPTION, text, wholeNumber } from "../command.ts";
import type { Io } from "../terminal/io.ts";
import { print } from "../terminal/output.ts";

const HOUR_S = 3_600;
const CLIENT = "local";

const OPTIONS = {
  id: { type: "boolean", describe: "Create an ID token instead of an access token" },
  "client-id": {
    describe: `App client of the user pool [${CLIENT}]`,
    requiresArg: true,
    coerce: text("client-id"),
  },
  "expires-in": {
    describe: "Seconds until it expires; 0 for an expired token [3600]",
    requiresArg: true,
    coerce: once("expires-in", wholeNumber(0, 86_400), "a number from 0 to 86400"),
  },
  ...STATE_OPTION,
} as const;

/** `wsgw token`: prints a JWT as the user pool would sign it. */
export const token = command({
  name: "token",
  describe: "Print a JWT that the running gateway has signed",
  about: "Print a JWT, signed by the gateway that wsgw dev --cognito runs in this project.",
  usage: "[CLAIMS] [options]",
  words: "[claims]",
  positionals: { claims: "Claims of the token, as a JSON object" },
  options: OPTIONS,
  examples: [
    ["$0 token", "an access token with a random sub"],
    [`$0 token '{"username":"ann"}'`, "one with this claim"],
    ["$0 token --id --client-id web", "an ID token for the app client web"],
  ],
  read(args) {
    const claims = claimsIn(args.claims);
    const wish = {
      claims,
      use: args.id ? "id" : "access",
      clientId: args["client-id"] ?? CLIENT,
      lifetimeMs: (args["expires-in"] ?? HOUR_S) * 1000,
    } as const;
    return (io) => printToken(wish, args["state-dir"], io);
  },
});

function claimsIn(json: unknown): Readonly<Record<string, unknown>> {
  if (json === undefined) return {};
  const claims = parseJson(String(json))?.value;
  if (isObject(claims)) return claims;
  throw mistake(`Claims must be a JSON object such as {"sub":"ann"}, not ${json}.`);
}

async function printToken(
  wish: Parameters<Control["token"]>[0],
  stateDir: string | undefined,
  io: Io,
): Promise<number> {
  const { findRunning, openControl, WsgwError } = await io.app();
  const [newest] = await findRunning(io.cwd, stateDir);
  if (newest?.control === undefined) {
    const message = `No gateway runs in ${io.cwd} or a parent directory.`;
    throw new WsgwError("GATEWAY_NOT_FOUND", message);
  }
  const signed = await openControl(newest.control).token(wish);
  if (signed === undefined) {
    const message = `The gateway at ${newest.url} does not sign tokens. Start it with wsgw dev --cognito ID.`;
    throw new WsgwError("USAGE", message);
  }
  print(io.stdout, signed);
  return 0;
}
