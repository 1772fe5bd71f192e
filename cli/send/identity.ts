import {
  type HandshakeSigner,
  identityHeader,
  identityHeaderValue,
  identityUndefined,
  openControl,
  WsgwError,
} from "../../src/app.ts";
import { isForThisMachine } from "../../src/values/loopback.ts";
import type { Io } from "../terminal/io.ts";
import type { SendOptions } from "./options.ts";
import type { Target } from "./target.ts";

/** The header that sets the client's mock identity at a local gateway. */
export async function identityHeaders(
  as: string,
  target: Target,
): Promise<Record<string, readonly string[]>> {
  const gateway = gatewayFor(target);
  const { running, address } = gateway;
  const { host = "localhost", publicHost } = running;
  if (!isForThisMachine({ host, publicHost })) {
    const message = `Other machines can reach ${target.url}, so its authorizers are called; --as works only with a gateway for this machine.`;
    throw new WsgwError("USAGE", message);
  }
  await failUnlessDefined(as, target.url, gateway);
  return { [identityHeader(address.token)]: [identityHeaderValue(as)] };
}

/** Signs with keys of this project's gateway; for other URLs with the user's own AWS keys. */
export async function signerFor(
  { as, profile, region }: Pick<SendOptions, "as" | "profile" | "region">,
  target: Target,
  io: Io,
): Promise<HandshakeSigner> {
  const now = Date.now();
  const { running, url } = target;
  if (as !== undefined) {
    const gateway = gatewayFor(target);
    await failUnlessDefined(as, url, gateway);
    const credentials = await openControl(gateway.address).credentialsOf(as);
    if (credentials !== undefined) return { credentials, region: regionOf(target), now };
  }
  if (running !== undefined) {
    return { credentials: running.credentials, region: regionOf(target), now };
  }
  const { findOwnKeys } = await io.app();
  const keys = await findOwnKeys({ profile, region: region ?? regionIn(url), env: io.env });
  return { ...keys, now };
}

/** The gateway of this project at a URL. */
function gatewayFor({ url, running }: Target) {
  const address = running?.control;
  if (running !== undefined && address !== undefined) return { running, address };
  const message = `--as works only with a gateway that wsgw dev runs in this project; ${url} is not one.`;
  throw new WsgwError("USAGE", message);
}

async function failUnlessDefined(
  as: string,
  url: string,
  { running, address }: ReturnType<typeof gatewayFor>,
): Promise<void> {
  const { apis } = await openControl(address).project();
  const { pathname } = new URL(url);
  const { name = "" } =
    running.apis?.find(({ stages }) =>
      stages.some((each) => new URL(each.url).pathname === pathname),
    ) ?? {};
  const known = Object.keys((apis[name] ?? Object.values(apis)[0])?.identities ?? {});
  if (known.includes(as)) return;
  throw new WsgwError("USAGE", identityUndefined(as, known));
}

function regionOf({ running }: Target): string {
  return running?.region ?? "us-east-1";
}

/**
 * `wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/v1` contains the region, a custom domain does not.
 */
function regionIn(url: string): string | undefined {
  return /\.execute-api\.([a-z\d-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1];
}
