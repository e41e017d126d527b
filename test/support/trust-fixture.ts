import { KubeConfig } from "@kubernetes/client-node";
import type { Duty } from "../../operator/duty.ts";
import type { CertificateOrigin } from "../../operator/installation.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import { createPolicyBook } from "../../operator/policy-book.ts";
import { type AuthorityState, decodeAuthority } from "../../operator/trust/authority-state.ts";
import { createTrust, type Trust } from "../../operator/trust/create-trust.ts";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { ManualClock } from "./manual-clock.ts";
import { type LogLine, recordingLogger } from "./silent-logger.ts";

export interface ReplicaTrust {
  readonly trust: Trust;
  /** None unless it leads. */
  readonly duties: readonly Duty[];
  readonly lines: LogLine[];
}

const CONFIGURATION = "ValidatingWebhookConfiguration.admissionregistration.k8s.io";

/** What replicas of an installation vouch with, on a fake API server, in time that a test turns. */
export class TrustFixture {
  readonly namespace = "sidegate-system";
  readonly secret = { kind: "Secret", namespace: this.namespace, name: "sidegate-authority" };
  readonly clock = new ManualClock();
  readonly server: FakeApiServer;
  readonly #ends: (() => Promise<unknown>)[] = [];

  static async start(): Promise<TrustFixture> {
    const fixture = new TrustFixture(await startFakeApiServer());
    fixture.putNamespace(fixture.namespace);
    return fixture;
  }

  private constructor(server: FakeApiServer) {
    this.server = server;
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
    await this.server.stop();
  }

  /** Lets time go by in small steps until something is so; the test's own time-out ends it. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await this.clock.advance(20);
  }

  /** A replica that has started, with the duties of the leader where it leads. */
  async replica({
    leads = false,
    certificates = { from: "own" } as CertificateOrigin,
  } = {}): Promise<ReplicaTrust> {
    const { clock } = this;
    const { logger, lines } = recordingLogger();
    const config = new KubeConfig();
    config.loadFromString(this.server.kubeconfig());
    const credentials = createCredentials(config, clock);
    const api = createHttpKubeApi({ credentials, clock });
    const trust = createTrust({
      installation: {
        ...{ namespace: this.namespace, service: "sidegate-operator", certificates },
        ...{ validatingWebhooks: ["sidegate"], mutatingWebhooks: [] },
      },
      ...{ api, clock, random: () => 0, logger },
    });
    let hasStarted = false;
    void trust.part.start?.().then(() => {
      hasStarted = true;
    });
    this.#ends.push(async () => {
      await trust.part.stop();
      await credentials.close();
    });
    await this.until(() => hasStarted);
    const duties = leads ? trust.createDuties(api, { book: createPolicyBook() }) : [];
    for (const duty of duties) duty.start();
    this.#ends.push(() => Promise.all(duties.map((duty) => duty.drain())));
    return { trust, duties, lines };
  }

  /** What the Secret says. */
  authority(): AuthorityState {
    return decodeAuthority(this.server.objects.get(this.secret)?.data);
  }

  putNamespace(name: string): void {
    this.server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  /** The data of a namespace's ConfigMap. */
  bundleIn(namespace: string): Readonly<Record<string, string>> | undefined {
    const object = this.server.objects.get({ kind: "ConfigMap", namespace, name: "sidegate-trust" });
    return object?.data as Readonly<Record<string, string>> | undefined;
  }

  /** A configuration of two webhooks that trust nobody. */
  putWebhooks(annotations: Readonly<Record<string, string>> = {}): void {
    this.server.objects.put({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "sidegate", annotations: { ...annotations } },
      webhooks: ["a.sidegate.dev", "b.sidegate.dev"].map((name) => ({
        name,
        clientConfig: { service: { name: "sidegate-operator", namespace: this.namespace } },
      })),
    });
  }

  /** Whom these trust. */
  caBundles(): string[] {
    const object = this.server.objects.get({ kind: CONFIGURATION, name: "sidegate" });
    const list = (object?.webhooks ?? []) as { readonly clientConfig: { readonly caBundle?: string } }[];
    return list.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? "", "base64").toString());
  }
}
