import type { CaseRequest } from "../../cli/cases/case-world.ts";
import type { AccessRole, SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build } from "../worlds/build.ts";
import type { CasbinRow } from "./casbin-data.ts";
import type { CasbinModel } from "./casbin-model.ts";
import { type Groups, limitsOf } from "./casbin-objects.ts";
import type { CasbinState } from "./casbin-replay.ts";
import { roleGraph } from "./casbin-roles.ts";
import { type Link, linksOf, matchesAny, type Policy, policiesOf, requestOf } from "./casbin-rows.ts";

/** A policy of casbin as objects, and its requests as requests to them. */
export interface CasbinWorld {
  readonly objects: readonly SidegateObject[];
  toRequest(values: CasbinRow): CaseRequest;
}

/**
 * Says a model and its policy in objects. Resources are of one type `object`, by name; actions are its verbs; domains are
 * organizations, and each has its own roles.
 *
 * @param requests those that will be asked: a pattern of actions stands for those that are known
 */
export function toWorld(model: CasbinModel, state: CasbinState, requests: readonly CasbinRow[]): CasbinWorld {
  const writer = new WorldWriter(model, state, requests);
  writer.write();
  return { objects: writer.objects, toRequest: (values) => writer.toRequest(values) };
}

const EVERYBODY = "Group:system:authenticated";
const EVERYTHING = [{ resources: ["*"], verbs: ["*"] }];

class WorldWriter {
  readonly objects: SidegateObject[] = [];
  readonly #model: CasbinModel;
  readonly #state: CasbinState;
  readonly #policies: readonly Policy[];
  readonly #links: readonly Link[];
  readonly #acts: readonly string[];
  readonly #domains: readonly string[];

  constructor(model: CasbinModel, state: CasbinState, requests: readonly CasbinRow[]) {
    this.#model = model;
    this.#state = state;
    const [policies, links] = [policiesOf(model, state), linksOf(state, "g")];
    const isRelation = model.subject === "relation";
    this.#policies = isRelation ? this.#relations(policies, links) : policies;
    this.#links = isRelation ? links.map((link) => ({ from: link.from, to: relationOf(link) })) : links;
    const asked = requests.map((values) => requestOf(model, values).act!);
    const said = model.act[0] === "equal" ? policies.map(({ act }) => act) : [];
    this.#acts = [...new Set([...asked, ...said])];
    const domains = hasDomains(model)
      ? [...policies.map(({ dom }) => dom), ...links.map(({ domain }) => domain)]
      : [];
    this.#domains = [
      ...new Set(domains.filter((each) => each !== undefined && !each.includes("*"))),
    ] as string[];
  }

  write(): void {
    const verbs = this.#acts.map((act) => ({ name: this.#verb(act) }));
    const level = hasDomains(this.#model) ? "Organization" : "Platform";
    this.#put(build("PermissionCatalog", "objects", { resources: [{ name: "object", level, verbs }] }));
    if (hasDomains(this.#model)) for (const domain of this.#domains) this.#writeDomain(domain);
    else this.#writeRoles(this.#policies, this.#links, undefined);
    const { free, allowsByDefault } = this.#model;
    for (const { subject, objects } of free) {
      const rules = objects === undefined ? EVERYTHING : [{ ...EVERYTHING[0]!, names: objects }];
      this.#give(this.#role(rules), subject === undefined ? EVERYBODY : `User:${subject}`, "platform");
    }
    if (allowsByDefault) this.#give(this.#role(EVERYTHING), EVERYBODY, "platform");
  }

  toRequest(values: CasbinRow): CaseRequest {
    const { sub, dom, obj, act } = requestOf(this.#model, values);
    const domain = this.#model.roleDomain === "resource" ? this.#domainOf(obj!) : dom;
    return {
      ...{ subjectKind: "User", subjectName: sub ?? "anybody", groups: [], activeRoles: [] },
      ...{ permission: `object:${this.#verb(act!)}`, resourceName: obj ?? "" },
      scope: domain === undefined ? "platform" : `organization/${this.#organization(domain)}`,
    };
  }

  #writeDomain(domain: string): void {
    const { matching } = this.#state;
    const functions = this.#model.domain!;
    const by = matching["g:domain"] ?? (functions.includes("keymatch") ? "keymatch" : "equal");
    const policies = this.#policies.filter(({ dom }) => matchesAny(functions, domain, dom!));
    const links = this.#links.filter((link) => matchesAny([by], domain, link.domain!));
    this.#put(build("Organization", this.#organization(domain), { displayName: domain }));
    const users = this.#writeRoles(policies, links, domain);
    for (const name of users) {
      const spec = { organization: this.#organization(domain), subject: { kind: "User", name } } as const;
      this.#put(build("Membership", `member-${this.objects.length}`, spec));
    }
  }

  /** Gives the users who have bindings. */
  #writeRoles(policies: readonly Policy[], links: readonly Link[], domain: string | undefined): Set<string> {
    const { subject, object } = this.#model;
    const { matching } = this.#state;
    const scope = domain === undefined ? "platform" : `organization/${this.#organization(domain)}`;
    const groups: Groups =
      object === "groupsInDomain"
        ? { links, by: matching.g ?? "equal" }
        : { links: linksOf(this.#state, "g2"), by: matching.g2 ?? "equal" };
    if (subject === "everybody" || subject === "expression") {
      const rules = policies.flatMap((policy) => this.#rules(policy, groups));
      this.#give(this.#role(rules), EVERYBODY, scope);
      return new Set();
    }
    const roleLinks = subject === "equal" ? [] : links;
    const graph = roleGraph(policies, roleLinks, (subject !== "equal" && matching.g) || "equal");
    const first = this.objects.length;
    const names = new Map([...graph.nodes.keys()].map((node, index) => [node, `role-${first + index}`]));
    for (const { name, policies, includes } of graph.nodes.values()) {
      const rules = policies.flatMap((policy) => this.#rules(policy, groups));
      const included = [...includes].map((each) => names.get(each)!);
      this.#role(rules, included, domain, names.get(name), name);
    }
    const users = new Set<string>();
    for (const { node, subject, when, link } of graph.given) {
      if (subject.kind === "User") users.add(subject.name);
      this.#give(names.get(node)!, `${subject.kind}:${subject.name}`, scope, {
        ...(when !== undefined && { when }),
        ...(link?.notBefore !== undefined && { notBefore: instant(link.notBefore) }),
        ...(link?.expiresAt !== undefined && { expiresAt: instant(link.expiresAt) }),
      });
    }
    return users;
  }

  #rules(policy: Policy, groups: Groups): Rules {
    if (policy.eft !== "allow" && policy.eft !== "deny") return [];
    const verbs = this.#acts.filter((act) => matchesAny(this.#model.act, act, policy.act));
    if (verbs.length === 0) return [];
    const { subject, object } = this.#model;
    const model = subject === "relation" ? { ...this.#model, object: ["equal"] } : { ...this.#model, object };
    return limitsOf(model, policy, groups).map((limits) => ({
      ...(policy.eft === "deny" && { effect: "Deny" as const }),
      ...{ resources: ["object"], verbs: verbs.map((act) => this.#verb(act)) },
      ...limits,
    }));
  }

  /** What a relation to a resource allows there, as policies of its own. */
  #relations(policies: readonly Policy[], links: readonly Link[]): Policy[] {
    const types = linksOf(this.#state, "g2");
    return links.flatMap((link) =>
      policies
        .filter(({ role, obj_type }) => {
          return role === link.domain && types.some(({ from, to }) => from === link.to && to === obj_type);
        })
        .map(({ act, eft }) => ({ sub: relationOf(link), obj: link.to, act, eft })),
    );
  }

  #domainOf(object: string): string {
    return linksOf(this.#state, "g2").find(({ from }) => from === object)!.to;
  }

  #role(
    rules: Rules,
    includes: readonly string[] = [],
    domain?: string,
    name = `role-${this.objects.length}`,
    displayName?: string,
  ): string {
    const spec = {
      ...(displayName !== undefined && { displayName }),
      ...(domain !== undefined && { organization: this.#organization(domain) }),
      assignableAt: [domain === undefined ? "Platform" : "Organization"] as const,
      ...{ rules, includes },
    };
    this.#put(build("AccessRole", name, spec));
    return name;
  }

  #give(role: string, subject: string, scope: string, spec = {}): void {
    this.#put(binding(`binding-${this.objects.length}`, role, subject, scope, spec));
  }

  #put(object: SidegateObject): void {
    this.objects.push(object);
  }

  #verb(act: string): string {
    return /^[A-Za-z]+$/.test(act) ? act : `act-${this.#acts.indexOf(act)}`;
  }

  #organization(domain: string): string {
    return `domain-${this.#domains.indexOf(domain) + 1}`;
  }
}

type Rules = NonNullable<AccessRole["spec"]["rules"]>;

function hasDomains({ domain, roleDomain }: CasbinModel): boolean {
  return domain !== undefined || roleDomain !== undefined;
}

/** The role of whoever stands in a relation to a resource. */
function relationOf({ to, domain }: Link): string {
  return `${domain} of ${to}`;
}

/** An instant of casbin in RFC 3339. Sidegate has none before 1970, and the year 0 is as much over as 1971. */
function instant(text: string): string {
  return `${text.replace(" ", "T").replace(/^0000/, "1971")}Z`;
}
