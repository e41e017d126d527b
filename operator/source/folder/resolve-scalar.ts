/**
 * What a plain (unquoted) YAML scalar means to kubectl, which reads YAML 1.1 as go-yaml does: `yes`, `on` and `y` are
 * booleans, `010` is eight, `1_000` a thousand; dates and sexagesimal numbers are strings. Manifests are read by the same
 * rules with and without a cluster, so that neither takes what the other refuses.
 */

const NULL = /^(?:~|null|Null|NULL)?$/;
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
/** Longest word that is not a string: "false". */
const LONGEST_WORD = 5;
const BASED_INTEGER = /^([-+]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|[oO]?([0-7]+))$/;
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** The first character of everything that may be a number. */
const NUMERIC_START = /^[-+.0-9]/;

/** The value of a plain scalar, without surrounding white space. Infinity and NaN stay strings: JSON has neither. */
export function resolvePlainScalar(text: string): string | number | boolean | null {
  if (NUMERIC_START.test(text)) return resolveNumber(text) ?? text;
  if (text.length > LONGEST_WORD) return text;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  return NULL.test(text) ? null : text;
}

function resolveNumber(text: string): number | undefined {
  const digits = text.startsWith(".") ? text : text.replaceAll("_", "");
  const based = BASED_INTEGER.exec(digits);
  if (based !== null) {
    const [, sign, hexadecimal, hexadecimalDigits, binary, binaryDigits, octalDigits] = based;
    const magnitude = hexadecimal
      ? Number.parseInt(hexadecimalDigits as string, 16)
      : binary
        ? Number.parseInt(binaryDigits as string, 2)
        : Number.parseInt(octalDigits as string, 8);
    return sign === "-" && magnitude !== 0 ? -magnitude : magnitude;
  }
  if (!DECIMAL.test(digits)) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return Object.is(value, -0) ? 0 : value;
}
