export { connect } from "../connections/connections.mjs";
export { echo } from "../round-trip/handlers.mjs";
