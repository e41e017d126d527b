import { expect, test } from "vitest";
import { silent } from "../../test/support/silent-logger.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { KubeError } from "../kube/kube-error.ts";
import { createAskAccess } from "./ask-access.ts";
import { OwnIdentity } from "./own-identity.ts";

/** An API that answers reviews. */
function apiOf(answer: (object: KubeObject) => object | Error): Pick<KubeApi, "create"> {
  return {
    async create(_resource, _namespace, object) {
      const status = answer(object);
      if (status instanceof Error) throw status;
      return { ...object, status };
    },
  };
}

const user = { username: "eve", uid: "7", groups: ["dev"], extra: { team: ["red"] } };
const bind = { verb: "bind", kind: "AccessRole", name: "viewer" } as const;

test("The API server is asked for a verb on the object, by all that is known of the user", async () => {
  const asked: unknown[] = [];
  const ask = createAskAccess(
    apiOf(({ spec }) => {
      asked.push(spec);
      return { allowed: true };
    }),
  );
  expect(await ask(user, "shop", bind)).toBe(true);
  expect(asked).toEqual([
    {
      user: "eve",
      uid: "7",
      groups: ["dev"],
      extra: { team: ["red"] },
      resourceAttributes: {
        namespace: "shop",
        verb: "bind",
        group: "sidegate.dev",
        version: "v1alpha1",
        resource: "accessroles",
        name: "viewer",
      },
    },
  ]);
});

test.each([{ allowed: false }, {}, { allowed: "yes" }])("Anything but a yes is a no: %j", async (status) => {
  expect(await createAskAccess(apiOf(() => status))(user, "shop", bind)).toBe(false);
});

test("The operator learns its own name once, and asks again where it got no answer", async () => {
  const answers: (object | Error)[] = [
    new KubeError(0, "Unreachable", "no"),
    { userInfo: { username: "system:serviceaccount:a:b" } },
  ];
  const identity = new OwnIdentity(
    apiOf(() => answers.shift() ?? new Error("asked too often")),
    silent,
  );
  expect(await identity.username()).toBe("");
  expect(await identity.username()).toBe("system:serviceaccount:a:b");
  expect(await identity.username()).toBe("system:serviceaccount:a:b");
});
