import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

// What the image holds: the command line with everything that it imports, as JavaScript, without what it never reaches.
// Names and lines stay as they are, so that a stack trace can be read (ADR 0018).
export default defineConfig({
  input: { sidegate: "cli/main.ts" },
  platform: "node",
  treeshake: {
    moduleSideEffects: [
      // Of client-node only KubeConfig is used; its packages import a thousand modules of API types that do nothing but
      // declare themselves, and say not that they can be left out.
      {
        test: /node_modules\/(@kubernetes\/client-node\/dist\/(?!polyfill)|openid-client\/|oauth4webapi\/|js-yaml\/)/,
        sideEffects: false,
      },
    ],
  },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    comments: { annotation: true, jsdoc: false, legal: true },
  },
  plugins: [thirdParty()],
});

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * Writes down what of others is in the bundle: sbom.cdx.json (CycloneDX 1.6) for scanners, and third-party-licenses.txt,
 * which the licenses ask to pass on. Both name what was bundled, not what was installed.
 */
function thirdParty(): Plugin {
  return {
    name: "third-party",
    generateBundle(_options, bundle) {
      const roots = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          const root = renderedLength > 0 ? packageRoot(id) : undefined;
          if (root !== undefined) roots.add(root);
        }
      }
      const found = [...roots].map((root) => ({ root, about: readPackage(root) }));
      found.sort((a, b) => compare(purlOf(a.about), purlOf(b.about)));
      const licenses = found.map(
        ({ root, about }) => `${about.name} ${about.version}\n\n${licenseText(root, about)}`,
      );
      this.emitFile({
        type: "asset",
        fileName: "third-party-licenses.txt",
        source: licenses.join(`\n\n${"-".repeat(80)}\n\n`),
      });
      const sbom = describeBundle(
        readPackage(import.meta.dirname),
        found.map(({ about }) => about),
      );
      this.emitFile({
        type: "asset",
        fileName: "sbom.cdx.json",
        source: `${JSON.stringify(sbom, undefined, 2)}\n`,
      });
      // Node takes the files for ES modules without looking into them.
      this.emitFile({ type: "asset", fileName: "package.json", source: '{ "type": "module" }\n' });
    },
  };
}

/** The folder of the package that a module is of; undefined for modules of this project. */
function packageRoot(id: string): string | undefined {
  return /^(?:\0.*?)?(\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

function readPackage(root: string): Package {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Package;
}

function licenseText(root: string, { license = "unknown" }: Package): string {
  const file = readdirSync(root).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? `License: ${license}` : readFileSync(join(root, file), "utf8").trim();
}

const purlOf = ({ name, version }: Package) => `pkg:npm/${name.replace("@", "%40")}@${version}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Without time and serial number, so that the same sources make the same bytes. */
function describeBundle(self: Package, packages: readonly Package[]): object {
  const component = (type: string, about: Package) => ({
    type,
    "bom-ref": purlOf(about),
    name: about.name,
    version: about.version,
    purl: purlOf(about),
    ...(about.license !== undefined && { licenses: [{ expression: about.license }] }),
  });
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: component("application", self) },
    components: packages.map((about) => component("library", about)),
    dependencies: [{ ref: purlOf(self), dependsOn: packages.map(purlOf) }],
  };
}
