/**
 * The subprotocol that `$connect` chose. Of its response headers, only `Sec-WebSocket-Protocol` reaches the
 * client, whether or not the client asked for this subprotocol.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
export function chosenSubprotocol(headers: Readonly<Record<string, string>>): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "sec-websocket-protocol");
  return name === undefined ? undefined : headers[name];
}
