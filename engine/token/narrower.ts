import type { JsonObject } from "../model/json.ts";
import { quote } from "../model/quote.ts";
import { hasBit, type LoadedCatalog } from "../policy/loaded-catalog.ts";
import type { Narrowing, NarrowingMember } from "./narrowing.ts";

/** What decides about a permission: a member of the claim, or undefined where none does. */
interface Deciding {
  readonly keeps: boolean;
  readonly member: NarrowingMember | undefined;
  /** Whether the member could match, its attribute not being sent, and would take the permission away. */
  readonly isUnknown: boolean;
}

/** Unknown permissions that are told of. */
const MOST_REPORTED = 10;

/** A token's narrowing over a catalog. One is made for a decision or a listing; lists become masks when first asked for. */
export class Narrower {
  readonly #narrowing: Narrowing | undefined;
  readonly #catalog: LoadedCatalog;
  readonly #masks = new Map<NarrowingMember, Uint32Array>();

  constructor(narrowing: Narrowing | undefined, catalog: LoadedCatalog) {
    this.#narrowing = narrowing;
    this.#catalog = catalog;
  }

  /**
   * Whether the token leaves a permission.
   *
   * @param permission its number in the catalog
   * @param attributes of the resource, as sent
   */
  keeps(permission: number, attributes: JsonObject | undefined): boolean {
    return this.#decide(permission, attributes).keeps;
  }

  /**
   * The attributes of the resource that could make the token leave a permission which it takes away as long as they are not
   * sent; none if it leaves it, or never does.
   */
  dependsOn(permission: number, attributes: JsonObject | undefined): readonly string[] {
    if (this.#narrowing === undefined || this.keeps(permission, attributes)) return [];
    const { members, otherwise } = this.#narrowing;
    const unknown = new Set<string>();
    // By attribute, the values that a more specific member has been found for; undefined: all.
    const taken = new Map<string, Set<string> | undefined>();
    let isKept = otherwise === "Allow";
    let couldBeKept = false;
    for (const member of members) {
      const { attribute, selected } = member;
      const sent = attributeOf(attributes, attribute);
      if (sent !== undefined) {
        if (!matches(member, sent)) continue;
        isKept = this.#memberKeeps(member, permission);
        break;
      }
      unknown.add(attribute);
      if (taken.has(attribute) && taken.get(attribute) === undefined) continue;
      const values = taken.get(attribute) ?? new Set<string>();
      if (!selected.any && values.has(selected.value)) continue;
      couldBeKept ||= this.#memberKeeps(member, permission);
      taken.set(attribute, selected.any ? undefined : values.add(selected.value));
    }
    return isKept || couldBeKept ? [...unknown] : [];
  }

  /** What the token makes of a permission, in a sentence without full stop, for the operator: it names a selector. */
  explain(permission: number, attributes: JsonObject | undefined): string {
    const { keeps, member, isUnknown } = this.#decide(permission, attributes);
    const verdict = keeps ? "keeps" : "takes away";
    if (this.#narrowing === undefined) return "the token policy does not narrow";
    if (!this.#narrowing.isPresent) return `the token lacks the claim that narrows, which ${verdict} all`;
    if (member === undefined) return `no selector of the token matches, which ${verdict} the permission`;
    const selector = `the selector ${quote(member.selector)} of the token`;
    if (!isUnknown) return `${selector} decides and ${verdict} the permission`;
    return `${selector} could match and ${verdict} the permission; send the attribute ${quote(member.attribute)} of the resource`;
  }

  /** The entries of lists that name no permission of the catalogs and so have no effect, by selector and place. */
  get unknownPermissions(): readonly string[] {
    const found: string[] = [];
    const mask = new Uint32Array(this.#catalog.words);
    for (const { selector, keeps } of this.#narrowing?.members ?? []) {
      if (typeof keeps === "boolean") continue;
      for (const [place, entry] of keeps.entries()) {
        addEntry(this.#catalog, entry, mask.fill(0));
        if (mask.some((word) => word !== 0)) continue;
        found.push(`entry ${place} of the selector ${quote(selector)} names no permission of a catalog`);
        if (found.length === MOST_REPORTED) return found;
      }
    }
    return found;
  }

  #decide(permission: number, attributes: JsonObject | undefined): Deciding {
    if (this.#narrowing === undefined) return { keeps: true, member: undefined, isUnknown: false };
    const { members, otherwise } = this.#narrowing;
    for (const member of members) {
      const sent = attributeOf(attributes, member.attribute);
      const isUnknown = sent === undefined;
      if (!isUnknown && !matches(member, sent)) continue;
      const keeps = this.#memberKeeps(member, permission);
      // INVARIANT: an attribute that is left out never widens, so what could match must keep the permission.
      if (!isUnknown || !keeps) return { keeps, member, isUnknown };
    }
    return { keeps: otherwise === "Allow", member: undefined, isUnknown: false };
  }

  #memberKeeps(member: NarrowingMember, permission: number): boolean {
    if (typeof member.keeps === "boolean") return member.keeps;
    let mask = this.#masks.get(member);
    if (mask === undefined) {
      mask = new Uint32Array(this.#catalog.words);
      for (const entry of member.keeps) addEntry(this.#catalog, entry, mask);
      this.#masks.set(member, mask);
    }
    return hasBit(mask, 0, permission);
  }
}

/** Adds what an entry of a list allows. `*` is no wildcard here, so it names nothing that a catalog could declare. */
function addEntry(catalog: LoadedCatalog, entry: string, mask: Uint32Array): void {
  const colon = entry.lastIndexOf(":");
  const [type, verb] = colon < 0 ? [entry, undefined] : [entry.slice(0, colon), entry.slice(colon + 1)];
  if (type === "*" || verb === "*") return;
  catalog.addAllowed([type], [verb ?? "*"], mask, 0);
}

/** The value of an attribute, empty where it is said that there is none; undefined: not known. */
function attributeOf(attributes: JsonObject | undefined, name: string): string | undefined {
  if (attributes === undefined || !Object.hasOwn(attributes, name)) return undefined;
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

function matches({ selected }: NarrowingMember, sent: string): boolean {
  return sent !== "" && (selected.any || selected.value === sent);
}
