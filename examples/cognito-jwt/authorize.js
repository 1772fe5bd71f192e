import { createRemoteJWKSet, jwtVerify } from "jose";

const { USER_POOL_ID, CLIENT_ID } = process.env;
const region = USER_POOL_ID.split("_")[0];
const issuer = `https://cognito-idp.${region}.amazonaws.com/${USER_POOL_ID}`;
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

/** Lets in who brings an access token of the user pool. */
export async function handler({ methodArn, queryStringParameters: { token } }) {
  const claims = await verified(token);
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }],
    },
    context: {
      username: claims.username,
      groups: (claims["cognito:groups"] ?? []).join(","),
    },
  };
}

async function verified(token) {
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["RS256"] });
    if (payload.token_use === "access" && payload.client_id === CLIENT_ID) return payload;
  } catch (error) {
    console.log(error.message);
  }
  throw new Error("Unauthorized"); // API Gateway answers 401 to this text, and 500 to any other
}
