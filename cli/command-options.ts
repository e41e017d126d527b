import type { CertificateOrigin } from "../operator/installation.ts";
import type { AskerOptions } from "./asking/asker-options.ts";
import type { SourceOptions } from "./asking/source-options.ts";
import type { OutputFormat } from "./options.ts";
import type { AccessOptions } from "./sidecar/operator-access.ts";

/** What `sidegate dev` was given. */
export interface DevCommandOptions {
  readonly port: number;
  readonly socket?: string;
  readonly domain: string;
  readonly dataDir?: string;
  readonly logLevel: string;
}

/** What `sidegate lint` was given. */
export interface LintOptions {
  readonly domain: string;
  readonly notes?: true;
  readonly output: OutputFormat;
}

/** What `sidegate operator` was given. */
export interface OperatorCommandOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly source?: string;
  readonly domain: string;
  readonly dataDir?: string;
  readonly listen: string;
  readonly health?: string;
  readonly metrics?: string;
  readonly admin?: string;
  readonly replica?: string;
  readonly releaseNamespace: string;
  readonly service: string;
  readonly webhooks?: string;
  readonly validatingWebhook: readonly string[];
  readonly mutatingWebhook: readonly string[];
  readonly injection?: string;
  readonly certificates: CertificateOrigin;
  /** Milliseconds. */
  readonly grace: number;
  readonly logLevel: string;
}

/** What `sidegate sidecar` was given. */
export interface SidecarCommandOptions extends AccessOptions {
  readonly operator: readonly string[];
  readonly domain: readonly string[];
  readonly listen: string;
  readonly socket?: string;
  readonly socketMode: number;
  readonly health?: string;
  readonly metrics?: string;
  readonly dataDir?: string;
  /** Bytes. */
  readonly shardMemory?: number;
  readonly name?: string;
  readonly logLevel: string;
}

/** A question as the command line asks it. */
export interface CheckOptions extends AskerOptions, SourceOptions {
  readonly scope: string;
}
