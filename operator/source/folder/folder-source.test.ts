import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crds } from "../../../crds/definitions.ts";
import type { Kind, SidegateObject } from "../../../engine/model/objects.generated.ts";
import { createManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import { type Clock, createSystemClock } from "../../../host/clock.ts";
import { silent } from "../../../test/support/silent-logger.ts";
import type { SourceEvents } from "../source.ts";
import { type FolderReport, FolderSource } from "./folder-source.ts";

const validator = createManifestValidator(crds);
const PATIENCE = { timeout: 20_000, interval: 5 };
let root: string;
let folder: string;
let source: FolderSource | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sidegate-source-"));
  folder = join(root, "policy");
  mkdirSync(folder);
});
afterEach(async () => {
  await source?.stop();
  source = undefined;
  rmSync(root, { recursive: true, force: true });
});

/** What a source has said, in the order in which it said it. */
class Recorder implements SourceEvents {
  readonly objects = new Map<string, SidegateObject>();
  readonly calls: string[] = [];
  readonly reports: FolderReport[] = [];
  position = "0";

  put(domain: string, object: SidegateObject): void {
    const key = `${domain}/${object.kind}/${object.metadata.name}`;
    this.calls.push(`put ${key}`);
    this.objects.set(key, object);
  }
  remove(domain: string, kind: Kind, name: string): void {
    this.calls.push(`remove ${domain}/${kind}/${name}`);
    this.objects.delete(`${domain}/${kind}/${name}`);
  }
  progress(_: Kind, resourceVersion: string): void {
    this.position = resourceVersion;
  }
  synced(): void {
    this.calls.push("synced");
  }
  get names(): string[] {
    return [...this.objects.keys()].map((key) => key.slice(key.lastIndexOf("/") + 1)).sort();
  }
  /** The calls since the last time. */
  take(): string[] {
    return this.calls.splice(0).filter((call) => call !== "synced");
  }
}

async function start(clock: Clock = createSystemClock(), numberFile?: string): Promise<Recorder> {
  const recorder = new Recorder();
  source = new FolderSource({
    folder,
    validator,
    clock,
    logger: silent,
    onContact: (isInTouch) => recorder.calls.push(isInTouch ? "in touch" : "out of touch"),
    report: (report) => recorder.reports.push(report),
    ...(numberFile !== undefined && { numberFile }),
  });
  await source.start(recorder);
  await vi.waitFor(() => expect(recorder.reports).not.toEqual([]), PATIENCE);
  return recorder;
}

function write(path: string, ...names: string[]): void {
  writeFileSync(join(folder, path), names.map(organization).join("---\n"));
}

function organization(name: string): string {
  return `apiVersion: sidegate.dev/v1alpha1\nkind: Organization\nmetadata: {name: ${name}}\nspec: {}\n`;
}

describe("a folder source", () => {
  it("puts every object once, then is synced", async () => {
    write("a.yaml", "one", "two");
    const recorder = await start();
    expect(recorder.calls).toEqual([
      "put default/Organization/one",
      "put default/Organization/two",
      "synced",
    ]);
    expect(recorder.objects.get("default/Organization/one")?.metadata).toEqual({
      name: "one",
      namespace: "default",
      resourceVersion: recorder.position,
    });
    expect(recorder.reports).toMatchObject([
      { outcome: "Loaded", put: 2, removed: 0, manifests: { size: 2 } },
    ]);
  });

  it("passes on only what an edit changed", async () => {
    write("a.yaml", "one", "two");
    write("b.yaml", "three");
    const recorder = await start();
    const first = recorder.position;
    recorder.take();
    write("a.yaml", "one", "four");
    await vi.waitFor(() => expect(recorder.names).toEqual(["four", "one", "three"]), PATIENCE);
    expect(recorder.take()).toEqual(["put default/Organization/four", "remove default/Organization/two"]);
    expect(Number(recorder.position)).toBeGreaterThan(Number(first));
    expect(recorder.objects.get("default/Organization/one")?.metadata.resourceVersion).toBe(first);
    expect(recorder.objects.get("default/Organization/four")?.metadata.resourceVersion).toBe(
      recorder.position,
    );
  });

  it("makes progress when nothing but a comment changed", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    const first = recorder.position;
    recorder.take();
    writeFileSync(join(folder, "a.yaml"), `# For the pilot.\n${organization("one")}`);
    await vi.waitFor(() => expect(recorder.position).not.toBe(first), PATIENCE);
    expect(recorder.take()).toEqual([]);
  });

  it("sees files that are renamed over, moved in, deleted, and folders that come and go", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    writeFileSync(join(folder, ".a.yaml.tmp"), organization("two"));
    renameSync(join(folder, ".a.yaml.tmp"), join(folder, "a.yaml"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["two"]), PATIENCE);

    mkdirSync(join(root, "team"));
    writeFileSync(join(root, "team", "b.yaml"), organization("three"));
    renameSync(join(root, "team"), join(folder, "team"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["three", "two"]), PATIENCE);

    writeFileSync(join(folder, "team", "b.yaml"), organization("four"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["four", "two"]), PATIENCE);

    mkdirSync(join(folder, "later"));
    writeFileSync(join(folder, "b.yaml"), organization("five"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["five", "four", "two"]), PATIENCE);
    writeFileSync(join(folder, "later", "c.yaml"), organization("six"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["five", "four", "six", "two"]), PATIENCE);
    rmSync(join(folder, "later"), { recursive: true });
    rmSync(join(folder, "b.yaml"));

    rmSync(join(folder, "team"), { recursive: true });
    await vi.waitFor(() => expect(recorder.names).toEqual(["two"]), PATIENCE);
  });

  it("sees a whole folder that takes the place of the first", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    for (const name of ["two", "three"]) {
      mkdirSync(join(root, "next"));
      writeFileSync(join(root, "next", "a.yaml"), organization(name));
      renameSync(folder, join(root, `before-${name}`));
      renameSync(join(root, "next"), folder);
      await vi.waitFor(() => expect(recorder.names).toEqual([name]), PATIENCE);
    }
  });

  it("loads a ConfigMap's swap of its `..data` link once", async () => {
    for (const name of ["one", "two"]) {
      mkdirSync(join(folder, `..${name}`));
      writeFileSync(join(folder, `..${name}`, "a.yaml"), organization(name));
      writeFileSync(join(folder, `..${name}`, "b.yaml"), organization(`${name}-b`));
    }
    symlinkSync("..one", join(folder, "..data"));
    for (const file of ["a.yaml", "b.yaml"]) symlinkSync(`..data/${file}`, join(folder, file));
    const recorder = await start();
    expect(recorder.names).toEqual(["one", "one-b"]);
    symlinkSync("..two", join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["two", "two-b"]), PATIENCE);
    expect(recorder.reports).toHaveLength(2);
  });

  it("does not take a file that is being written for one that is empty", async () => {
    write("a.yaml", "one", "two");
    const recorder = await start();
    recorder.take();
    truncateSync(join(folder, "a.yaml"));
    // As long as it takes until the first look has found it empty.
    await new Promise((resolve) => setTimeout(resolve, 80));
    write("a.yaml", "one", "three");
    await vi.waitFor(() => expect(recorder.names).toEqual(["one", "three"]), PATIENCE);
    expect(recorder.take()).toEqual(["put default/Organization/three", "remove default/Organization/two"]);
  });

  it("believes that a file is empty when it stays so", async () => {
    write("a.yaml", "one");
    write("b.yaml", "two");
    const recorder = await start();
    truncateSync(join(folder, "a.yaml"));
    await vi.waitFor(() => expect(recorder.names).toEqual(["two"]), PATIENCE);
  });

  it("keeps what it had while anything is broken, and goes on when it is mended", async () => {
    write("a.yaml", "one");
    write("b.yaml", "two");
    const recorder = await start();
    recorder.take();
    writeFileSync(join(folder, "a.yaml"), organization("one").replace("spec", "spek"));
    write("b.yaml", "three");
    await vi.waitFor(() => expect(recorder.reports.at(-1)?.outcome).toBe("Broken"), PATIENCE);
    expect(recorder.reports.at(-1)).toMatchObject({
      hasPolicy: true,
      problems: [{ file: "a.yaml", line: 4, object: "Organization one" }, {}],
    });
    expect(recorder.take()).toEqual([]);
    write("a.yaml", "one");
    await vi.waitFor(() => expect(recorder.names).toEqual(["one", "three"]), PATIENCE);
    expect(recorder.take()).toEqual(["put default/Organization/three", "remove default/Organization/two"]);
  });

  it("waits for the mending when it starts on something broken", async () => {
    writeFileSync(join(folder, "a.yaml"), "kind: [\n");
    const recorder = await start();
    expect(recorder.reports).toMatchObject([{ outcome: "Broken", hasPolicy: false }]);
    expect(recorder.calls).toEqual([]);
    write("a.yaml", "one");
    await vi.waitFor(
      () => expect(recorder.calls).toEqual(["put default/Organization/one", "synced"]),
      PATIENCE,
    );
  });

  it("is out of touch while the folder can not be read, and keeps what it had", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    renameSync(folder, `${folder}-away`);
    await vi.waitFor(() => expect(recorder.calls.at(-1)).toBe("out of touch"), PATIENCE);
    expect(recorder.names).toEqual(["one"]);
    renameSync(`${folder}-away`, folder);
    await vi.waitFor(() => expect(recorder.calls.at(-1)).toBe("in touch"), PATIENCE);
    expect(recorder.names).toEqual(["one"]);
  });

  it("waits for a folder that is not there", async () => {
    rmSync(folder, { recursive: true });
    const recorder = await start();
    expect(recorder.reports).toMatchObject([{ outcome: "Broken", problems: [{ code: "SG1101" }] }]);
    mkdirSync(folder);
    write("a.yaml", "one");
    await vi.waitFor(() => expect(recorder.names).toEqual(["one"]), PATIENCE);
  });

  it("loads in spite of a file that never comes to rest", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    let count = 0;
    const restless = setInterval(() => writeFileSync(join(folder, "app.log"), String(count++)), 10);
    try {
      write("a.yaml", "two");
      await vi.waitFor(() => expect(recorder.names).toEqual(["two"]), PATIENCE);
    } finally {
      clearInterval(restless);
    }
  });

  it("says nothing more once it is stopped", async () => {
    write("a.yaml", "one");
    const recorder = await start();
    await source?.stop();
    const before = recorder.calls.length;
    write("a.yaml", "two");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(recorder.calls).toHaveLength(before);
  });
});

describe("the number of a load", () => {
  it("is the time, and goes up when the clock does not", async () => {
    const clock = { ...createSystemClock(), wallTime: () => 1_000_000 };
    write("a.yaml", "one");
    const recorder = await start(clock);
    expect(recorder.position).toBe("1000000");
    write("a.yaml", "two");
    await vi.waitFor(() => expect(recorder.position).toBe("1000001"), PATIENCE);
  });

  it("goes up over a restart with a clock that went back, where it is kept", async () => {
    write("a.yaml", "one");
    const file = join(root, "load-number");
    expect((await start({ ...createSystemClock(), wallTime: () => 2_000_000 }, file)).position).toBe(
      "2000000",
    );
    await source?.stop();
    expect((await start({ ...createSystemClock(), wallTime: () => 1_000_000 }, file)).position).toBe(
      "2000001",
    );
    await source?.stop();
    writeFileSync(file, "damaged");
    expect((await start({ ...createSystemClock(), wallTime: () => 3_000_000 }, file)).position).toBe(
      "3000000",
    );
  });
});

describe("default bindings of a folder", () => {
  const domain = `apiVersion: sidegate.dev/v1alpha1
kind: AccessDomain
metadata: {name: default}
spec:
  defaultRoles:
    - role: member
    - {role: engineer, environmentTypes: [development]}
---
${organization("acme")}`;
  const ada = `apiVersion: sidegate.dev/v1alpha1
kind: Membership
metadata: {name: ada}
spec: {organization: acme, subject: {kind: User, name: ada}}
`;
  const dev = `apiVersion: sidegate.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec: {organization: acme, type: development}
`;
  const own = `apiVersion: sidegate.dev/v1alpha1
kind: AccessRoleBinding
metadata: {name: default-ada-environment-dev}
spec: {role: observer, subjects: [{kind: User, name: ada}], scope: {kind: Environment, name: dev}}
`;
  const atEnvironment = "default/AccessRoleBinding/default-ada-environment-dev";
  const atOrganization = "default/AccessRoleBinding/default-ada-organization-acme";

  const roleAt = (recorder: Recorder) =>
    (recorder.objects.get(atEnvironment) as { spec: { role: string } } | undefined)?.spec.role;

  it("come with the membership and the environment, and go with them", async () => {
    writeFileSync(join(folder, "a.yaml"), domain);
    const recorder = await start();
    writeFileSync(join(folder, "ada.yaml"), ada);
    await vi.waitFor(() => expect([...recorder.objects.keys()]).toContain(atOrganization), PATIENCE);
    recorder.take();
    writeFileSync(join(folder, "dev.yaml"), dev);
    await vi.waitFor(() => expect(roleAt(recorder)).toBe("engineer"), PATIENCE);
    expect(recorder.take()).toEqual(["put default/Environment/dev", `put ${atEnvironment}`]);
    expect(recorder.objects.get(atEnvironment)?.metadata).toMatchObject({
      namespace: "default",
      resourceVersion: recorder.position,
    });
    rmSync(join(folder, "ada.yaml"));
    await vi.waitFor(() => expect([...recorder.objects.keys()]).not.toContain(atOrganization), PATIENCE);
    expect(recorder.take().sort()).toEqual([
      `remove ${atEnvironment}`,
      `remove ${atOrganization}`,
      "remove default/Membership/ada",
    ]);
  });

  it("give way to a binding of the same name in the folder, and come back when it goes", async () => {
    writeFileSync(join(folder, "a.yaml"), [domain, ada, dev].join("---\n"));
    const recorder = await start();
    expect(roleAt(recorder)).toBe("engineer");
    writeFileSync(join(folder, "own.yaml"), own);
    await vi.waitFor(() => expect(roleAt(recorder)).toBe("observer"), PATIENCE);
    rmSync(join(folder, "own.yaml"));
    await vi.waitFor(() => expect(roleAt(recorder)).toBe("engineer"), PATIENCE);
  });
});
