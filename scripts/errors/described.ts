import type { ErrorCode } from "../../src/errors.ts";
import { type Described, ON_AWS } from "./described-aws.ts";

const HERE = {
  FILES_EXIST: {
    when: "`wsgw init` would overwrite existing files.",
    page: "init.md",
  },
  FOLDER_UNUSABLE: { when: "`wsgw init` cannot write to the directory.", page: "init.md" },
  INSTALL_FAILED: {
    when: "`wsgw init` wrote the project, but `npm install` failed.",
    page: "init.md",
  },
  NAME_INVALID: {
    when: "The name of the new project is not valid for packages and stacks.",
    page: "init.md",
  },
  CERTIFICATE_FAILED: {
    when: "wsgw cannot read, create or write the certificates in `.wsgw`.",
    says: "wsgw cannot use the certificates in {directory}: {why}.",
    page: "unchanged-handlers.md",
  },
  COMMAND_UNUSABLE: {
    when: "The program after `wsgw dev --` cannot start.",
    page: "dev.md",
  },
  CONFIG_INVALID: {
    when: "The definition is readable but not valid. The message lists every error.",
    says: "{place}: {value} is not an API definition. A definition is an object with name, functions and routes.",
    page: "definition.md",
  },
  CONFIG_NOT_FOUND: {
    when: "wsgw found no config file and no template with a WebSocket API, in this directory or a parent. Or the file of `--config` or `--template` does not exist.",
    says: "The config file {file} does not exist.",
    page: "your-project.md",
  },
  CONFIG_UNREADABLE: {
    when: "wsgw cannot open, compile or run the config file.",
    says: "{file} cannot be read: {why}.",
    page: "definition.md",
  },
  DATA_UNUSABLE: {
    when: "The directory of the tables is not writable, or another gateway uses it.",
    says: "wsgw cannot use the directory {directory}: {why}.",
    page: "tables.md",
  },
  DEFINITION_AMBIGUOUS: {
    when: "Several files of a directory define a WebSocket API, such as two templates. None of them is `wsgw.config.*`, which would take precedence.",
    says: "{files} in {directory} each define a WebSocket API.",
    page: "your-project.md",
  },
  DEFINITION_UNSUPPORTED: {
    when: "The project uses a tool that wsgw does not read.",
    says: "{file} belongs to a project of {tool}, which wsgw does not read.",
    page: "your-project.md",
  },
  DYNAMODB_PORT_UNUSABLE: {
    when: "The built-in DynamoDB cannot listen on the port of `--dynamodb-port`.",
    says: "The DynamoDB cannot listen on port {port} of 127.0.0.1: {why}.",
    page: "tables.md",
  },
  ENV_FILE_UNREADABLE: {
    when: "The file of `--env-file` does not exist or is not readable.",
    says: "{file} cannot be read: {why}.",
    page: "dev.md",
  },
  ENV_VARS_INVALID: {
    when: "The file of `--env-vars` is not readable, or not in the format of the SAM CLI.",
    says: "{file}: {problem}",
    page: "your-project.md",
  },
  FUNCTION_UNKNOWN: {
    when: "The definition does not have a function with this name.",
    says: 'There is no function "{name}". The API has {names}.',
    page: "invoke.md",
  },
  GATEWAY_NOT_FOUND: {
    when: "A command needs a running gateway of this project, but none is running.",
    says: "No gateway runs in {directory} or a parent directory.",
    page: "dev.md",
  },
  GATEWAY_UNREACHABLE: {
    when: "`.wsgw/running` names a gateway that does not answer.",
    says: "{url} does not answer: {why}.",
    page: "dev.md",
  },
  GATEWAY_OTHER_VERSION: {
    when: "A command calls a gateway of another wsgw version.",
    says: "The gateway at {url} runs another version of wsgw, which does not understand this one.",
    page: "dev.md",
  },
  HANDLER_INVALID: {
    when: "Handlers are missing, do not build, lack their export, or lack a runtime. The message lists each.",
    says: 'Function "{name}" has the handler "{handler}", which Lambda rejects. Write path.export, without "..".',
    page: "definition.md",
  },
  HOST_UNUSABLE: {
    when: "The address to listen on does not belong to this machine.",
    says: "Nothing can listen on {host}: {why}.",
    page: "dev.md",
  },
  PUBLIC_HOST_UNUSABLE: {
    when: "The value of `--public-host` is not a host name or an address, or `auto` found no address.",
    says: '"{name}" is neither a host name nor an IP address.',
    page: "dev.md",
  },
  INSPECT_PORT_FORBIDDEN: {
    when: "This user may not listen on a port for debuggers. Ports below 1024 often need more rights.",
    says: 'Port {port}, for the debugger of "{name}", cannot be used: {why}.',
    page: "debugging.md",
  },
  INSPECT_PORT_IN_USE: {
    when: "Another process uses a port for debuggers.",
    page: "debugging.md",
  },
  OUTPUT_UNUSABLE: {
    when: "The directory of `--out` is not writable, or must not be replaced.",
    says: "{directory} cannot be written: {why}.",
    page: "deploying.md",
  },
  OUTPUT_UNWRITABLE: {
    when: "The file of `--out` is not writable.",
    says: "{file} cannot be written: {why}.",
    page: "deploying.md",
  },
  PROJECT_UNWRITABLE: {
    when: "wsgw cannot write to the directory for builds: the disk is full, or the project is read-only.",
    says: "{file} cannot be written: {why}.",
    page: "doctor.md",
  },
  PORT_FORBIDDEN: {
    when: "This user may not listen on the port. Ports below 1024 often need more rights.",
    says: "This user may not listen on port {port} of {host}.",
    page: "dev.md",
  },
  PORT_IN_USE: {
    when: "Another process listens on the port.",
    says: "Port {port} is in use by process {pid} ({command}).",
    page: "dev.md",
  },
  SAMCONFIG_INVALID: {
    when: "`samconfig.toml` or `samconfig.yaml` is not readable, or does not have the environment of `--config-env`.",
    says: "{file}:{line}:{column}: {problem}",
    page: "your-project.md",
  },
  SEED_INVALID: {
    when: "A file of items is not readable, or has items that do not fit the table. The message lists each.",
    says: "{item} does not fit table {table}: {why}.",
    page: "tables.md",
  },
  TABLE_DIFFERS: {
    when: "A table already exists with other keys or indexes than in the definition.",
    says: "Table {name} exists with {keys}, but the definition has {keys}.",
    page: "tables.md",
  },
  TABLE_UNAVAILABLE: {
    when: "The DynamoDB at `--dynamodb-endpoint` does not answer.",
    says: "DynamoDB at {url} cannot be used: {why}.",
    page: "tables.md",
  },
  TABLE_UNKNOWN: {
    when: "The API of the running gateway does not have a table with this name.",
    says: 'There is no table "{name}". The API has {names}.',
    page: "tables.md",
  },
  USAGE: {
    when: "The options or arguments of a command do not fit together.",
    says: "Which event should {function} get? {routes}.",
    page: "invoke.md",
  },
} as const satisfies Readonly<Record<string, Described>>;

const CLIENTS = {
  CERTIFICATE_REFUSED: {
    when: "A server requires a client certificate, and got none or rejected it.",
    says: "{url} rejected this client: {why}.",
    page: "send.md",
  },
  CERTIFICATE_UNTRUSTED: {
    when: "A server's certificate is signed by an authority that this machine does not trust.",
    says: "{url} has an untrusted certificate: {why}.",
    page: "send.md",
  },
  CONNECTION_CLOSED: {
    when: "A connection ended before the awaited message came.",
    says: "The connection to {url} is closing.",
    page: "testing.md",
  },
  CONNECTION_FAILED: {
    when: "No WebSocket server answers at the URL.",
    says: "Cannot connect to {url}: {why}.",
    page: "send.md",
  },
  CONNECTION_REFUSED: {
    when: "In a test, the gateway rejected a handshake: `$connect` did not return 2xx, or failed.",
    page: "testing.md",
  },
  EXPECTATION_FAILED: {
    when: "In a test, something other than expected came.",
    says: "The next message is not JSON: {text}.",
    page: "testing.md",
  },
  SUBPROTOCOL_REFUSED: {
    when: "The handshake offered subprotocols, and the response selected none of them.",
    says: "{url} did not select a subprotocol: {why}.",
    page: "send.md",
  },
  WAIT_TIMED_OUT: {
    when: "An awaited message or event did not come in time.",
    says: "The connection was not closed within {ms} ms.",
    page: "testing.md",
  },
} as const satisfies Readonly<Record<string, Described>>;

/** By the headings of docs/errors.md. */
export const AREAS: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  "On this machine": HERE,
  "Clients and tests": CLIENTS,
  "On AWS": ON_AWS,
};

/** Every code; a new one does not compile without an entry above. */
export const DESCRIBED: Readonly<Record<ErrorCode, Described>> = { ...HERE, ...CLIENTS, ...ON_AWS };
