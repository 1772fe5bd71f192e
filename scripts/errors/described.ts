import type { ErrorCode } from "../../src/errors.ts";
import { type Described, ON_AWS } from "./described-aws.ts";

const HERE = {
  FILES_EXIST: {
    when: "`wsgw init` found files that it would have to overwrite.",
    page: "init.md",
  },
  FOLDER_UNUSABLE: { when: "`wsgw init` cannot write into the folder.", page: "init.md" },
  INSTALL_FAILED: {
    when: "`wsgw init` wrote the project, and npm could not install its packages.",
    page: "init.md",
  },
  NAME_INVALID: {
    when: "The name for a new project is none that packages and stacks may have.",
    page: "init.md",
  },
  CERTIFICATE_FAILED: {
    when: "The certificates in `.wsgw` cannot be read, made or written.",
    says: "The certificates in {folder} cannot be used: {why}.",
    page: "dev.md",
  },
  COMMAND_UNUSABLE: {
    when: "The program behind `wsgw dev --` cannot be started.",
    page: "dev.md",
  },
  CONFIG_INVALID: {
    when: "The definition can be read and says something that an API cannot be; every fault is listed.",
    says: "{place}: {value} is not an API definition, which is an object with name, functions and routes.",
    page: "definition.md",
  },
  CONFIG_NOT_FOUND: {
    when: "There is no config file and no template with a WebSocket API, neither in this folder nor above it, nor where `--config` or `--template` says.",
    says: "The config file {file} does not exist.",
    page: "definition.md",
  },
  CONFIG_UNREADABLE: {
    when: "The config file cannot be opened, compiled or run.",
    says: "{file} cannot be read: {why}.",
    page: "definition.md",
  },
  DATA_UNUSABLE: {
    when: "The folder of the tables cannot be written, or another gateway has it open.",
    says: "The folder {folder} cannot be used: {why}.",
    page: "tables.md",
  },
  DEFINITION_AMBIGUOUS: {
    when: "Several files of a folder define a WebSocket API, such as two templates, and none is `wsgw.config.*`.",
    says: "{files} in {folder} each define a WebSocket API.",
    page: "your-project.md",
  },
  DEFINITION_UNSUPPORTED: {
    when: "The project is of a tool that wsgw does not read.",
    says: "{file} belongs to a project of {tool}, which wsgw does not read.",
    page: "your-project.md",
  },
  DYNAMODB_PORT_UNUSABLE: {
    when: "The built-in DynamoDB cannot listen on the port that `--dynamodb-port` names.",
    says: "The DynamoDB cannot listen on port {port} of 127.0.0.1: {why}.",
    page: "tables.md",
  },
  ENV_FILE_UNREADABLE: {
    when: "The file of `--env-file` does not exist or cannot be read.",
    says: "{file} cannot be read: {why}.",
    page: "dev.md",
  },
  ENV_VARS_INVALID: {
    when: "The file of `--env-vars` cannot be read, or is not in the format of SAM's command line.",
    says: "{file}: {problem}",
    page: "dev.md",
  },
  FUNCTION_UNKNOWN: {
    when: "The definition has no function of this name.",
    says: 'There is no function "{name}"; the API has {names}.',
    page: "invoke.md",
  },
  GATEWAY_NOT_FOUND: {
    when: "A command needs the running gateway of this project, and none runs.",
    says: "No gateway runs in {folder} or a folder above it.",
    page: "dev.md",
  },
  GATEWAY_UNREACHABLE: {
    when: "A gateway is announced in `.wsgw/running` and does not answer as one.",
    says: "{url} cannot be called: {why}.",
    page: "dev.md",
  },
  GATEWAY_OTHER_VERSION: {
    when: "A command asks a gateway that a wsgw of another version runs.",
    says: "The gateway at {url} is of another version of wsgw, which this one cannot ask.",
    page: "dev.md",
  },
  HANDLER_INVALID: {
    when: "Handlers are missing, cannot be built, lack their export or what would run them; each is listed.",
    says: 'Function "{name}" has the handler "{handler}", which Lambda refuses: write path.export, without ".." in it.',
    page: "definition.md",
  },
  HOST_UNUSABLE: {
    when: "The address to listen on is none of this machine.",
    says: "Nothing can listen on {host}: {why}.",
    page: "dev.md",
  },
  PUBLIC_HOST_UNUSABLE: {
    when: "What `--public-host` names is no host name and no address, or `auto` found none.",
    says: '"{name}" is no host name and no IP address.',
    page: "dev.md",
  },
  INSPECT_PORT_FORBIDDEN: {
    when: "A port that debuggers are to attach to is none that this user may listen on, as often those below 1024.",
    says: 'Port {port}, for the debugger of "{name}", cannot be used: {why}.',
    page: "debugging.md",
  },
  INSPECT_PORT_IN_USE: {
    when: "Another process holds a port that debuggers are to attach to.",
    page: "debugging.md",
  },
  OUTPUT_UNUSABLE: {
    when: "The folder of `--out` cannot be written, or is one that must not be replaced.",
    says: "{folder} cannot be written: {why}.",
    page: "deploying.md",
  },
  OUTPUT_UNWRITABLE: {
    when: "The file of `--out` cannot be written.",
    says: "{file} cannot be written: {why}.",
    page: "deploying.md",
  },
  PROJECT_UNWRITABLE: {
    when: "The folder where wsgw keeps what it builds cannot be written: the disk is full, or the project read-only.",
    says: "{file} cannot be written: {why}.",
    page: "doctor.md",
  },
  PORT_FORBIDDEN: {
    when: "The system lets this user not listen on the port, as often on those below 1024.",
    says: "This user may not listen on port {port} of {host}.",
    page: "dev.md",
  },
  PORT_IN_USE: {
    when: "Another process listens on the port.",
    says: "Port {port} is in use by process {pid} ({command}).",
    page: "dev.md",
  },
  SAMCONFIG_INVALID: {
    when: "`samconfig.toml` or `samconfig.yaml` cannot be read, or lacks the environment of `--config-env`.",
    says: "{file}:{line}:{column}: {problem}",
    page: "dev.md",
  },
  SEED_INVALID: {
    when: "A file of items cannot be read, or has items that the table cannot hold; each is listed.",
    says: "{item} cannot be put into {table}: {why}.",
    page: "tables.md",
  },
  TABLE_DIFFERS: {
    when: "A table exists already with other keys or indexes than the definition gives it.",
    says: "Table {name} exists with {keys}, but is defined with {keys}.",
    page: "tables.md",
  },
  TABLE_UNAVAILABLE: {
    when: "The DynamoDB that `--dynamodb-endpoint` names does not answer.",
    says: "DynamoDB at {url} cannot be used: {why}.",
    page: "tables.md",
  },
  TABLE_UNKNOWN: {
    when: "The API of the running gateway has no table of this name.",
    says: 'There is no table "{name}"; the API has {names}.',
    page: "tables.md",
  },
  USAGE: {
    when: "Options or words of a command do not go together.",
    says: "Which event is {function} to get? {routes}.",
    page: "invoke.md",
  },
} as const satisfies Readonly<Record<string, Described>>;

const CLIENTS = {
  CERTIFICATE_REFUSED: {
    when: "A server asks clients for a certificate, and got none or one that it does not take.",
    says: "{url} did not let this client in: {why}.",
    page: "send.md",
  },
  CERTIFICATE_UNTRUSTED: {
    when: "A server shows a certificate that nothing here vouches for.",
    says: "{url} has a certificate that is not trusted: {why}.",
    page: "send.md",
  },
  CONNECTION_CLOSED: {
    when: "A connection ended before what was awaited came.",
    says: "The connection to {url} is being closed.",
    page: "testing.md",
  },
  CONNECTION_FAILED: {
    when: "Nothing that speaks WebSocket answers at the URL.",
    says: "Cannot connect to {url}: {why}.",
    page: "send.md",
  },
  CONNECTION_REFUSED: {
    when: "In a test, the gateway refused a handshake: `$connect` returned no 2xx, or failed.",
    page: "testing.md",
  },
  EXPECTATION_FAILED: {
    when: "In a test, something else came than was expected.",
    says: "The next message is no JSON: {text}.",
    page: "testing.md",
  },
  SUBPROTOCOL_REFUSED: {
    when: "The handshake offered sub-protocols, and the answer chose none of them.",
    says: "{url} did not agree on a sub-protocol: {why}.",
    page: "send.md",
  },
  WAIT_TIMED_OUT: {
    when: "What was awaited did not come in time.",
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

/** Every code; a new one does not compile without a row above. */
export const DESCRIBED: Readonly<Record<ErrorCode, Described>> = { ...HERE, ...CLIENTS, ...ON_AWS };
