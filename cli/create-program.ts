import { Command } from "commander";
import { canGrantCommand } from "./can-grant/can-grant-command.ts";
import { checkCommand } from "./check/check-command.ts";
import type { CliContext } from "./cli-context.ts";
import { devCommand } from "./dev/dev-command.ts";
import { diffCommand } from "./diff/diff-command.ts";
import { explainCommand } from "./explain/explain-command.ts";
import { fleetCommand } from "./fleet/fleet-command.ts";
import { lintCommand } from "./lint/lint-command.ts";
import { listCommand } from "./list/list-command.ts";
import { matrixCommand } from "./matrix/matrix-command.ts";
import { nodeCommand } from "./node/node-command.ts";
import { operatorCommand } from "./operator/operator-command.ts";
import { testCommand } from "./policy-test/test-command.ts";
import { sidecarCommand } from "./sidecar/sidecar-command.ts";

import { uninstallCommand } from "./uninstall/uninstall-command.ts";

/** The whole command line. Its commands reject with a SidegateError or a CommanderError for what the user can mend. */
export function createProgram(context: CliContext): Command {
  const program = new Command("sidegate")
    .description("Authorization for Kubernetes: roles and bindings as resources, decisions from a sidecar.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({
      writeOut: context.print,
      writeErr: context.complain,
      // Errors are reported where they are caught, so that all look alike.
      outputError: () => {},
    })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText("after", help(context.command));
  devCommand(program, context);
  checkCommand(program, context);
  explainCommand(program, context);
  canGrantCommand(program, context);
  listCommand(program, context);
  lintCommand(program, context);
  matrixCommand(program, context);
  testCommand(program, context);
  diffCommand(program, context);
  fleetCommand(program, context);
  operatorCommand(program, context);
  sidecarCommand(program, context);
  nodeCommand(program, context);
  uninstallCommand(program, context);
  return program;
}

function help(command: string): string {
  return `
Start here:
  ${command} dev presets/redox         a policy from a folder, decisions on a port
  ${command} check --help              ask for a decision
  ${command} lint presets/redox        check a folder of manifests

Every command exits with 0 for yes, 1 for no (denied, problems found) and 2 if it could not
tell. Errors have a code (SG1003) that docs/reference/errors.md explains.
`;
}
