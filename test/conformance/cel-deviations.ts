/** Why conditions differ from the conformance data on purpose or by what the library reads, by the tests' names. */
export const celDeviations: readonly { readonly reason: string; readonly tests: readonly string[] }[] = [
  {
    reason:
      "An unknown variable or function is a mistake that is found when a condition is written, not an error for `||` to absorb.",
    tests: [
      "basic/variables/unbound_is_runtime_error",
      "basic/functions/unbound_is_runtime_error",
      ...[
        ...["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"],
        ...["namespace", "package", "return", "var", "void", "while"],
      ].map((word) => `parse/receiver_function_names/${word}`),
    ],
  },
  {
    reason:
      "The library takes a character beyond ASCII in bytes for one byte, so it is refused: write it as escapes.",
    tests: [
      "basic/self_eval_nonzeroish/self_eval_bytes_escape",
      "comparisons/eq_literal/eq_bytes",
      "comparisons/ne_literal/ne_bytes",
      "comparisons/ne_literal/not_ne_bytes",
      "comparisons/lt_literal/not_lt_bytes_width",
    ],
  },
  {
    reason: "The library reads no bytes that are raw, as in `br'…'`.",
    tests: ["raw", "upper_raw"].flatMap((raw) =>
      ["single", "double", "triple_single", "triple_double"].map(
        (quotes) => `parse/bytes_literals/${raw}_${quotes}_quoted_escapes`,
      ),
    ),
  },
  {
    reason:
      'The library reads no fields in back quotes; write `a["x-y"]`, or `"x-y" in a` instead of `has()`.',
    tests: ["field_access_slash", "field_access_dash", "field_access_dot"]
      .concat("has_field_slash", "has_field_dash", "has_field_dot")
      .map((name) => `fields/quoted_map_fields/${name}`),
  },
  {
    reason: "The library reads no number that begins with its point; write `0.99`.",
    tests: ["comparisons/gt_literal/not_gt_double"],
  },
  {
    reason:
      "The library takes a duration and a timestamp for a duration; write the timestamp first, `now + duration('1h')`.",
    tests: ["timestamps/timestamp_arithmetic/add_time_to_duration"],
  },
  {
    reason: "The library does not know the type of the elements of an empty list that stands in the source.",
    tests: [
      "macros/all/list_empty",
      "type_deductions/flexible_type_parameter_assignment/list_parameter",
      "type_deductions/flexible_type_parameter_assignment/list_parameter_order_independent",
      "type_deductions/flexible_type_parameter_assignment/unconstrained_type_var_as_dyn",
    ],
  },
];
