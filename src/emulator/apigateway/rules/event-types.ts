/** Context that the three events share, in API Gateway's order of keys. */
type CommonContext = {
  /** Always the same as `requestId`. */
  readonly extendedRequestId: string;
  /** Such as `31/Aug/2022:13:34:52 +0000`. */
  readonly requestTime: string;
  readonly messageDirection: "IN";
} & ContextEnd;

/** The last keys of every context. */
export type ContextEnd = {
  readonly stage: string;
  /** Epoch ms. */
  readonly connectedAt: number;
  /** Epoch ms. */
  readonly requestTimeEpoch: number;
  readonly identity: Identity;
  readonly requestId: string;
  readonly domainName: string;
  readonly connectionId: string;
  readonly apiId: string;
};

/** The client. Values that the handshake lacks are absent, never null. */
export type Identity = {
  /** The client's API key as sent; at `$connect` only. */
  readonly apiKey?: string;
  /** The id of a key that is valid for the stage; at `$connect` only. */
  readonly apiKeyId?: string;
  readonly userAgent?: string;
  readonly sourceIp: string;
} & SignerIdentity;

/**
 * The signer of a handshake if `$connect` has AWS_IAM authorization. Assumed: the fields of REST APIs,
 * because AWS does not document those of WebSocket APIs.
 */
export type SignerIdentity = {
  readonly cognitoIdentityPoolId?: string;
  readonly accountId?: string;
  readonly cognitoIdentityId?: string;
  /** Id of the user or of the role session. */
  readonly caller?: string;
  readonly accessKey?: string;
  readonly cognitoAuthenticationType?: string;
  readonly cognitoAuthenticationProvider?: string;
  readonly userArn?: string;
  /** The same as `caller`. */
  readonly user?: string;
};

/** A Lambda authorizer's context; `integrationLatency` only at `$connect`. */
export type AuthorizerContext = {
  /** Absent if the authorizer returned none. */
  readonly principalId?: string;
  /** Duration of the authorizer in ms. */
  readonly integrationLatency?: number;
  readonly [key: string]: string | number | undefined;
};

export type Strings = Readonly<Record<string, string>>;
export type MultiStrings = Readonly<Record<string, readonly string[]>>;

/**
 * The event of `$connect`. Values that do not apply are absent, never null.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
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

/** The event of a message: no headers and no query; `body` is the exact text received. */
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

/** The event of `$disconnect`: four fixed headers, code and reason, no query. */
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

/** The event of a handler: the three forms of `APIGatewayWebsocketProxyRequest`. */
export type WebSocketEvent = ConnectEvent | MessageEvent | DisconnectEvent;

/** The data that all events of one connection share. */
export type ConnectionIdentity = {
  readonly connectionId: string;
  /** Epoch ms. */
  readonly connectedAt: number;
  readonly stage: string;
  /** Empty for a stage without variables, whose events omit the key. */
  readonly stageVariables: Strings;
  readonly domainName: string;
  readonly apiId: string;
  readonly identity: Identity;
  readonly authorizer?: AuthorizerContext;
};

/** The data that is new in every event. */
export type Stamp = {
  readonly requestId: string;
  /** Epoch ms. */
  readonly at: number;
};
