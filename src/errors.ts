/** All kinds of errors in a user's project or command line, with advice for each. */
export const HINTS = {
  AWS_CREDENTIALS:
    "Sign in (aws sso login, aws configure), name a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  AWS_REFUSED:
    "Fix what AWS reports, or ask for the missing permission. Then run the command again.",
  AWS_REGION_UNKNOWN: "Set a region with --region, AWS_REGION or in the profile.",
  AWS_UNREACHABLE: "Check the network, --region and --endpoint-url.",
  BUCKET_UNUSABLE:
    "Pass a bucket of this account in the stack's region to --bucket, or omit --bucket: wsgw then uses its own.",
  CERTIFICATE_FAILED:
    "If that directory is writable and its disk has space, delete it: the next start creates a new certificate authority. Or set another directory for all state with --state-dir.",
  CERTIFICATE_REFUSED:
    "Pass a certificate that the server accepts with --cert FILE and --key FILE.",
  CERTIFICATE_UNTRUSTED:
    "Pass its authority with --ca FILE, or accept any certificate with --insecure.",
  COMMAND_UNUSABLE:
    "Write a program and its arguments after --, as in wsgw dev -- npm run web. For a shell command, use sh -c '…'.",
  CONFIG_INVALID: "Correct the definition; docs/definition.md describes every field.",
  CONFIG_NOT_FOUND:
    "Create wsgw.config.ts, or pass a file with --config, or a CloudFormation or SAM template with --template.",
  CONFIG_UNREADABLE:
    "Make the file readable and valid. A config file exports the API definition as its default export.",
  CONNECTION_CLOSED:
    "Check the log of the server. That of wsgw dev says who closed the connection, and why.",
  CONNECTION_FAILED: "Check that the gateway is running and that the URL is right.",
  CONNECTION_REFUSED: "Print gateway.trace() to see why the gateway rejected the handshake.",
  DATA_UNUSABLE: "Pass a writable directory to --data that no other gateway uses.",
  DEFINITION_AMBIGUOUS: "Add one of the lines above to the command; see docs/your-project.md.",
  DEFINITION_UNSUPPORTED: "See docs/your-project.md for the files that wsgw reads.",
  DYNAMODB_PORT_UNUSABLE:
    "Choose another port with --dynamodb-port, or omit it to use any free port.",
  ENV_FILE_UNREADABLE: "Pass an existing file of NAME=value lines to --env-file.",
  ENV_VARS_INVALID:
    'Pass a JSON file such as { "FunctionName": { "NAME": "value" } } to --env-vars.',
  FILES_EXIST: "Move them away, or choose another directory.",
  FOLDER_UNUSABLE: "Choose a writable directory, or one that does not exist yet.",
  FUNCTION_UNKNOWN: "Use one of the functions in the definition.",
  EXPECTATION_FAILED: "Print gateway.trace() to see what happened, and why.",
  GATEWAY_NOT_FOUND: "Start one with wsgw dev in this project, or pass a URL.",
  GATEWAY_UNREACHABLE: "Check that wsgw dev still runs. Restart it if an older wsgw started it.",
  GATEWAY_OTHER_VERSION: "Restart that gateway with this wsgw, or use the wsgw that started it.",
  HANDLER_INVALID:
    "Correct each function above. docs/definition.md describes handlers and runtimes.",
  HOOK_FAILED:
    "Correct the function under hooks in the definition; docs/deploying.md describes its argument and result.",
  HOST_UNUSABLE: "Choose an address of this machine with --host; 127.0.0.1 is the default.",
  INSPECT_PORT_FORBIDDEN:
    "Choose another first port with --inspect=PORT, from 1024 to 65535, with one port per function. 0 uses any free ports.",
  INSPECT_PORT_IN_USE:
    "Stop the other process, or choose another first port with --inspect=PORT; each function uses the next one.",
  INSTALL_FAILED:
    "The files are written. Fix what npm reports, then run npm install in the directory.",
  LOG_ROLE_NOT_FOUND:
    "Set a role under Settings in API Gateway's console, or omit deploy.logging and the logs of stages; see docs/definition.md.",
  NAME_INVALID:
    "Pass another with --name: lowercase letters, digits and hyphens, a letter first, 40 at most.",
  NOT_CODE_ONLY: "Run wsgw deploy without --code-only; CloudFormation then applies all changes.",
  NOT_DEPLOYABLE: "See docs/deploying.md for what can be deployed.",
  OUTPUT_UNUSABLE: "Pass a writable directory to --out.",
  OUTPUT_UNWRITABLE: "Pass a file in an existing, writable directory.",
  PACKAGE_INVALID: "See docs/deploying.md for what goes into a function's zip.",
  PORT_FORBIDDEN:
    "Choose another --port; those below 1024 often need more rights. --port 0 takes any that is free.",
  PORT_IN_USE: "Take the next port that is free with --port auto, or choose another --port.",
  PROJECT_UNWRITABLE:
    "wsgw writes builds to .wsgw next to the config file, or for a template to your cache directory. Make it writable and free some space, or set another with --state-dir.",
  PUBLIC_HOST_UNUSABLE:
    "Pass the name or address that other machines use to --public-host, without scheme and port: 192.168.1.5 or laptop.local.",
  SAMCONFIG_INVALID:
    "Correct the file. wsgw reads stack_name, region, template_file and parameter_overrides.",
  SEED_INVALID:
    "Write a seed as a JSON array of items, or one item per line, each with the table's key; see docs/tables.md.",
  ROLE_NOT_FOUND: "Create the role first, or omit it: wsgw then creates a role for the function.",
  STACK_NOT_FOUND: "Check the name, --region and --profile; wsgw deploy creates the stack.",
  STACK_STUCK: "Run the command again when CloudFormation can update the stack.",
  SUBPROTOCOL_REFUSED:
    'The $connect handler must return the selected one: headers: { "Sec-WebSocket-Protocol": … }.',
  TABLE_DIFFERS: "Delete the table or its --data directory, or give the table another name.",
  TABLE_UNAVAILABLE:
    "Check that the DynamoDB endpoint is running and that --dynamodb-endpoint is correct.",
  TABLE_UNKNOWN: "Run wsgw table list to see the tables of the running gateway.",
  TEMP_FOLDER_UNUSABLE: "Free some space there, or set another directory with TMPDIR.",
  TEMPLATE_INVALID:
    "Correct the template hook of the definition. Without a hook, this is a bug in wsgw; please report it.",
  USAGE: "Correct the option or argument. For a command, --help lists them.",
  WAIT_TIMED_OUT: "Check that the awaited event can still happen, or increase the time limit.",
} as const;

/** Identifies one kind of error; stable, so that scripts and tests may compare it. */
export type ErrorCode = keyof typeof HINTS;

/** Files that an error depends on, absolute: a change of one of them may fix it. */
export type FailureInputs = {
  readonly read: readonly string[];
  /** Files that were searched for and do not exist. */
  readonly missing: readonly string[];
};

/**
 * The only error that wsgw throws on purpose: something in the user's project or command line is wrong.
 * `message` says what, with the values; `hint` says what to do. Any other error that reaches the user is a
 * bug in wsgw.
 */
export class WsgwError extends Error {
  override readonly name = "WsgwError";
  readonly code: ErrorCode;
  readonly hint: string;
  /** Undefined if no files are known to fix it. */
  readonly failureInputs: FailureInputs | undefined;

  /** `hint` overrides the advice of the code, if the cause is known more precisely. */
  constructor(
    code: ErrorCode,
    message: string,
    options?: { cause?: unknown; failureInputs?: FailureInputs; hint?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.hint = options?.hint ?? HINTS[code];
    this.failureInputs = options?.failureInputs;
  }
}
