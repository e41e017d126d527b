import type { Kind } from "../model/objects.generated.ts";
import { kinds } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { suggest } from "../validate/suggest.ts";

/** More names than this are not compared: nobody waits for that. */
const MOST_COMPARED = 5_000;

/** The object of a kind that a name which nobody bears most likely means, or undefined. */
export function suggestName(world: World, kind: string, name: string): string | undefined {
  const known = kinds.find((candidate): candidate is Kind => candidate === kind);
  if (known === undefined || world.count(known) > MOST_COMPARED) return undefined;
  return suggest(name, namesOf(world, known));
}

function* namesOf(world: World, kind: Kind): Iterable<string> {
  for (const { metadata } of world.listLive(kind)) yield metadata.name;
}
