import { expect, test } from "vitest";
import type { Condition, SidegateObject } from "../../engine/model/objects.generated.ts";
import type { ObjectReference, RecordedEvent } from "../events/event-recorder.ts";
import { recordFindings } from "./record-findings.ts";

const condition = (type: string, status: string, reason: string, message: string) =>
  ({ type, status, reason, message, lastTransitionTime: "" }) as Condition;
const object = (kind: string, status?: object) =>
  ({
    apiVersion: "sidegate.dev/v1alpha1",
    kind,
    metadata: { name: "x", namespace: "shop", uid: "u", resourceVersion: "5" },
    status,
  }) as unknown as SidegateObject;
const accepted = condition("Accepted", "True", "Accepted", "Accepted; 1 grant is void");
const broken = condition("Satisfied", "False", "GrantsVoid", "1 grant is void");
const kept = condition("Satisfied", "True", "Satisfied", "Nothing breaks it");

test.each<[string, SidegateObject, object, string[]]>([
  [
    "a binding's first void grant",
    object("AccessRoleBinding"),
    { voidedTotal: 1, conditions: [accepted] },
    ["GrantsVoid Accepted; 1 grant is void"],
  ],
  [
    "one more void grant",
    object("AccessRoleBinding", { voidedTotal: 1 }),
    { voidedTotal: 2, conditions: [accepted] },
    ["GrantsVoid Accepted; 1 grant is void"],
  ],
  [
    "fewer of them",
    object("AccessRoleBinding", { voidedTotal: 2 }),
    { voidedTotal: 1, conditions: [accepted] },
    [],
  ],
  ["as many", object("AccessRoleBinding", { voidedTotal: 2 }), { conditions: [accepted] }, []],
  [
    "a new constraint that is broken",
    object("AccessConstraint"),
    { conditions: [broken] },
    ["GrantsVoid 1 grant is void"],
  ],
  [
    "a constraint that breaks",
    object("AccessConstraint", { conditions: [kept] }),
    { conditions: [broken] },
    ["GrantsVoid 1 grant is void"],
  ],
  [
    "one that stays broken",
    object("AccessConstraint", { conditions: [broken] }),
    { conditions: [broken] },
    [],
  ],
  ["one that is mended", object("AccessConstraint", { conditions: [broken] }), { conditions: [kept] }, []],
  ["another kind", object("AccessRole"), { conditions: [accepted] }, []],
])("%s", (_name, before, now, wanted) => {
  const recorded: [ObjectReference, RecordedEvent][] = [];
  recordFindings({ record: (...args) => recorded.push(args) }, before, before.status ?? {}, now);
  expect(recorded.map(([, { reason, message }]) => `${reason} ${message}`)).toEqual(wanted);
  for (const [about, { type }] of recorded)
    expect([about.namespace, about.uid, type]).toEqual(["shop", "u", "Warning"]);
});
