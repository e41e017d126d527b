/** Powers of the suffixes that Kubernetes' quantities may have. */
const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const QUANTITY = /^([0-9]+(?:\.[0-9]+)?)(m|[kMGT]|[KMGT]i)?$/;

/**
 * A quantity of Kubernetes ("100m", "64Mi") as a number; undefined for what is none, or is not above zero. The forms with
 * exponents and suffixes from P on are left out: nothing that is asked for here is so large.
 */
export function readQuantity(text: string): number | undefined {
  const [, digits, suffix = ""] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits) * (SUFFIXES[suffix] as number);
  return value > 0 ? value : undefined;
}
