// Handlers as one writes them for AWS. Each line "REPORT {…}" says what a handler saw.
const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");

const report = (what) => console.log(`REPORT ${JSON.stringify(what)}`);

exports.authorize = async ({ queryStringParameters, methodArn }) => ({
  principalId: "ann",
  context: { role: "admin" },
  policyDocument: {
    Version: "2012-10-17",
    Statement: [
      {
        Action: "execute-api:Invoke",
        Effect: queryStringParameters.token === "good" ? "Allow" : "Deny",
        Resource: methodArn,
      },
    ],
  },
});

exports.connect = async ({ queryStringParameters, requestContext }) => {
  report({ connect: requestContext.authorizer ?? null });
  return { statusCode: queryStringParameters?.refuse === undefined ? 200 : 418 };
};

exports.disconnect = async ({ requestContext: { disconnectStatusCode, disconnectReason } }) => {
  report({ disconnect: [disconnectStatusCode, disconnectReason] });
  return { statusCode: 200 };
};

/** Posts to the connection that the message names, or to its own. */
exports.post = async ({ body, requestContext: { connectionId, domainName, stage } }) => {
  const { to = connectionId, local = false } = JSON.parse(body);
  const endpoint = local ? process.env.LOCAL_ENDPOINT : `https://${domainName}/${stage}`;
  const api = new ApiGatewayManagementApi({ endpoint, maxAttempts: 1 });
  try {
    await api.postToConnection({ ConnectionId: to, Data: "posted" });
    report({ post: 200 });
  } catch (error) {
    report({ post: error.$metadata?.httpStatusCode ?? error.code ?? error.name });
  }
  return { statusCode: 200 };
};

exports.answer = async () => ({ statusCode: 200, body: "answered" });

exports.fail = async () => {
  throw new Error("on purpose");
};
