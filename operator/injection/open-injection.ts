import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { ReviewHandler } from "../admission/review.ts";
import type { Gate } from "../identity/gate.ts";
import type { PeerIdentity } from "../identity/peer-identity.ts";
import { createInjectionHandler } from "./injection-handler.ts";
import { readInjectionSettings } from "./read-settings.ts";
import type { ServiceAccount } from "./warn-of-missing-right.ts";

export interface InjectionOptions {
  /** The file of the settings. */
  readonly file: string;
  readonly gate: Pick<Gate, "authorize">;
  /** Sees to the ConfigMap that the sidecars of a namespace trust by. */
  readonly ensureTrust: (namespace: string) => Promise<void>;
  /** Whether a domain is known to have no policy. Default: nobody knows. */
  readonly isEmpty?: (domain: string) => boolean;
  readonly logger: Logger;
}

/**
 * The handler of pods' reviews by the settings of a file.
 *
 * @throws SidegateError SG4601 for a file that can not be read or is wrong
 */
export async function openInjection({ file, gate, ...tools }: InjectionOptions): Promise<ReviewHandler> {
  const settings = readInjectionSettings(await readText(file));
  return createInjectionHandler({
    isEmpty: () => false,
    ...tools,
    settings,
    async maySync(account, domain) {
      try {
        await gate.authorize(identityOf(account), domain);
        return true;
      } catch (error) {
        if (error instanceof SidegateError && error.code === "SG2155") return false;
        throw error;
      }
    },
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new SidegateError("SG4601", `${file} can not be read: ${messageOf(error)}`, { cause: error });
  }
}

/** A service account as its tokens make it known to authorizers (KEP-1205), but for the pod, which there is not yet. */
function identityOf({ namespace, name }: ServiceAccount): PeerIdentity {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    uid: "",
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    extra: {},
    expiresAt: undefined,
  };
}
