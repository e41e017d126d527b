import { Option } from "commander";
import { collect } from "../options.ts";

/** The options by which a sidecar finds and knows the operator. */
export function operatorAccessOptions(): Option[] {
  return [
    new Option(
      "--operator <address>",
      "an operator's HOST:PORT, of which all addresses are tried, or unix:PATH (repeatable)",
    )
      .argParser(collect)
      .env("SIDEGATE_OPERATOR")
      .makeOptionMandatory(),
    new Option("--ca <file>", "the authorities (PEM) that vouch for the operator; default: plain text").env(
      "SIDEGATE_CA",
    ),
    new Option(
      "--server-name <name>",
      "with --ca: the name in the operator's certificate; default: the host of --operator",
    ).env("SIDEGATE_SERVER_NAME"),
    new Option(
      "--token-file <file>",
      "with --ca: this pod's token for the operator, audience sidegate.dev/operator",
    ).env("SIDEGATE_TOKEN_FILE"),
    new Option(
      "--policy-keys <file>",
      "take only policies that one of these keys (JWKS) has signed; default: whatever comes",
    ).env("SIDEGATE_POLICY_KEYS"),
  ];
}
