import { describe, expect, it } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Gate } from "../identity/gate.ts";
import type { PeerIdentity } from "../identity/peer-identity.ts";
import { reviewCaller } from "./review-caller.ts";

const NODE = "authentication.kubernetes.io/node-name";
const sidecar = identity("system:serviceaccount:sidegate-system:node", { [NODE]: ["one"] });
const pay = identity("system:serviceaccount:shop:pay", { [NODE]: ["one"] }, 1_000);
const everything = { authorize: async () => {} };

describe("reviewCaller", () => {
  it("lets a pod ask about the domain of its namespace, by name or not", async () => {
    const answer = { domain: "shop", user: pay.user, expiresAt: 1_000 };
    expect(await review({ domain: "" })).toEqual(answer);
    expect(await review({ domain: "shop" })).toEqual(answer);
  });

  it("lets it ask about others that it may sync, and says how it may otherwise", async () => {
    expect(await review({ domain: "billing" })).toMatchObject({
      domain: "billing",
      refusal: { message: "not billing" },
    });
    expect(await review({ domain: "billing" }, { maySync: ["billing"] })).not.toHaveProperty("refusal");
  });

  it("refuses a token that the API server refuses", async () => {
    const caller = new SidegateError("SG2152", "who is that");
    expect(await review({}, { caller })).toEqual({
      refusal: { unauthenticated: true, message: "who is that" },
    });
  });

  it("refuses the token of a pod on another node", async () => {
    const caller = identity(pay.user, { [NODE]: ["two"] });
    expect(await review({}, { caller })).toMatchObject({
      refusal: { unauthenticated: true, message: expect.stringContaining('on node "two"') },
    });
  });

  it("can not tell nodes apart where the cluster does not say", async () => {
    expect(await review({}, { caller: identity(pay.user, {}) })).not.toHaveProperty("refusal");
  });

  it("refuses who is no service account", async () => {
    const caller = identity("alice", {});
    expect(await review({}, { caller })).toMatchObject({ refusal: { unauthenticated: true } });
  });

  it("rejects when nobody can tell, and when the sidecar itself may not have the domain", async () => {
    const away = new SidegateError("SG2156", "the API server is away");
    await expect(review({}, { caller: away })).rejects.toBe(away);
    const sidecars = { authorize: () => Promise.reject(new SidegateError("SG2155", "not you")) };
    await expect(review({}, { sidecars })).rejects.toThrow("not you");
  });
});

function identity(user: string, extra: PeerIdentity["extra"], expiresAt?: number): PeerIdentity {
  return { user, uid: "1", groups: [], extra, expiresAt };
}

function review(
  { domain = "" }: { domain?: string },
  given: {
    caller?: PeerIdentity | SidegateError;
    maySync?: string[];
    sidecars?: Pick<Gate, "authorize">;
  } = {},
) {
  const { caller = pay, maySync = [], sidecars = everything } = given;
  const callers: Gate = {
    async identify(headers) {
      expect(headers).toEqual(["Bearer secret"]);
      if (caller instanceof SidegateError) throw caller;
      return caller;
    },
    async authorize(_peer, asked) {
      if (!maySync.includes(asked)) throw new SidegateError("SG2155", `not ${asked}`);
    },
  };
  return reviewCaller(sidecar, { token: "secret", domain }, sidecars, callers);
}
