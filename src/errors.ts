/** Each way a user's project or command line can be wrong, with the advice that mends it. */
const HINTS = {
  CERTIFICATE_FAILED:
    "Delete the .wsgw folder of the project; a new certificate authority is made at the next start.",
  CERTIFICATE_UNTRUSTED:
    "Name its authority with --ca FILE, or accept any certificate with --insecure.",
  CONFIG_INVALID: "Mend the definition; docs/definition.md describes every field.",
  CONFIG_NOT_FOUND: "Create wsgw.config.ts, or name a file with --config.",
  CONFIG_UNREADABLE:
    "The file must be valid TypeScript, JavaScript or JSON and export the API definition as its default export.",
  CONNECTION_CLOSED: "The log of wsgw dev says who closed the connection, and why.",
  CONNECTION_FAILED: "Check that the gateway is running and that the URL is right.",
  CONNECTION_REFUSED:
    "The gateway answered the handshake with an HTTP status instead of 101; the log of wsgw dev says why.",
  DATA_UNUSABLE:
    "Name a folder that can be written with --data, and let only one gateway use it at a time.",
  ENV_FILE_UNREADABLE: "Name an existing file of NAME=value lines with --env-file.",
  FUNCTION_UNKNOWN: "Name one of the functions in the definition.",
  GATEWAY_NOT_FOUND: "Start one with wsgw dev in this project, or give the URL.",
  GATEWAY_UNREACHABLE:
    "Check that wsgw dev still runs; start it anew if it was made by an older wsgw.",
  HANDLER_INVALID: "A handler is written path.export, relative to the folder of the definition.",
  HOST_UNUSABLE: "Choose an address of this machine with --host; 127.0.0.1 is the default.",
  PORT_IN_USE: "Stop the other process, or choose another --port.",
  SEED_INVALID:
    "A seed is a JSON array of items, or one item a line, each with the table's key; docs/tables.md shows it.",
  SUBPROTOCOL_REFUSED:
    'The $connect handler must return the one that it chose: headers: { "Sec-WebSocket-Protocol": … }.',
  TABLE_DIFFERS:
    "Delete the table, or the --data folder that holds it, or give the table another name.",
  TABLE_UNAVAILABLE:
    "Check that the DynamoDB endpoint is running and that --dynamodb-endpoint is right.",
  TABLE_UNKNOWN: "Run wsgw table list to see the tables of the running gateway.",
  USAGE: "Run the command with --help to see what it takes.",
  WAIT_TIMED_OUT: "Check that what is awaited can still happen, or raise the time limit.",
} as const;

/** Names one kind of mistake; stable, so scripts and tests may compare it. */
export type ErrorCode = keyof typeof HINTS;

/**
 * The only error that wsgw throws on purpose: something in the user's project or command line is
 * wrong. `message` says what, with the values; `hint` says what to do. Anything else that escapes
 * is a bug in wsgw.
 */
export class WsgwError extends Error {
  override readonly name = "WsgwError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = HINTS[code];
  }
}
