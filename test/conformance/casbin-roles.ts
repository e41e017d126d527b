import { matching } from "./casbin-objects.ts";
import { isPattern, patternFunctions, toRegularExpression } from "./casbin-patterns.ts";
import type { Link, Policy } from "./casbin-rows.ts";

/** A name of casbin's role graph, which may be a user's, a role's or both. */
export interface Node {
  readonly name: string;
  readonly policies: Policy[];
  readonly includes: Set<string>;
}

/** Who is given the role of a node. */
export interface Given {
  readonly node: string;
  readonly subject: { readonly kind: "User" | "Group"; readonly name: string };
  readonly when?: string;
  readonly link?: Link;
}

export interface RoleGraph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly given: readonly Given[];
}

/**
 * Makes roles of names: who has links to others and is nobody's role is a subject that is given these, all others include
 * what they have links to.
 *
 * @param by the function that matches names, in lower case; "equal" without
 */
export function roleGraph(policies: readonly Policy[], links: readonly Link[], by: string): RoleGraph {
  const nodes = new Map<string, Node>();
  const at = (name: string): Node => {
    const node = nodes.get(name) ?? { name, policies: [], includes: new Set() };
    nodes.set(name, node);
    return node;
  };
  for (const policy of policies) at(policy.sub!).policies.push(policy);
  const roles = new Set(links.map(({ to }) => at(to).name));
  const matched = [...nodes.keys()].filter((name) => isPattern(by, name));
  for (const role of roles) {
    const patterns = matched.filter((name) => name !== role && patternFunctions[by]!(role, name));
    for (const pattern of patterns) at(role).includes.add(pattern);
  }
  const given: Given[] = [];
  for (const link of links) {
    if (!roles.has(link.from)) given.push({ node: link.to, ...receiver(link.from, by), link });
    else if (hasWindow(link)) throw new Error(`${link.from} has ${link.to} for a time, and both are roles`);
    else at(link.from).includes.add(link.to);
  }
  for (const { name } of nodes.values()) given.push({ node: name, ...receiver(name, by) });
  return { nodes, given };
}

function receiver(name: string, by: string): Omit<Given, "node" | "link"> {
  if (!isPattern(by, name)) return { subject: { kind: "User", name } };
  const when = matching("subject", toRegularExpression(by, name)!);
  return { subject: { kind: "Group", name: "system:authenticated" }, when };
}

function hasWindow({ notBefore, expiresAt }: Link): boolean {
  return notBefore !== undefined || expiresAt !== undefined;
}
