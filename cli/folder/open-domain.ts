import type { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { DEFAULT_DOMAIN } from "../options.ts";
import { compilersOf, loadPolicy } from "./compile-folder.ts";
import { readSoundFolder } from "./read-folder.ts";

/** One domain of a folder, read and compiled. */
export interface OpenDomain {
  readonly domain: string;
  /** The objects, default bindings included. */
  readonly world: World;
  readonly policy: Policy;
}

/**
 * Reads a folder and compiles one of its domains.
 *
 * @param domain may be left out where the folder has one only
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks
 */
export async function openDomain(folder: string, domain: string | undefined): Promise<OpenDomain> {
  const { manifests } = await readSoundFolder(folder, DEFAULT_DOMAIN);
  const compiler = chooseDomain(compilersOf(manifests), folder, domain);
  return { domain: compiler.world.domain, world: compiler.world, policy: loadPolicy(compiler) };
}

/** The one of a folder's domains that is meant. @throws SidegateError SG5006 where none is or several may be */
export function chooseDomain(
  domains: ReadonlyMap<string, DomainCompiler>,
  folder: string,
  domain: string | undefined,
): DomainCompiler {
  const names = [...domains.keys()].sort();
  const name = domain ?? (names.length === 1 ? names[0] : undefined);
  const chosen = name === undefined ? undefined : domains.get(name);
  if (chosen !== undefined) return chosen;
  const there = names.length === 0 ? "no manifests" : `the domains ${names.join(", ")}`;
  throw new SidegateError(
    "SG5006",
    `${folder} has ${there}${domain === undefined ? "" : `, but not ${domain}`}`,
  );
}
