import { readFileSync } from "node:fs";
import { beforeAll, describe } from "vitest";
import { describeEffective } from "../operator/effective-behaviour.ts";
import { describeGuard } from "../operator/guard-behaviour.ts";
import { describeKeyKeeping } from "../operator/key-behaviour.ts";
import { describeOperator } from "../operator/operator-behaviour.ts";
import { describeReplicas } from "../operator/replica-behaviour.ts";
import { ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";

const path = process.env.KUBECONFIG;
let kubeconfig: string;

beforeAll(async () => {
  if (path === undefined) throw new Error("KUBECONFIG must name a cluster to test with");
  await applyCrds(new ApiServer(path));
  kubeconfig = readFileSync(path, "utf8");
});

describe("an operator on a real API server", () => {
  describeOperator(() => kubeconfig);
  describeKeyKeeping(() => kubeconfig);
  describeGuard(() => kubeconfig);
  describeReplicas(() => kubeconfig);
  describeEffective(() => kubeconfig);
});
