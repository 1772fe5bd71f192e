export async function connect() {
  return { statusCode: 200 };
}

export async function whoami({ requestContext: { authorizer } }) {
  return { statusCode: 200, body: `${authorizer.username} of ${authorizer.groups || "no group"}` };
}

/** Something for admins only. */
export async function kick({ requestContext: { authorizer } }) {
  const isAdmin = authorizer.groups.split(",").includes("admin");
  return { statusCode: 200, body: isAdmin ? "kicked" : "You are not an admin." };
}
