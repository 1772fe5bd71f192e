/** Types whose resources keep their own name, in order of precedence for equal names. */
const BY_NAME = [
  "aws_lambda_function",
  "aws_apigatewayv2_api",
  "aws_dynamodb_table",
  "aws_sqs_queue",
  "aws_sns_topic",
  "aws_apigatewayv2_authorizer",
  "aws_lambda_layer_version",
];

/** Generic names, less descriptive than that of a module. */
const PLAIN_NAMES = ["default", "main", "this"];

type Named = {
  /** Module names down to the resource, with instance keys. */
  readonly path: readonly string[];
  readonly type: string;
  readonly name: string;
  readonly index: string | number | undefined;
  /** Types of neighbouring resources with the same name. */
  readonly others: readonly string[];
};

/** The keys of resources: `connect`, `chat-connect` in a module, `fn-connect` among several. */
export class KeyBook {
  readonly #byAddress = new Map<string, string>();
  readonly #taken = new Set<string>();

  keyOf(named: Named): string {
    const address = JSON.stringify([named.path, named.type, named.name, named.index]);
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    const wanted = wantedKey(named);
    let key = wanted;
    for (let at = 2; this.#taken.has(key); at += 1) key = `${wanted.slice(0, 60)}-${at}`;
    this.#taken.add(key);
    this.#byAddress.set(address, key);
    return key;
  }
}

function wantedKey({ path, type, name, index, others }: Named): string {
  const rank = BY_NAME.indexOf(type);
  const isOwn =
    rank >= 0 &&
    !others.some((other) => BY_NAME.indexOf(other) >= 0 && BY_NAME.indexOf(other) < rank);
  const saysNothing = path.length > 0 && PLAIN_NAMES.includes(name);
  const parts = [
    ...path,
    ...(saysNothing ? [] : [name]),
    ...(index === undefined ? [] : [String(index)]),
    ...(isOwn ? [] : [type.slice(type.lastIndexOf("_") + 1)]),
  ];
  const key = parts
    .join("-")
    .replace(/[^\w-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^[^A-Za-z]+|-+$/g, "");
  return (key || "resource").slice(0, 64);
}
