import fc, { type Arbitrary } from "fast-check";
import { FAILING } from "./names.ts";
import { weighted } from "./often.ts";

/** Conditions on one fact each. Much of it is not always there, and a few are none at all. */
const atoms = [
  "true",
  "false",
  "context.mfa",
  "context.mfa == true",
  "context.level > 1",
  "has(context.level) && context.level < 3",
  "subject.name == 'ann'",
  "subject.kind == 'ServiceAccount'",
  "'ops' in subject.groups",
  "subject.groups.exists(g, g.startsWith('token:'))",
  "subject.attributes.team == 'red'",
  "has(subject.attributes.team)",
  "resource.attributes.owner == subject.name",
  "has(resource.attributes.owner)",
  "resource.name == 'x'",
  "has(resource.name)",
  "resource.type == 'doc'",
  "scope.kind == 'Environment'",
  "scope.name == 'a'",
  "scope.type == 'production'",
  "has(scope.type)",
  "scope.attributes.tier == 'gold'",
  "organization.name == 'a'",
  "organization.attributes.tier == 'gold'",
  "has(workspace.name)",
  "workspace.attributes.tier == 'gold'",
  "member.attributes.team == 'red'",
  "has(member.attributes.team)",
  "token.claims.tier == 'gold'",
  "has(token.claims.tier)",
  "now < timestamp('2024-01-01T12:00:00.5Z')",
  "1 +",
  "subject.name",
] as const;

const atom = fc.constantFrom(...atoms);

/** A condition, as the one that always fails at its plainest. Errors meet `&&`, `||` and `!` on either side. */
export const condition: Arbitrary<string> = weighted<string>(
  [2, FAILING],
  [8, atom],
  [2, fc.tuple(atom, atom).map(([one, other]) => `(${one}) || (${other})`)],
  [2, fc.tuple(atom, atom).map(([one, other]) => `(${one}) && (${other})`)],
  [1, atom.map((one) => `!(${one})`)],
  [
    1,
    fc.constantFrom(`${FAILING} || true`, `true || ${FAILING}`, `${FAILING} && false`, `false && ${FAILING}`),
  ],
);
