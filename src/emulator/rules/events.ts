/** Context shared by the three events, in the order in which API Gateway writes its keys. */
export type CommonContext = {
  readonly extendedRequestId: string;
  readonly requestTime: string;
  readonly messageDirection: "IN";
  readonly stage: string;
  readonly connectedAt: number;
  readonly requestTimeEpoch: number;
  readonly identity: Identity;
  readonly requestId: string;
  readonly domainName: string;
  readonly connectionId: string;
  readonly apiId: string;
};

export type Identity = { readonly userAgent?: string; readonly sourceIp: string };

/** What a Lambda authorizer handed over; `integrationLatency` only at `$connect`. */
export type AuthorizerContext = {
  readonly principalId: string;
  readonly integrationLatency?: number;
  readonly [key: string]: string | number | undefined;
};

export type Strings = Readonly<Record<string, string>>;
export type MultiStrings = Readonly<Record<string, readonly string[]>>;

export type ConnectEvent = {
  readonly headers: Strings;
  readonly multiValueHeaders: MultiStrings;
  readonly queryStringParameters?: Strings;
  readonly multiValueQueryStringParameters?: MultiStrings;
  readonly stageVariables?: Strings;
  readonly requestContext: {
    readonly routeKey: "$connect";
    readonly authorizer?: AuthorizerContext;
    readonly eventType: "CONNECT";
  } & CommonContext;
  readonly isBase64Encoded: false;
};

export type MessageEvent = {
  readonly stageVariables?: Strings;
  readonly requestContext: {
    readonly routeKey: string;
    readonly authorizer?: AuthorizerContext;
    readonly messageId: string;
    readonly eventType: "MESSAGE";
  } & CommonContext;
  readonly body: string;
  readonly isBase64Encoded: false;
};

export type DisconnectEvent = {
  readonly headers: Strings;
  readonly multiValueHeaders: MultiStrings;
  readonly stageVariables?: Strings;
  readonly requestContext: {
    readonly routeKey: "$disconnect";
    readonly disconnectStatusCode: number;
    readonly authorizer?: AuthorizerContext;
    readonly eventType: "DISCONNECT";
    readonly disconnectReason: string;
  } & CommonContext;
  readonly isBase64Encoded: false;
};

/** What a handler gets: `APIGatewayWebsocketProxyRequest` in its three forms. */
export type WebSocketEvent = ConnectEvent | MessageEvent | DisconnectEvent;

/** What stays the same for every event of one connection. */
export type ConnectionIdentity = {
  readonly connectionId: string;
  /** Epoch ms. */
  readonly connectedAt: number;
  readonly stage: string;
  /** Empty for a stage without variables: the events then leave the key out. */
  readonly stageVariables: Strings;
  readonly domainName: string;
  readonly apiId: string;
  readonly identity: Identity;
  readonly authorizer?: AuthorizerContext;
};

/** What is new with every event. */
export type Stamp = {
  readonly requestId: string;
  /** Epoch ms. */
  readonly at: number;
};
