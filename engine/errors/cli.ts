import { defineErrors } from "./define.ts";

/** The command line: SG5000 to SG5999. */
export const cliErrors = defineErrors({
  SG5001: {
    reason: "UsageError",
    cause: "The command line has an argument or option that it does not take, or lacks one.",
    remedy: "See `sidegate COMMAND --help`.",
  },
  SG5002: {
    reason: "NodeMissing",
    cause: "Sidegate needs Node 24 or newer and finds none.",
    remedy: "Run `npm install` in Sidegate's folder, which brings one, or put a newer Node on the PATH.",
  },
  SG5003: {
    reason: "SidecarUnreachable",
    cause: "No sidecar answers at the address.",
    remedy:
      "Start one (`sidegate dev FOLDER` or `sidegate sidecar`), or name its address with --address or SIDEGATE_ADDRESS.",
  },
  SG5004: {
    reason: "CheckFailed",
    cause: "The sidecar ended the check in a way that this command does not know.",
    remedy: "Compare the versions of the command and the sidecar, and see the sidecar's log.",
  },
  SG5005: {
    reason: "BrokenFolder",
    cause: "The folder has manifests that are broken, so there is no policy to decide by.",
    remedy: "Mend what is listed; `sidegate lint FOLDER` checks the folder again.",
  },
  SG5006: {
    reason: "UnknownDomain",
    cause:
      "The folder has no objects of the domain, or objects of several domains and the command names none.",
    remedy: "Name one of the domains in the message with --domain.",
  },
  SG5007: {
    reason: "UnsafeDirectory",
    cause: "The directory for this user's sockets belongs to somebody else or is open to others.",
    remedy: "Remove it, or set XDG_RUNTIME_DIR to a directory of your own.",
  },
  SG5010: {
    reason: "BrokenCaseFile",
    cause:
      "A case file is no YAML, does not fit the format, or names objects, keys or policies that are not there.",
    remedy: "Correct what the message names; docs/reference/cases.md explains the format.",
  },
  SG5011: {
    reason: "ReportNotWritten",
    cause: "The file for the report can not be written.",
    remedy: "Name a file in a folder that exists and may be written to.",
  },
  SG5020: {
    reason: "UnreadableToken",
    cause: "The file that should hold a token is not there, may not be read, or is empty.",
    remedy:
      "Write the token, and nothing else, into the file, or send it to standard input with --token-file -.",
  },
  SG5030: {
    reason: "PodUnreachable",
    cause: "A port of a pod can not be reached through the API server.",
    remedy:
      "Look whether the pod runs and has the container that is asked (kubectl describe pod), and whether your account may create pods/portforward in its namespace.",
  },
  SG5031: {
    reason: "NoOperator",
    cause: "No operator runs in the namespace that was named.",
    remedy: "Name the namespace that Sidegate is installed in with --operator-namespace.",
  },
  SG5032: {
    reason: "OperatorUnreachable",
    cause: "An operator does not answer administrators.",
    remedy: "Look whether it runs, and whether it was started with --admin.",
  },
  SG5033: {
    reason: "OperatorRuns",
    cause: "An operator still runs, and would put back what is to be let go.",
    remedy: "Uninstall it first (helm uninstall sidegate -n sidegate-system), or say --force.",
  },
  SG5900: {
    reason: "Defect",
    cause: "The command met something that it was not made for.",
    remedy: "Report it together with the text that follows.",
  },
});
