export const open = async ({ requestContext: { identity } }) => {
  console.log(`${identity.userArn} connects`);
  return { statusCode: 200 };
};

export const who = async ({ requestContext: { identity } }) => ({
  statusCode: 200,
  body: `you are ${identity.userArn}`,
});
