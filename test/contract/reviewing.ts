import { expect, test } from "vitest";
import { type ContractFixture, refused, succeeded } from "./contract-fixture.ts";

const TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
const ACCESS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Questions that are asked by creating an object: who has this token, and may somebody do something. */
export function describeReviewing(fixture: ContractFixture): void {
  const tokenReview = (spec: object) => ({
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: { name: "" },
    spec,
  });
  const accessReview = (spec: object) => ({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: { name: "" },
    spec,
  });
  const resourceAttributes = {
    verb: "sync",
    group: "sidegate.dev",
    resource: "accessdomains",
    namespace: "default",
  };

  test("a token that the server has not issued is nobody's", async () => {
    const answer = await fixture.post(TOKENS, tokenReview({ token: "a.b.c", audiences: ["sidegate.dev/x"] }));
    expect(answer.status, answer.text).toBe(201);
    const { authenticated, user, error } = succeeded(answer).status ?? {};
    expect([authenticated, user]).toEqual([undefined, {}]);
    expect(error).toContain("invalid bearer token");
    expect(answer.body.metadata?.name).toBeUndefined();
  });

  test("a review of no token is refused", async () => {
    refused(await fixture.post(TOKENS, tokenReview({ token: "" })), 400, "BadRequest");
  });

  test("a stranger may do nothing", async () => {
    const body = accessReview({ user: "stranger", resourceAttributes });
    const answer = await fixture.post(ACCESS, body);
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body.status).toEqual({ allowed: false });
  });

  test("a member of system:masters may do everything", async () => {
    const body = accessReview({ user: "stranger", groups: ["system:masters"], resourceAttributes });
    expect(succeeded(await fixture.post(ACCESS, body)).status).toMatchObject({ allowed: true });
  });

  test("an access review must say who and what", async () => {
    const nobody = accessReview({ user: "", resourceAttributes });
    refused(await fixture.post(ACCESS, nobody), 422, "Invalid");
    refused(await fixture.post(ACCESS, accessReview({ user: "stranger" })), 422, "Invalid");
  });

  test("reviews can not be read", async () => {
    refused(await fixture.get(TOKENS), 405, "MethodNotAllowed");
    refused(await fixture.get(ACCESS), 405, "MethodNotAllowed");
  });
}
