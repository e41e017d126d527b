import { describe, expect, test } from "vitest";
import { type Manifest, readManifestRows } from "./manifest-row.ts";

/** What became of a manifest. */
export type Verdict =
  | { readonly accepted: true; readonly spec: unknown }
  | { readonly accepted: false; readonly message: string };

/**
 * Applies a manifest: creates the object or, where there was one, changes it from `old`. Nothing is left behind for the
 * next row.
 */
export type Apply = (manifest: Manifest, old?: Manifest) => Verdict | Promise<Verdict>;

/** Asks every row of tables/*.yaml. Whoever judges manifests has to agree with all of them. */
export function describeManifests(judge: string, apply: Apply): void {
  describe(`manifests, judged by ${judge}`, () => {
    test.each(readManifestRows())("$title", async (row) => {
      const verdict = await apply(row.manifest, row.old);
      if (row.refused === undefined) {
        expect(verdict).toMatchObject({ accepted: true });
        if (row.becomes !== undefined) expect(verdict).toEqual({ accepted: true, spec: row.becomes });
      } else {
        expect(verdict).toEqual({ accepted: false, message: expect.stringContaining(row.refused) });
      }
    });
  });
}
