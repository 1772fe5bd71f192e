import type { IdentityDefinition } from "../../../definition/parts.ts";
import { type AccessDenied, deniedBody, deniedMessage } from "../../iam/rules/access-denied.ts";
import { parsePolicy } from "../../iam/rules/policy-document.ts";
import { evaluatePolicies } from "../../iam/rules/policy-evaluation.ts";
import { headerValue } from "../../iam/rules/raw-headers.ts";
import { createSigningKeys } from "../../iam/rules/sign-request.ts";
import type { IssuedKey } from "../../iam/rules/verify-signature.ts";
import { messageBody } from "../../network/rules/http-answer.ts";
import {
  type Rejection,
  type RejectionIds,
  rejectByIam,
} from "../connect/rules/rejection-responses.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Handshake } from "../ports.ts";
import type { SignerIdentity } from "../rules/event-types.ts";
import type { AskedHandshake } from "./authorizers.ts";
import {
  accessInWords,
  connectArn,
  INVOKE,
  invokeRequest,
  unknownIn,
} from "./rules/connect-permission.ts";
import { verifyHandshakeSignature } from "./rules/handshake-signature.ts";
import type { MockedIdentity } from "./rules/mocked-identity.ts";
import { type Signer, signerIdentity, userSigner } from "./rules/signer.ts";

type Parts = Pick<GatewayParts, "accountId" | "clock" | "iam" | "mocking" | "region">;

type SignedHandshake = AskedHandshake & {
  /** As received, because clients sign exactly that. */
  readonly handshake: Pick<Handshake, "url" | "rawHeaders">;
  readonly answerIds: RejectionIds;
  readonly identities: Readonly<Record<string, IdentityDefinition>>;
};

type Denied = AccessDenied & { readonly because: string };

/** Authorizes handshakes by their signatures and by the policies of their signers. */
export class IamAuthorization {
  readonly #parts: Parts;
  readonly #signingKeys = createSigningKeys();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Clients with a mock identity need not sign. */
  authorize(
    asked: SignedHandshake,
    mocked: MockedIdentity | undefined,
  ): { readonly kind: "allowed"; readonly signer: SignerIdentity } | Rejection {
    const signer = mocked === undefined ? this.#signerOf(asked) : this.#mockedSigner(mocked);
    if ("kind" in signer) return signer;
    const denied = this.#deniedTo(signer, asked);
    if (denied !== undefined) {
      const body = deniedBody(denied);
      return rejectByIam("AccessDeniedException", body, asked.answerIds, denied.because);
    }
    this.#parts.iam.warnOnce(ASSUMED_FIELDS);
    return { kind: "allowed", signer: signer.identity };
  }

  #signerOf({ handshake, answerIds, identities }: SignedHandshake): Signer | Rejection {
    const { clock, iam, mocking, region } = this.#parts;
    const read = verifyHandshakeSignature(handshake, {
      secretFor: (accessKeyId) => {
        const issued = iam.secretFor(accessKeyId);
        const { identity } = issued ?? {};
        // read again for each handshake: the definition of this identity may have changed
        return identity === undefined || Object.hasOwn(identities, identity) ? issued : undefined;
      },
      signingKeys: this.#signingKeys,
      region,
      now: clock.now(),
      mode: iam.mode,
      isForThisMachine: mocking.clientsMayMock,
    });
    if (read.kind === "rejected") {
      return rejectByIam(read.errorType, messageBody(read.message), answerIds, read.because);
    }
    const { accessKeyId, issued } = read;
    if (issued === undefined && iam.mode === "warn") iam.warnOnce(unverified(accessKeyId));
    return this.#holderOf(accessKeyId, issued, identities);
  }

  #holderOf(
    accessKey: string,
    { functionName, identity: name }: Partial<IssuedKey> = {},
    identities: SignedHandshake["identities"],
  ): Signer {
    const arn = functionName && this.#parts.iam.roleSessionOf(functionName);
    if (arn) return { identity: signerIdentity(arn, accessKey, this.#parts), functionName };
    return userSigner(
      name === undefined ? {} : { ...identities[name], name },
      accessKey,
      this.#parts,
    );
  }

  #mockedSigner(mocked: MockedIdentity): Signer {
    return userSigner(mocked, this.#parts.iam.keysOf(mocked).accessKeyId, this.#parts);
  }

  /** Why a signer may not connect. Undefined where it may, or where its policies are unknown. */
  #deniedTo(signer: Signer, asked: SignedHandshake): Denied | undefined {
    const { iam } = this.#parts;
    const { functionName, statements } = signer;
    if (functionName !== undefined) {
      const denied = iam.check({
        functionName,
        action: INVOKE,
        resource: () => connectArn(this.#parts, asked.identity),
        because: asked.requested,
      });
      return denied && { ...denied, because: deniedMessage(denied) };
    }
    if (statements === undefined || iam.mode === "off") return undefined;
    const denied = this.#judge(signer, statements, asked);
    if (denied === undefined || iam.mode === "enforce") return denied;
    iam.warnOnce(`${denied.because}. AWS rejects it with 403.`);
    return undefined;
  }

  #judge(
    { identity: { userArn, caller } }: Signer,
    statements: NonNullable<Signer["statements"]>,
    { identity: connection, handshake }: SignedHandshake,
  ): Denied | undefined {
    const parsed = parsePolicy({ Statement: statements });
    const problem =
      parsed.kind === "malformed" ? parsed.problem : unknownIn(parsed.policy.statements);
    if (parsed.kind === "malformed" || problem !== undefined) {
      this.#parts.iam.warnOnce(
        `Permissions of ${userArn} are not checked: in its policy, ${problem}.`,
      );
      return undefined;
    }
    const { clock } = this.#parts;
    const referer = headerValue(handshake.rawHeaders, "referer");
    const client = { ...connection.identity, referer };
    const request = invokeRequest(connectArn(this.#parts, connection), client, clock.now(), {
      "aws:principalarn": userArn,
      "aws:userid": caller ?? "",
      "aws:username": userArn.split("/").at(-1) ?? "",
    });
    const policies = [{ name: "statements", document: parsed.policy }];
    const decided = evaluatePolicies(policies, request);
    if (decided.decision === "allow") return undefined;
    const { action, resource } = request;
    const because = `the policy of ${userArn} ${accessInWords(decided, request)}`;
    return { caller: userArn, action, resource, decision: decided.decision, because };
  }
}

const ASSUMED_FIELDS =
  "requestContext.identity has accountId, accessKey, caller, user and userArn as with REST APIs. AWS does not document it for WebSocket APIs.";

function unverified(accessKeyId: string): string {
  return `wsgw did not issue the key ${accessKeyId}, so it does not verify its signatures.`;
}
