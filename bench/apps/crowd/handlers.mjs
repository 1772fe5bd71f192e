export { connect, disconnect } from "../connections/connections.mjs";
export { echo } from "../round-trip/handlers.mjs";
