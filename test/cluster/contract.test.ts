import { readFile } from "node:fs/promises";
import { describeApiServerContract } from "../contract/describe-contract.ts";
import { ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";

describeApiServerContract("the API server of the cluster", async () => {
  const path = process.env.KUBECONFIG;
  if (path === undefined) throw new Error("KUBECONFIG must name a cluster to test with");
  await applyCrds(new ApiServer(path));
  return readFile(path, "utf8");
});
