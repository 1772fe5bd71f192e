import { defineApi } from "wsgw";

// A chat in three Lambda functions: every client gets what one of them sends. `npm start` serves
// it on this machine. The page docs/definition.md of wsgw describes every field.
export default defineApi({
  name: "chat",
  description: "Sends every message to everybody who is connected",

  // A message chooses its route by its field "message":
  // {"message": "sendmessage", "data": "hello world !"} goes to the route sendmessage.
  routeSelectionExpression: "$request.body.message",

  // The first part of the URL's path: wss://….amazonaws.com/v1
  stage: { name: "v1", description: "The only stage" },

  // Written as on Lambda: path.export, from the folder of this file.
  // On AWS each may use the table below and post to connections; `roleStatements` would allow more.
  functions: {
    connect: { handler: "src/handlers/connect.handler" },
    disconnect: { handler: "src/handlers/disconnect.handler" },
    // Posting to a thousand connections takes longer than Lambda's 3 seconds.
    sendmessage: { handler: "src/handlers/sendmessage.handler", timeout: 29 },
  },

  routes: {
    // When a client connects; it gets in if the function answers with a status of 2xx.
    $connect: { function: "connect", operationName: "ConnectRoute" },
    // After a connection has ended, whoever ended it.
    $disconnect: { function: "disconnect", operationName: "DisconnectRoute" },
    // Every other key is one that messages choose. `$default` would take those that no route fits.
    sendmessage: { function: "sendmessage", operationName: "SendRoute" },
  },

  // Where the functions keep the ids of the open connections. They find the table's name in
  // process.env.CONNECTIONS_TABLE; each item has one attribute, the connection's id.
  connectionTable: {
    environmentVariable: "CONNECTIONS_TABLE",
    attribute: "connectionID",
    capacity: { read: 5, write: 5 },
  },
});
