import { expect, it } from "vitest";
import { formatMetrics } from "./format-metrics.ts";

it("writes metrics as Prometheus reads them", () => {
  const text = formatMetrics([
    {
      name: "age_seconds",
      help: "How old.",
      type: "gauge",
      samples: [{ labels: { domain: 'a"b\\c\nd' }, value: Infinity }],
    },
    { name: "checks_total", help: "How many.", type: "counter", samples: [{ value: 1.5 }] },
  ]);
  expect(text).toBe(
    [
      "# HELP age_seconds How old.",
      "# TYPE age_seconds gauge",
      'age_seconds{domain="a\\"b\\\\c\\nd"} +Inf',
      "# HELP checks_total How many.",
      "# TYPE checks_total counter",
      "checks_total 1.5",
      "",
    ].join("\n"),
  );
});
