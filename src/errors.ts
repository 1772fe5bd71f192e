/** Each way a user's project or command line can be wrong, with the advice that mends it. */
export const HINTS = {
  AWS_CREDENTIALS:
    "Sign in (aws sso login, aws configure), name a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  AWS_REFUSED:
    "Mend what AWS says, or ask for the permission that it names; then run the command again.",
  AWS_REGION_UNKNOWN: "Name one with --region, AWS_REGION or in the profile.",
  AWS_UNREACHABLE: "Check the network, --region and --endpoint-url.",
  BUCKET_UNUSABLE:
    "Name a bucket of this account in the stack's region with --bucket, or leave --bucket out: wsgw then keeps one of its own.",
  CERTIFICATE_FAILED:
    "If that folder can be written and its disk has room, delete it: a new certificate authority is made at the next start. Or name another folder for all state with --state-dir.",
  CERTIFICATE_REFUSED: "Show a certificate that the server knows, with --cert FILE and --key FILE.",
  CERTIFICATE_UNTRUSTED:
    "Name its authority with --ca FILE, or accept any certificate with --insecure.",
  COMMAND_UNUSABLE:
    "Give a program and its arguments after --, as in wsgw dev -- npm run web; a line for the shell is sh -c '…'.",
  CONFIG_INVALID: "Mend the definition; docs/definition.md describes every field.",
  CONFIG_NOT_FOUND:
    "Create wsgw.config.ts, or name a file with --config; a template of CloudFormation or SAM with --template.",
  CONFIG_UNREADABLE:
    "The file must be valid TypeScript, JavaScript or JSON and export the API definition as its default export.",
  CONNECTION_CLOSED: "The log of wsgw dev says who closed the connection, and why.",
  CONNECTION_FAILED: "Check that the gateway is running and that the URL is right.",
  CONNECTION_REFUSED:
    "The gateway answered the handshake with an HTTP status instead of 101; the log of wsgw dev says why.",
  DATA_UNUSABLE:
    "Name a folder that can be written with --data, and let only one gateway use it at a time.",
  DEFINITION_AMBIGUOUS: "Give the command one of the lines above; docs/your-project.md says more.",
  DEFINITION_UNSUPPORTED: "docs/your-project.md says which files wsgw reads.",
  DYNAMODB_PORT_UNUSABLE:
    "Choose another port with --dynamodb-port, or leave it out to take any that is free.",
  ENV_FILE_UNREADABLE: "Name an existing file of NAME=value lines with --env-file.",
  ENV_VARS_INVALID:
    'Name a JSON file such as { "FunctionName": { "NAME": "value" } } with --env-vars.',
  FILES_EXIST: "Move them away, or choose another folder.",
  FOLDER_UNUSABLE: "Name a folder that can be written, or one that is not there yet.",
  FUNCTION_UNKNOWN: "Name one of the functions in the definition.",
  EXPECTATION_FAILED: "Print gateway.trace() to see all that happened, and why.",
  GATEWAY_NOT_FOUND: "Start one with wsgw dev in this project, or give the URL.",
  GATEWAY_UNREACHABLE:
    "Check that wsgw dev still runs; start it anew if it was made by an older wsgw.",
  GATEWAY_OTHER_VERSION:
    "Stop that gateway and start it again with this wsgw, or use the wsgw that started it.",
  HANDLER_INVALID: "A handler is written path.export, relative to the folder of the definition.",
  HOOK_FAILED:
    "Mend the function under hooks in the definition; docs/deploying.md says what each is given and returns.",
  HOST_UNUSABLE: "Choose an address of this machine with --host; 127.0.0.1 is the default.",
  INSPECT_PORT_FORBIDDEN:
    "Choose another first port with --inspect=PORT, of 1024 to 65535 and with room for one a function; 0 takes any that are free.",
  INSPECT_PORT_IN_USE:
    "Stop the other process, or choose another first port with --inspect=PORT; the functions count on from there.",
  INSTALL_FAILED: "The files are written. Mend what npm says, then run npm install in the folder.",
  LOG_ROLE_NOT_FOUND:
    "Name a role under Settings in API Gateway's console, or leave deploy.logging and the logs of stages out; docs/definition.md says more.",
  NAME_INVALID:
    "Name it with --name: small letters, digits and hyphens, a letter first, 40 at most.",
  NOT_CODE_ONLY: "Run wsgw deploy without --code-only; CloudFormation then changes all of it.",
  NOT_DEPLOYABLE: "docs/deploying.md says what can be deployed.",
  OUTPUT_UNUSABLE: "Name a folder that can be written with --out.",
  OUTPUT_UNWRITABLE: "Name a file in a folder that exists and can be written.",
  PACKAGE_INVALID: "docs/deploying.md says what goes into the zip of a function.",
  PORT_FORBIDDEN:
    "Choose another --port; those below 1024 often need more rights. --port 0 takes any that is free.",
  PORT_IN_USE: "Take the next port that is free with --port auto, or choose another --port.",
  PROJECT_UNWRITABLE:
    "wsgw keeps what it builds in .wsgw beside the config file, or of a template in your cache folder: let the folder be written and free some space, or name another with --state-dir.",
  PUBLIC_HOST_UNUSABLE:
    "Name this machine as others do with --public-host, without scheme and port: 192.168.1.5 or laptop.local.",
  SAMCONFIG_INVALID:
    "Mend the file; wsgw reads stack_name, region, template_file and parameter_overrides of it.",
  SEED_INVALID:
    "A seed is a JSON array of items, or one item a line, each with the table's key; docs/tables.md shows it.",
  ROLE_NOT_FOUND:
    "Make the role first, or leave it out: wsgw then gives the function one of its own.",
  STACK_NOT_FOUND: "Check the name, --region and --profile; wsgw deploy makes the stack.",
  STACK_STUCK: "When CloudFormation can work on the stack again, run the command again.",
  SUBPROTOCOL_REFUSED:
    'The $connect handler must return the one that it chose: headers: { "Sec-WebSocket-Protocol": … }.',
  TABLE_DIFFERS:
    "Delete the table, or the --data folder that holds it, or give the table another name.",
  TABLE_UNAVAILABLE:
    "Check that the DynamoDB endpoint is running and that --dynamodb-endpoint is right.",
  TABLE_UNKNOWN: "Run wsgw table list to see the tables of the running gateway.",
  TEMP_FOLDER_UNUSABLE: "Free some space there, or name another folder with TMPDIR.",
  TEMPLATE_INVALID:
    "Mend the template hook of the definition; without one this is a bug in wsgw, please report it.",
  USAGE: "Run the command with --help to see what it takes.",
  WAIT_TIMED_OUT: "Check that what is awaited can still happen, or raise the time limit.",
} as const;

/** Names one kind of mistake; stable, so scripts and tests may compare it. */
export type ErrorCode = keyof typeof HINTS;

/** Files that a mistake hangs on, absolute: when one of them changes, another try may succeed. */
export type HangsOn = {
  readonly read: readonly string[];
  /** Looked for and not there. */
  readonly missing: readonly string[];
};

/**
 * The only error that wsgw throws on purpose: something in the user's project or command line is
 * wrong. `message` says what, with the values; `hint` says what to do. Anything else that escapes
 * is a bug in wsgw.
 */
export class WsgwError extends Error {
  override readonly name = "WsgwError";
  readonly code: ErrorCode;
  readonly hint: string;
  /** Undefined when no files are known to mend it. */
  readonly hangsOn: HangsOn | undefined;

  /** `hint` takes the place of the advice of the code where the cause is known better. */
  constructor(
    code: ErrorCode,
    message: string,
    options?: { cause?: unknown; hangsOn?: HangsOn; hint?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.hint = options?.hint ?? HINTS[code];
    this.hangsOn = options?.hangsOn;
  }
}
