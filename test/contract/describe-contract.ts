import { afterAll, afterEach, beforeEach, describe } from "vitest";
import { describeApplying } from "./applying.ts";
import { describeBuiltInKinds } from "./built-in-kinds.ts";
import { describeCollecting } from "./collecting.ts";
import { ContractFixture } from "./contract-fixture.ts";
import { describeCreating } from "./creating.ts";
import { describeDeleting } from "./deleting.ts";
import { describeDiscovery } from "./discovery.ts";
import { describeListing } from "./listing.ts";
import { describePatching } from "./patching.ts";
import { describeReviewing } from "./reviewing.ts";
import { describeUpdating } from "./updating.ts";
import { describeWatching } from "./watching.ts";

/**
 * What Sidegate relies on in a Kubernetes API server that has its CRDs. Run against the real one and the fake one, so
 * that a test which passes on the fake says something about the real one.
 *
 * @param connect gives the text of a kubeconfig; asked once
 */
export function describeApiServerContract(name: string, connect: () => Promise<string>): void {
  describe(name, () => {
    const fixture = new ContractFixture(connect);
    beforeEach(() => fixture.setUp());
    afterEach(() => fixture.tearDown());
    afterAll(() => fixture.close());

    describe("discovery", () => describeDiscovery(fixture));
    describe("creating", () => describeCreating(fixture));
    describe("listing", () => describeListing(fixture));
    describe("watching", () => describeWatching(fixture));
    describe("updating", () => describeUpdating(fixture));
    describe("patching", () => describePatching(fixture));
    describe("applying", () => describeApplying(fixture));
    describe("deleting", () => describeDeleting(fixture));
    describe("garbage collection", () => describeCollecting(fixture));
    describe("reviews", () => describeReviewing(fixture));
    describe("kinds that are built in", () => describeBuiltInKinds(fixture));
  });
}
