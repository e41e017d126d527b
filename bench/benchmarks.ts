import type { Benchmark } from "./benchmark.ts";

interface Entry {
  readonly name: string;
  readonly title: string;
  /** Imported only in the process that runs it. */
  readonly load: () => Promise<Benchmark>;
}

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Entry[] = [
  {
    name: "decide",
    title: "One decision in process",
    load: async () => (await import("./decide.ts")).measureDecide,
  },
  {
    name: "condition",
    title: "One decision in process, with a condition",
    load: async () => (await import("./decide-condition.ts")).measureCondition,
  },
  {
    name: "token",
    title: "One decision in process, with a token",
    load: async () => (await import("./decide-token.ts")).measureToken,
  },
  {
    name: "answers",
    title: "Lists, explanations and delegation in process",
    load: async () => (await import("./answers.ts")).measureAnswers,
  },
  {
    name: "diff",
    title: "The difference of two policies",
    load: async () => (await import("./diff.ts")).measureDiff,
  },
  {
    name: "check-latency",
    title: "Unary Check over gRPC, one at a time",
    load: async () => (await import("./check-latency.ts")).measureCheckLatency,
  },
  {
    name: "check-throughput",
    title: "Unary Check over gRPC, 50 in flight",
    load: async () => (await import("./check-throughput.ts")).measureCheckThroughput,
  },
  {
    name: "start",
    title: "Start until the first right answer",
    load: async () => (await import("./start.ts")).measureStart,
  },
  {
    name: "memory",
    title: "Memory of a sidecar",
    load: async () => (await import("./memory.ts")).measureMemory,
  },
  {
    name: "on-demand",
    title: "A sidecar that loads organizations on demand",
    load: async () => (await import("./on-demand.ts")).measureOnDemand,
  },
  {
    name: "change",
    title: "One binding changed",
    load: async () => (await import("./change.ts")).measureChange,
  },
  {
    name: "propagation",
    title: "Change until the sidecar answers by it",
    load: async () => (await import("./propagation.ts")).measurePropagation,
  },
  {
    name: "effective",
    title: "Change until it is effective, on an API server",
    load: async () => (await import("./effective.ts")).measureEffective,
  },
  {
    name: "fleet",
    title: "An installed operator and a thousand sidecars",
    load: async () => (await import("./fleet.ts")).measureFleet,
  },
  {
    name: "scale",
    title: "A domain on an API server",
    load: async () => (await import("./scale.ts")).measureScale,
  },
];
