import { apiGroup, apiVersion } from "../../engine/model/objects.generated.ts";
import { isPosition, type Position } from "../../engine/model/position.ts";
import type { ActivePolicy } from "../fleet/fleet.ts";
import { packIds, unpackIds } from "../fleet/sidecar-id.ts";
import type { KubeObject, Resource } from "../kube/kube-api.ts";
import type { DomainReport, Laggard, ReplicaReport, SidecarGroup } from "./replica-report.ts";

export const deliveryReportResource: Resource = {
  group: apiGroup,
  version: "v1alpha1",
  plural: "deliveryreports",
  kind: "DeliveryReport",
};

/** The fields of a DeliveryReport besides its metadata. */
export interface ReportBody {
  readonly position: Position;
  readonly sidecars: number;
  readonly domains: readonly DomainBody[];
}

interface DomainBody {
  readonly domain: string;
  readonly published: ActivePolicy;
  readonly staleSeconds: number;
  readonly groups?: readonly GroupBody[];
  readonly departed?: string;
  readonly laggards?: readonly LaggardBody[];
}

interface GroupBody {
  readonly active?: ActivePolicy;
  readonly pushing?: boolean;
  readonly count: number;
  readonly connected?: string;
  readonly lost?: string;
}

interface LaggardBody {
  readonly id: string;
  readonly sidecar: string;
  readonly revision?: string;
  readonly since: number;
  readonly refused?: string;
}

/** What a replica says, as its DeliveryReport has it. 1,000 sidecars that have the same take some 11 KB. */
export function encodeReport({ position, domains }: ReplicaReport): ReportBody {
  const bodies = [...domains].map(([domain, report]) => encodeDomain(domain, report));
  const counts = bodies.flatMap(({ groups = [] }) => groups.map(({ count }) => count));
  return { position, sidecars: counts.reduce((sum, count) => sum + count, 0), domains: bodies };
}

/** A DeliveryReport to be created. */
export function reportObject(namespace: string, report: ReplicaReport): KubeObject {
  const metadata = { namespace, name: report.replica };
  return { apiVersion, kind: "DeliveryReport", metadata, ...encodeReport(report) };
}

/** What a DeliveryReport says. Only replicas write them; what is not in their form counts as not being there. */
export function decodeReport(object: KubeObject): ReplicaReport | undefined {
  const { position, domains } = object as unknown as Partial<ReportBody>;
  if (position === undefined || !isPosition(position) || !Array.isArray(domains)) return undefined;
  const bodies = domains as readonly DomainBody[];
  return {
    replica: object.metadata.name,
    position,
    domains: new Map(bodies.map((body) => [body.domain, decodeDomain(body)])),
  };
}

function encodeDomain(domain: string, report: DomainReport): DomainBody {
  const { published, staleSeconds, groups, departed, laggards } = report;
  return {
    ...{ domain, published, staleSeconds },
    ...(groups.length > 0 && { groups: groups.map(encodeGroup) }),
    ...(departed.length > 0 && { departed: packIds(departed) }),
    ...(laggards.length > 0 && { laggards: laggards.map(encodeLaggard) }),
  };
}

function decodeDomain(body: DomainBody): DomainReport {
  const { published, staleSeconds, groups = [], departed = "", laggards = [] } = body;
  return {
    ...{ published, staleSeconds },
    groups: groups.map(decodeGroup),
    departed: unpackIds(departed),
    laggards: laggards.map(decodeLaggard),
  };
}

function encodeGroup({ active, isSettled, connected, lost }: SidecarGroup): GroupBody {
  return {
    ...(active && { active: { revision: active.revision, epoch: active.epoch, position: active.position } }),
    ...(!isSettled && { pushing: true }),
    count: connected.length,
    ...(connected.length > 0 && { connected: packIds(connected) }),
    ...(lost.length > 0 && { lost: packIds(lost) }),
  };
}

function decodeGroup({ active, pushing = false, connected = "", lost = "" }: GroupBody): SidecarGroup {
  return { active, isSettled: !pushing, connected: unpackIds(connected), lost: unpackIds(lost) };
}

function encodeLaggard({ id, sidecar, revision, since, refused }: Laggard): LaggardBody {
  return {
    ...{ id: packIds([id]), sidecar, since },
    ...(revision !== "" && { revision }),
    ...(refused !== undefined && { refused }),
  };
}

function decodeLaggard({ id, sidecar, revision = "", since, refused }: LaggardBody): Laggard {
  const [unpacked = ""] = unpackIds(id);
  return { id: unpacked, sidecar, revision, since, refused };
}
