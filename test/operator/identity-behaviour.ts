import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ContractApi } from "../contract/contract-api.ts";
import { textOf } from "../contract/json.ts";
import { eventually, Processes, type RunningProcess } from "../support/processes.ts";
import { SidecarProcess } from "../support/sidecar-process.ts";

/** What differs between a real API server and a fake one: how tokens and rights come about. */
export interface Cluster {
  /** Its text. */
  readonly kubeconfig: string;
  /** Prepares a service account that a sidecar may have. */
  createAccount(namespace: string, name: string): Promise<void>;
  /** A token of a service account for an audience. */
  issueToken(namespace: string, account: string, audience: string): Promise<string>;
  /** Makes a token that was issued last invalid. */
  revokeToken(token: string): Promise<void>;
  /** Lets a service account sync the domain of its own namespace. */
  allowSync(namespace: string, account: string): Promise<void>;
}

const AUDIENCE = "sidegate.dev/operator";
const PATIENT = { timeout: 120_000 };

/** An operator in a cluster and its sidecars, as processes: who gets a policy, and what others are told. */
export function describeIdentity(connect: () => Promise<Cluster>): void {
  describe("delivery in a cluster", () => {
    const own = `identity-${randomUUID().slice(0, 8)}`;
    const release = `${own}-system`;
    const other = `${own}-other`;
    const processes = new Processes();
    const sidecars: SidecarProcess[] = [];
    let cluster: Cluster;
    let api: ContractApi;
    let operator: RunningProcess;
    let address: string;
    let folder: string;

    const post = async (path: string, body: object) => {
      const answer = await api.send("POST", path, { body });
      expect(answer.status, answer.text).toBe(201);
    };
    const objects = `/apis/sidegate.dev/v1alpha1/namespaces/${own}`;
    const sidegate = (kind: string, name: string, spec: object) => ({
      apiVersion: "sidegate.dev/v1alpha1",
      kind,
      metadata: { name, namespace: own },
      spec,
    });

    beforeAll(async () => {
      cluster = await connect();
      api = await ContractApi.connect(cluster.kubeconfig);
      folder = await mkdtemp(join(tmpdir(), "sidegate-identity-"));
      const kubeconfig = join(folder, "kubeconfig");
      await writeFile(kubeconfig, cluster.kubeconfig);
      for (const name of [own, release, other])
        await post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
      for (const namespace of [own, other]) await cluster.createAccount(namespace, "web");
      await cluster.allowSync(own, "web");
      await cluster.allowSync(other, "web");
      const resources = [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }];
      const rules = [{ resources: ["logs"], verbs: ["view"] }];
      await post(`${objects}/permissioncatalogs`, sidegate("PermissionCatalog", "logs", { resources }));
      await post(
        `${objects}/accessroles`,
        sidegate("AccessRole", "viewer", { assignableAt: ["Platform"], rules }),
      );
      await post(
        `${objects}/accessrolebindings`,
        sidegate("AccessRoleBinding", "ada", {
          ...{ role: "viewer", subjects: [{ kind: "User", name: "ada" }], scope: { kind: "Platform" } },
        }),
      );
      operator = processes.sidegate([
        ...["operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", "--replica", "operator-0"],
        ...["--release-namespace", release, "--service", "sidegate-operator"],
      ]);
      address = String((await operator.logged("Serves policies to sidecars")).address);
      await operator.logged("Ready");
      void operator.ended.then(({ code }) => {
        if (code !== null) throw new Error(`The operator has ended:\n${operator.stderr}`);
      });
      const trust = async () =>
        (await api.send("GET", `/api/v1/namespaces/${own}/configmaps/sidegate-trust`)).body;
      await eventually(async () => String((await trust())?.kind), "ConfigMap");
      const { data } = await trust();
      await writeFile(join(folder, "ca.crt"), textOf(data?.["ca.crt"]));
      await writeFile(join(folder, "policy-keys.json"), textOf(data?.["policy-keys.json"]));
    }, 120_000);

    afterAll(async () => {
      for (const sidecar of sidecars) sidecar.closeClients();
      // The operator lets go of what it holds by finalizers while it lives.
      for (const name of [own, other, release]) await api?.send("DELETE", `/api/v1/namespaces/${name}`);
      await eventually(
        async () => (await api.send("GET", objects.replace(/.*namespaces/, "/api/v1/namespaces"))).status,
        404,
      );
      await processes.end();
      await api?.close();
      await rm(folder, { recursive: true, force: true });
    }, 120_000);

    const tokenFile = (name: string) => join(folder, name, "token");
    const writeToken = (name: string, token: string) => writeFile(tokenFile(name), token);

    async function startSidecar(
      name: string,
      token: string | undefined,
      domain = own,
    ): Promise<SidecarProcess> {
      await mkdir(join(folder, name));
      if (token !== undefined) await writeToken(name, token);
      const access = [
        "--ca",
        join(folder, "ca.crt"),
        "--server-name",
        `sidegate-operator-replicas.${release}.svc`,
      ];
      const sidecar = new SidecarProcess(processes, {
        folder: join(folder, name),
        operators: [address],
        domains: [domain],
        args: [
          ...access,
          ...[
            "--token-file",
            tokenFile(name),
            "--policy-keys",
            join(folder, "policy-keys.json"),
            "--name",
            name,
          ],
        ],
      });
      sidecars.push(sidecar);
      await sidecar.process.logged("Listening for checks");
      return sidecar;
    }

    const issue = (namespace = own, audience = AUDIENCE) => cluster.issueToken(namespace, "web", audience);

    test("a sidecar with its token decides by the policy", PATIENT, async () => {
      const sidecar = await startSidecar("good", await issue());
      await eventually(() => sidecar.ask("ada"), "Allowed");
      await operator.logged("Sidecar connected", {
        sidecar: `system:serviceaccount:${own}:web/good`,
      });
    });

    test("a token that comes late is found, and what is missing is said meanwhile", PATIENT, async () => {
      const sidecar = await startSidecar("late", undefined);
      const line = await sidecar.process.logged("Lost the operator", { code: "SG2161" });
      expect(line.error).toContain(tokenFile("late"));
      await writeToken("late", await issue());
      await eventually(() => sidecar.ask("ada"), "Allowed");
    });

    const refusals = [
      {
        name: "for the API server",
        token: () => issue(own, "https://kubernetes.default.svc"),
        code: "SG2153",
        says: "not sidegate.dev/operator",
      },
      {
        name: "of another namespace",
        token: () => issue(other),
        code: "SG2155",
        says: `grant the verb sync on accessdomains in namespace ${own} to serviceaccount ${other}/web`,
      },
      {
        name: "that was taken back",
        token: async () => {
          const token = await issue();
          await cluster.revokeToken(token);
          return token;
        },
        code: "SG2152",
        says: "the API server says",
      },
      {
        name: "that nobody issued",
        token: async () => "a.b.c",
        code: "SG2152",
        says: "none of a service account",
      },
    ];
    test.each(refusals)(
      "a token $name gets no policy, and its owner is told why",
      PATIENT,
      async ({ token, code, says }) => {
        const given = await token();
        const sidecar = await startSidecar(`refused-${randomUUID().slice(0, 4)}`, given);
        const line = await sidecar.process.logged("The operator refuses this sidecar", { code });
        expect(line.error).toContain(says);
        expect(await sidecar.health()).toBe("NOT_SERVING");
        expect(sidecar.process.stderr + operator.stderr).not.toContain(given);
        await eventually(() => operator.log.filter((found) => found.code === code).length >= 1, true);
      },
    );

    test("an operator that another authority vouches for gets no token", PATIENT, async () => {
      const { TestCertificate } = await import("../support/certificates.ts");
      const stranger = await TestCertificate.make("sidegate");
      await mkdir(join(folder, "doubting"));
      await writeFile(join(folder, "doubting", "ca.crt"), stranger.ca);
      await writeToken("doubting", await issue());
      const sidecar = new SidecarProcess(processes, {
        folder: join(folder, "doubting"),
        operators: [address],
        domains: [own],
        args: ["--ca", join(folder, "doubting", "ca.crt"), "--token-file", tokenFile("doubting")],
      });
      sidecars.push(sidecar);
      const line = await sidecar.process.logged("Lost the operator");
      expect(line.error).toMatch(/certificate/);
    });
  });
}
