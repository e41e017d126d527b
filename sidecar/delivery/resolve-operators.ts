import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { formatAddress } from "../../host/address.ts";

/** One of the operator's replicas. */
export interface ReplicaAddress {
  /** As gRPC takes it. */
  readonly address: string;
  /** The name that it was resolved from; absent where it was given as it is. */
  readonly host?: string;
}

/** The system's answer to a name: its addresses. Rejects where it has none. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** Asks the system, as every program does: /etc/hosts, search domains, A and AAAA records. */
export const systemLookUp: LookUp = async (host) => {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Finds the operator's replicas. A headless Service has one address per ready replica, so a name stands for all of them,
 * asked again each time. A name that gives no answer stands for what it last stood for.
 */
export class OperatorResolver {
  readonly #targets: readonly string[];
  readonly #lookUp: LookUp;
  readonly #known = new Map<string, readonly string[]>();

  /** @param targets "HOST:PORT" is resolved; everything else is an address as gRPC takes it, such as "unix:PATH" */
  constructor(targets: readonly string[], lookUp: LookUp = systemLookUp) {
    this.#targets = targets;
    this.#lookUp = lookUp;
  }

  /** All replicas that can be found, each once, in the order of their addresses. Rejects with SG2163 when there are none. */
  async resolve(): Promise<readonly ReplicaAddress[]> {
    const errors: string[] = [];
    const found = await Promise.all(this.#targets.map((target) => this.#resolveOne(target, errors)));
    const byAddress = new Map(found.flat().map((replica) => [replica.address, replica]));
    if (byAddress.size === 0) throw new SidegateError("SG2163", errors.join("; "));
    return [...byAddress.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1));
  }

  async #resolveOne(target: string, errors: string[]): Promise<ReplicaAddress[]> {
    const [, host, port] = /^([^:/[\]]+):(\d{1,5})$/.exec(target) ?? [];
    if (host === undefined || isIP(host) > 0) return [{ address: target }];
    try {
      this.#known.set(host, await this.#lookUp(host));
    } catch (error) {
      errors.push(messageOf(error));
    }
    const addresses = this.#known.get(host) ?? [];
    return addresses.map((found) => ({ address: formatAddress({ host: found, port: Number(port) }), host }));
  }
}
