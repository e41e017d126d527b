import type { Policy } from "../../engine/policy/policy.ts";
import { formatAddress } from "../../host/address.ts";
import type { FolderReport } from "../../operator/source/folder/folder-source.ts";
import type { CliContext } from "../cli-context.ts";
import { countOf, formatProblems } from "../folder/broken-folder.ts";
import { type Finding, findFindings, formatFinding } from "../lint/find-findings.ts";
import { findQuestions, type Question } from "./find-questions.ts";
import { type Dev, domainsOf, type Loaded } from "./start-dev.ts";

const MOST_PROBLEMS = 10;

/** What `sidegate dev` says on the terminal: where it listens, what to try, and what became of each change. */
export class DevConsole {
  readonly #folder: string;
  readonly #context: CliContext;
  #dev: Dev | undefined;
  /** The last good load, and when it was reported (monotonic). */
  #loaded: { report: Loaded; at: number } | undefined;
  #isGreeted = false;
  #isBroken = false;
  /** What was said last about objects that do not work, to say it once. */
  #findings = "";
  #foreign = "";

  constructor(folder: string, context: CliContext) {
    this.#folder = folder;
    this.#context = context;
  }

  /** The folder was read. */
  report(report: FolderReport): void {
    if (report.outcome === "Broken") {
      const { problems, problemCount, hasPolicy } = report;
      this.#isBroken = true;
      const consequence = hasPolicy
        ? "the policy before goes on answering"
        : "there is no policy until they are mended";
      this.#say(
        `${countOf(problemCount, "problem")}; ${consequence}\n${indent(formatProblems(problems, problemCount, MOST_PROBLEMS))}`,
      );
      return;
    }
    this.#loaded = { report, at: this.#context.clock.now() };
    if (this.#isGreeted) this.#followUp(report, this.#loaded.at);
    else this.#greetWhenReady();
  }

  /** The sidecar answers. */
  attach(dev: Dev): void {
    this.#dev = dev;
    const { print, version } = this.#context;
    const addresses = dev.sidecar.addresses.map((address) => `  ${formatAddress(address)}\n`).join("");
    print(`Sidegate ${version} answers at\n${addresses}\n`);
    dev.sidecar.snapshots.subscribe(() => this.#greetWhenReady());
    this.#greetWhenReady();
  }

  /** Greets once, when the sidecar has what was loaded. */
  #greetWhenReady(): void {
    const dev = this.#dev;
    const loaded = this.#loaded;
    if (this.#isGreeted || dev === undefined || loaded === undefined) return;
    const { report } = loaded;
    const isEmpty = report.manifests.size === 0;
    if (!isEmpty && !dev.domains.every((domain) => hasReached(dev.sidecar.snapshots.get(domain), report)))
      return;
    this.#isGreeted = true;
    this.#isBroken = false;
    const { print, command } = this.#context;
    const domains =
      dev.domains.length === 1 ? `domain ${dev.domains[0]}` : `domains ${dev.domains.join(", ")}`;
    print(`${this.#folder}: ${countOf(report.manifests.size, "manifest")}, ${domains}\n`);
    if (isEmpty) print("  There are no manifests yet, so there are no decisions either.\n");
    this.#sayForeign(report);
    const questions = this.#questions(dev, report);
    if (questions !== "") print(`\nTry:\n${questions}`);
    print(`\nSave a manifest and ask again. Ctrl-C ends ${command.replace("npx ", "")}.\n\n`);
    void this.#sayFindings(report);
  }

  #questions(dev: Dev, report: Loaded): string {
    const { clock, command } = this.#context;
    const [domain] = dev.domains;
    const world = report.worlds.get(domain as string);
    const policy = dev.sidecar.snapshots.get(domain as string);
    if (world === undefined || policy === undefined) return "";
    const first = dev.sidecar.addresses[0];
    const address = first === undefined ? "" : formatAddress(first);
    const options = [
      ...(address === "127.0.0.1:7430" ? [] : [`--address ${address}`]),
      ...(dev.domains.length === 1 ? [] : [`--domain ${domain}`]),
    ];
    const questions = findQuestions(world, policy, clock.wallTime());
    const lines = questions.map((question) => formatQuestion(`${command} check`, question, options));
    const [any] = questions;
    // Where nobody is allowed by name, groups or tokens are what is bound, and a list shows them.
    if (any !== undefined && !questions.some(({ outcome }) => outcome === "Allowed"))
      lines.push(
        `  ${[command, "list subjects", `--scope ${any.scope}`, ...options, any.permission].join(" ")}\n    # the groups and tokens that may, if any\n`,
      );
    return lines.join("");
  }

  /** Says what a later load changed, once the sidecar answers by it. */
  #followUp(report: Loaded, at: number): void {
    const { clock } = this.#context;
    const changes = countOf(report.put + report.removed, "change");
    const wasBroken = this.#isBroken;
    this.#isBroken = false;
    this.#sayForeign(report);
    if (report.put + report.removed === 0) {
      this.#say(wasBroken ? "Mended; nothing else changed\n" : "Nothing changed but the text\n");
      void this.#sayFindings(report);
    } else {
      this.#whenEffective(report, () => {
        const ms = Math.round(report.ms + clock.now() - at);
        this.#say(
          `${wasBroken ? "Mended: " : ""}${changes}, in effect after ${ms} ms (AccessRoleBinding:${report.resourceVersion})\n`,
        );
        void this.#sayFindings(report);
      });
    }
    const unserved = domainsOf(report, "").filter(
      (domain) => domain !== "" && !this.#dev?.domains.includes(domain),
    );
    if (unserved.length > 0) this.#say(`Start again to serve the new domains ${unserved.join(", ")}\n`);
  }

  #whenEffective(report: Loaded, then: () => void): void {
    const { snapshots } = (this.#dev as Dev).sidecar;
    const isEffective = () =>
      [...report.domains].every(
        (domain) => !this.#dev?.domains.includes(domain) || hasReached(snapshots.get(domain), report),
      );
    if (isEffective()) {
      then();
      return;
    }
    const end = snapshots.subscribe(() => {
      if (!isEffective()) return;
      end();
      then();
    });
  }

  async #sayFindings(report: Loaded): Promise<void> {
    const { findings } = await findFindings(
      this.#folder,
      report.manifests,
      report.worlds,
      MOST_PROBLEMS,
      nextTurn,
    );
    // A later load has its own.
    if (this.#loaded?.report !== report) return;
    const text = findings.map((finding: Finding) => `${formatFinding(finding)}\n`).join("");
    if (text === this.#findings) return;
    this.#findings = text;
    this.#say(
      text === ""
        ? "All manifests work as they are written\n"
        : `Loaded, but these do not work as written:\n${indent(text)}`,
    );
  }

  #sayForeign({ foreign }: Loaded): void {
    const shown = foreign.slice(0, MOST_PROBLEMS).map(({ what, file, line }) => `${what} (${file}:${line})`);
    const text = shown.join(", ") + (foreign.length > shown.length ? ", ..." : "");
    if (text !== this.#foreign && text !== "")
      this.#context.print(`  Left out, of other API groups: ${text}\n`);
    this.#foreign = text;
  }

  #say(text: string): void {
    const time = new Date(this.#context.clock.wallTime()).toISOString().slice(11, 19);
    this.#context.print(`${time}  ${text}`);
  }
}

function hasReached(policy: Policy | undefined, { resourceVersion }: Loaded): boolean {
  return BigInt(policy?.position.AccessRoleBinding ?? "0") >= BigInt(resourceVersion);
}

function formatQuestion(check: string, question: Question, options: readonly string[]): string {
  const { subject, scope, permission, outcome, disclosure } = question;
  const answer = outcome === "Allowed" ? "allow" : `deny: ${outcome}, ${disclosure}`;
  const words = [check, `--subject user:${quote(subject)}`, `--scope ${scope}`, ...options, permission];
  return `  ${words.join(" ")}\n    # ${answer}\n`;
}

/** A word as the shell takes it. */
function quote(word: string): string {
  return /^[-\w.@:/]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
