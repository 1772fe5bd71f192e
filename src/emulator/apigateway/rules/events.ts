/** Context shared by the three events, in the order in which API Gateway writes its keys. */
type CommonContext = {
  /** Always the same as `requestId`. */
  readonly extendedRequestId: string;
  /** Such as `31/Aug/2022:13:34:52 +0000`. */
  readonly requestTime: string;
  readonly messageDirection: "IN";
} & ContextEnd;

/** What all contexts end with. */
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

/** Who is at the other end; what the handshake had none of is absent, never null. */
export type Identity = {
  /** The client's API key as it came; at `$connect` only. */
  readonly apiKey?: string;
  /** Of a key that is good for the stage; at `$connect` only. */
  readonly apiKeyId?: string;
  readonly userAgent?: string;
  readonly sourceIp: string;
} & SignerIdentity;

/**
 * The signer of a handshake, where `$connect` has AWS_IAM authorization. Assumed: the fields of REST APIs; AWS does not
 * document those of WebSocket APIs.
 */
export type SignerIdentity = {
  readonly cognitoIdentityPoolId?: string;
  readonly accountId?: string;
  readonly cognitoIdentityId?: string;
  /** Id of the user, or of the session of a role. */
  readonly caller?: string;
  readonly accessKey?: string;
  readonly cognitoAuthenticationType?: string;
  readonly cognitoAuthenticationProvider?: string;
  readonly userArn?: string;
  /** The same as `caller`. */
  readonly user?: string;
};

/** What a Lambda authorizer handed over; `integrationLatency` only at `$connect`. */
export type AuthorizerContext = {
  /** Absent where the authorizer named none. */
  readonly principalId?: string;
  /** ms that the authorizer took. */
  readonly integrationLatency?: number;
  readonly [key: string]: string | number | undefined;
};

export type Strings = Readonly<Record<string, string>>;
export type MultiStrings = Readonly<Record<string, readonly string[]>>;

/**
 * What the function of `$connect` gets. What does not apply is absent, never null.
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

/** What the function of a route gets: no headers and no query; `body` is the text as it came. */
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

/** What the function of `$disconnect` gets: four fixed headers, code and reason, no query. */
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
