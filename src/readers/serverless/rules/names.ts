// Serverless's names for the resources that it creates.
// @see https://www.serverless.com/framework/docs/providers/aws/guide/resources

function upperFirst(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** `send-mail_now` -> `SendDashmailUnderscorenow`. */
export function normalized(name: string): string {
  return upperFirst(name.replaceAll("-", "Dash").replaceAll("_", "Underscore"));
}

/** Alphanumeric only: names of topics, streams, queues and buckets. */
export function alphanumeric(name: string): string {
  return upperFirst(name.replace(/[^0-9A-Za-z]/g, ""));
}

export function functionId(name: string): string {
  return `${normalized(name)}LambdaFunction`;
}

export function layerId(name: string): string {
  return `${normalized(name)}LambdaLayer`;
}

/** `$connect` -> `SconnectWebsocketsRoute`. */
export function routeId(route: string): string {
  const key = route
    .replaceAll("$", "S")
    .replaceAll("/", "Slash")
    .replaceAll("-", "Dash")
    .replaceAll("_", "Underscore")
    .replaceAll(".", "Period");
  return `${key}WebsocketsRoute`;
}

/** `/rooms/{id}` -> `RoomsIdVar`. */
export function pathId(path: string): string {
  const parts = path.split("/").map((part) =>
    upperFirst(
      part
        .toLowerCase()
        .replaceAll("-", "Dash")
        .replace(/\{(.*)\}/g, "$1Var")
        .replace(/[^0-9A-Za-z]/g, ""),
    ),
  );
  return parts.join("");
}

/** The function in an authorizer's ARN. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
