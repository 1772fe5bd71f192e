import type { Json, JsonObject } from "../cloudformation/rules/origins.ts";
import { isScript, type ServiceFiles } from "./service-file.ts";
import type { Call, Found, VariableSource, Variables } from "./variables.ts";

export type Surroundings = {
  /** The service as written. */
  readonly root: JsonObject;
  readonly given: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Overrides the service's own region. */
  readonly region: () => string | undefined;
  readonly accountId: string;
  readonly files: ServiceFiles;
  readonly variables: () => Variables;
};

/** Sources that need an account or another service. */
const ELSEWHERE = ["ssm", "cf", "s3", "output", "state", "terraform", "vault", "doppler"];

/** Serverless's variable sources, and those of plugins for which a value is given. */
export function sourcesOf(surroundings: Surroundings): ReadonlyMap<string, VariableSource> {
  const { given, env, accountId } = surroundings;
  const known: Readonly<Record<string, VariableSource>> = {
    self: (call) => self(surroundings, call),
    opt: ({ address }) =>
      textOrAbsent(
        given[address],
        `is not set. Set it with --parameter-overrides ${address}=VALUE, or write a default: \${opt:${address}, 'value'}`,
        `opt:${address}`,
      ),
    env: ({ address }) =>
      textOrAbsent(
        env[address],
        "is not set. Set it in the environment, or write a default",
        `env:${address}`,
      ),
    sls: async ({ address }) => {
      if (address === "stage") return value(await stageOf(surroundings));
      if (address === "instanceId") return value("wsgw");
      return absent("is not known to Serverless. Write stage or instanceId");
    },
    aws: async ({ address }) => {
      if (address === "accountId") return value(accountId);
      if (address === "region") return value(await regionOf(surroundings));
      return absent("is not known to Serverless. Write accountId or region");
    },
    param: (call) => parameter(surroundings, call),
    strToBool: ({ parameters: [text] }) => toBoolean(text),
    file: (call) => file(surroundings, call),
  };
  const named = Object.keys(given).flatMap((name) => /^([a-z]\w*)(?=[:(])/i.exec(name)?.[1] ?? []);
  const elsewhere = [...ELSEWHERE, ...named].map((type) => [type, givenOnly(type, given)] as const);
  return new Map([...elsewhere, ...Object.entries(known)]);
}

/** Includes Serverless's defaults for stage and region. */
async function self(surroundings: Surroundings, { address }: Call): Promise<Found> {
  const { root, variables } = surroundings;
  const defaults = { "provider.stage": stageOf, "provider.region": regionOf };
  if (address === "provider.stage" || address === "provider.region") {
    const own = await variables().at(root, address.split("."));
    if (own === null) return value(await defaults[address](surroundings));
  }
  return tree(root, address === "" ? [] : address.split("."));
}

function givenOnly(type: string, given: Readonly<Record<string, string>>): VariableSource {
  return ({ address, parameters }) => {
    const called = parameters.length === 0 ? type : `${type}(${parameters.join(", ")})`;
    const name = address === "" ? called : `${type}:${address}`;
    const found = given[`${called}:${address}`] ?? given[name] ?? given[address];
    return found === undefined ? { kind: "elsewhere", name } : value(found);
  };
}

async function stageOf({ given, root, variables }: Surroundings): Promise<Json> {
  return given.stage ?? (await variables().at(root, ["provider", "stage"])) ?? "dev";
}

async function regionOf({ region, root, variables }: Surroundings): Promise<Json> {
  return region() ?? (await variables().at(root, ["provider", "region"])) ?? "us-east-1";
}

/** A given parameter, else the service's own: of the stage, else of all stages. */
async function parameter(surroundings: Surroundings, { address }: Call): Promise<Found> {
  const { given, root, variables } = surroundings;
  if (given[address] !== undefined) return value(given[address]);
  const stage = String(await stageOf(surroundings));
  for (const each of [stage, "default"]) {
    for (const keys of [
      ["params", each],
      ["stages", each, "params"],
    ]) {
      const found = await variables().at(root, [...keys, address]);
      if (found !== null) return found === undefined ? FAILED : tree(root, [...keys, address]);
    }
  }
  return absent(
    `is not a parameter of the stage ${stage}. Set it with --parameter-overrides ${address}=VALUE`,
    `param:${address}`,
  );
}

async function file(surroundings: Surroundings, call: Call): Promise<Found> {
  const { files, given, env, variables } = surroundings;
  const [path] = call.parameters;
  if (typeof path !== "string" || path === "") return absent("does not contain a file name");
  const keys = call.address === "" ? [] : call.address.split(".");
  const name = ["file", path, ...keys].join(":");
  if (!isScript(path)) {
    const content = await files.included(path);
    if (content === undefined) return FAILED;
    if (content === null) return absent(`points to ${path}, which does not exist`, name);
    // any other file is one string, which may contain variables
    return typeof content === "string" ? value(content) : tree(content, keys);
  }
  const resolve = (name: string) => variables().text(`\${${name}}`, call.at);
  const content = await files.script(path, { env, options: given, keys, resolve });
  if (content === undefined) return FAILED;
  return content === null
    ? absent(`points to ${path}, which does not exist or is empty`)
    : tree(content, []);
}

function toBoolean(text: Json | undefined): Found {
  const word = String(text).trim().toLowerCase();
  if (["true", "1"].includes(word)) return value(true);
  if (["false", "0"].includes(word)) return value(false);
  return absent("must be true, false, 1 or 0");
}

const FAILED: Found = { kind: "failed" };

function value(found: Json): Found {
  return { kind: "value", value: found };
}

function tree(root: Json, keys: readonly string[]): Found {
  return { kind: "tree", tree: root, keys };
}

function absent(why: string, name?: string): Found {
  return { kind: "absent", why, name };
}

function textOrAbsent(found: string | undefined, why: string, name: string): Found {
  return found === undefined ? absent(why, name) : value(found);
}
