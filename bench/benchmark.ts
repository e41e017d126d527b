/** "x" is a ratio. */
export type Unit = "us" | "ms" | "s" | "MB" | "x" | "1/s";

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  /** One value for each round. */
  readonly samples: readonly number[];
  /** The most that it should be. Absent: the figure is for orientation. */
  readonly target?: number;
}

/** Something that could not be measured here. */
export interface Missing {
  readonly what: string;
  readonly missing: string;
}

export type Line = Figure | Missing;

/** What a benchmark is given. Each runs in a process of its own. */
export interface BenchmarkContext {
  /** Adds a line to the report. */
  readonly report: (line: Line) => void;
  /** Says something that the figures are to be read with, under the report. */
  readonly note: (text: string) => void;
  /** A folder of its own, removed when it ends. */
  readonly directory: string;
  /** A tenth of the sizes and a few rounds: to see whether everything works. */
  readonly isSmall: boolean;
  /** The kubeconfig of a cluster that may be written to. */
  readonly kubeconfig: string | undefined;
}

export type Benchmark = (context: BenchmarkContext) => Promise<void>;
