import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { DELIVERY_PROTOCOL, deliveryLimits as limits } from "../../../engine/model/delivery-limits.ts";
import { DIGEST_BYTES, formatDigest, isDigest } from "../../../engine/model/digest.ts";
import { isPosition, type Position } from "../../../engine/model/position.ts";
import type { DomainState, SyncRequest } from "../../../proto/generated/delivery.js";
import type { ActivePolicy } from "../../fleet/fleet.ts";
import type { HashSet } from "../push/shard-sets.ts";

/** Who a sidecar is and what it wants. */
export interface SidecarHello {
  readonly sidecar: string;
  readonly version: string;
  readonly domains: readonly DomainHello[];
}

interface DomainHello {
  readonly domain: string;
  readonly active: ActivePolicy | undefined;
  readonly held: HashSet;
  /** Whether it loads shards of organizations on demand. */
  readonly onDemand: boolean;
}

/** Printable ASCII: names go into logs and status. */
const NAME = /^[!-~]+$/;

/** The first message of a stream. Throws SG2101 for another protocol, SG2102 for all else that is wrong with it. */
export function readHello(message: SyncRequest): SidecarHello {
  const { hello } = message;
  if (hello === null) throw invalid("the first message of a stream must be hello");
  if (hello.protocol !== DELIVERY_PROTOCOL) {
    const versions = `the sidecar speaks version ${hello.protocol}, this operator version ${DELIVERY_PROTOCOL}`;
    throw new SidegateError("SG2101", versions);
  }
  const sidecar = name("sidecar", hello.sidecar, limits.name);
  const version = name("version", hello.version, limits.version);
  const { domains } = hello;
  if (domains.length === 0) throw invalid("domains is empty");
  if (domains.length > limits.domains) throw invalid(`domains has more than ${limits.domains} entries`);
  if (new Set(domains.map(({ domain }) => domain)).size < domains.length) {
    throw invalid("domains names a domain twice");
  }
  const shards = domains.reduce((sum, state) => sum + state.shards.length, 0);
  if (shards > limits.shards) throw invalid(`domains have more than ${limits.shards} shards together`);
  return { sidecar, version, domains: domains.map(readDomain) };
}

function readDomain(state: DomainState): DomainHello {
  const domain = name("domains.domain", state.domain, limits.name);
  const held = new Set<string>();
  for (const hash of state.shards) {
    if (hash.length !== DIGEST_BYTES) throw invalid(`domain "${domain}": a hash of ${hash.length} bytes`);
    held.add(formatDigest(hash));
  }
  return { domain, active: readActive(domain, state), held, onDemand: state.onDemand };
}

function readActive(domain: string, { revision, epoch, position }: DomainState): ActivePolicy | undefined {
  if (revision === "") return undefined;
  if (!isDigest(revision)) throw invalid(`domain "${domain}": revision is not a SHA-256 digest`);
  if (!Number.isSafeInteger(epoch) || epoch < 0)
    throw invalid(`domain "${domain}": epoch is negative or huge`);
  return { revision, epoch, position: readPosition(domain, position) };
}

function readPosition(domain: string, position: Readonly<Record<string, string>>): Position {
  if (isPosition(position)) return position;
  throw invalid(`domain "${domain}": position is not a decimal integer per kind`);
}

function name(field: string, value: string, length: number): string {
  if (value.length > length) throw invalid(`${field} has more than ${length} characters`);
  if (!NAME.test(value)) throw invalid(`${field} is empty or has other than printable ASCII characters`);
  return value;
}

function invalid(problem: string): SidegateError {
  return new SidegateError("SG2102", problem);
}
